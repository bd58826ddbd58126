"""The Python code that C# is compiled to.

Each node of the syntax gives a piece of source, and a whole expression becomes one Python function of a frame, so that
its evaluation takes few calls. What is easier to say in Python itself is a function of a frame, called from the source.

Source is put together from the templates of this package only: what the author of a policy wrote gets into it as the
value of a name, never as text.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from textwrap import indent
from typing import Any

Frame = list[Any]
Run = Callable[[Frame], Any]

ON = object()  # what the function of a statement returns when execution goes on behind it

_DEEPEST = 40  # Python's parser takes 200 brackets and 100 levels of indents; a template has four at most
_numbers = itertools.count()


class Code:
    """A Python expression over `frame`, with the objects that its names stand for.

    `it` is a variable of the function around it, for a value that is used before anything else is evaluated:
    `(it if (it := a) is not None else b)`.
    """

    __slots__ = ("_run", "depth", "names", "text")

    def __init__(self, text: str, names: Mapping[str, object] | None = None, depth: int = 0, run: Run | None = None):
        self.text = text
        self.names = names or {}
        self.depth = depth
        self._run = run

    @property
    def run(self) -> Run:
        """The code as a function."""
        if self._run is None:
            self._run = self._function()
        return self._run

    def _function(self) -> Run:
        return eval(f"lambda frame: {self.text}", dict(self.names))

    @property
    def placed(self) -> "Code":
        """The code as it stands within other code: nested too deeply, it is a call of a function of its own."""
        return self if self.depth < _DEEPEST else called(self.run)


class Continuation(Code):
    """Code that uses the `it` of the code around it, and so has to stay in the same function."""

    __slots__ = ()

    @property
    def placed(self) -> Code:
        return self


class Statement(Code):
    """Python statements over `frame`. They run to their end to go on; else they return BREAK, CONTINUE or a value."""

    __slots__ = ()

    def _function(self) -> Run:
        made = dict(self.names, ON=ON)
        exec(f"def statement(frame):\n{indent(self.text, ' ')}\n return ON", made)
        return made["statement"]  # pyright: ignore[reportReturnType]

    @property
    def placed(self) -> "Statement":
        return self if self.depth < _DEEPEST else called_statement(self.run)

    @property
    def inner(self) -> "Statement":
        """The same, indented: what stands below an `if`."""
        placed = self.placed
        return Statement(indent(placed.text, " "), placed.names, placed.depth)


def code(template: str, *parts: object) -> Code:
    """An expression from a template in which each `{}` stands for a part: code as it is, an object by a name."""
    return Code(*_filled(template, parts))


def statement_code(template: str, *parts: object) -> Statement:
    """Statements from a template, as `code` does it."""
    return Statement(*_filled(template, parts))


def call_code(function: object, *args: Code) -> Code:
    """A call of a function."""
    return code(f"{{}}({_blanks(args)})", function, *args)


def list_code(items: Sequence[Code]) -> Code:
    """A list of what several expressions yield."""
    return code(f"[{_blanks(items)}]", *items)


def _blanks(parts: Sequence[Code]) -> str:
    return ", ".join(["{}"] * len(parts))


def constant_code(value: object) -> Code:
    text = repr(value) if value is None or value.__class__ in (bool, int) else None
    return Code(text, run=lambda _frame: value) if text else code("{}", value)


def called(function: Run) -> Code:
    """A function of the frame as code: a call of it."""
    name = f"f{next(_numbers)}"
    return Code(f"{name}(frame)", {name: function}, 0, function)


def called_statement(function: Run) -> Statement:
    """A function of the frame that does what the functions of statements do."""
    made = statement_code("it = {}(frame)\nif it is not {}: return it", function, ON)
    return Statement(made.text, made.names, 0, function)


def _filled(template: str, parts: tuple[object, ...]) -> tuple[str, dict[str, object], int]:
    texts: list[str] = []
    names: dict[str, object] = {}
    depth = 0
    for part in parts:
        if isinstance(part, Code):
            placed = part.placed
            texts.append(placed.text)
            names.update(placed.names)
            depth = max(depth, placed.depth)
        else:
            name = f"o{next(_numbers)}"
            texts.append(name)
            names[name] = part
    return template.format(*texts), names, depth + 1
