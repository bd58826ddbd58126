"""From an element of a document to a step: the registry of the elements, and what their classes read their settings
from.

To add an element: a file in elements/ with a dataclass whose fields are its settings, a class method `compiled` that
reads them from a Source once, and `run` that acts on a call. Where it may stand and which attributes it has is its row
in catalogue.py; an element that has a row but no class is refused when a policy is PUT.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, TypeVar

from .catalogue import row_of
from .context import Context
from .document import Document, Element, Position
from .expressions import compile_expression
from .expressions.texts import to_string
from .expressions.values import Array
from .formatted import write
from .islands import expression_source
from .place import Place
from .references import NAMED_VALUE
from .row import Row
from .steps import Placed, Step, Steps

T = TypeVar("T")

_NAMES_ANSWER = re.compile(r"\bcontext\s*\.\s*Response\b")

Value = Callable[[Context], T]
"""A setting that may depend on the call: an expression, or a literal that gives itself."""


class Compilable(Protocol):
    @classmethod
    def compiled(cls, source: "Source") -> Step: ...


C = TypeVar("C", bound=type[Compilable])

ELEMENTS: Final[dict[str, type[Compilable]]] = {}
"""Every element that the twin runs, by its tag."""


def element(*tags: str) -> Callable[[C], C]:
    """Declares the class of an element; several tags are several names of the same behaviour."""

    def declare(made: C) -> C:
        for tag in tags:
            if tag in ELEMENTS:
                raise ValueError(f"<{tag}> is declared by both {ELEMENTS[tag].__module__} and {made.__module__}")
            ELEMENTS[tag] = made
        return made

    return declare


@dataclass(frozen=True)
class Surroundings:
    """What a document is compiled in: its scope, the named values and fragments it may refer to.

    `base` are the steps of the scope around it, by section, which stand in place of `<base />`.
    """

    scope: str
    named_values: Mapping[str, str] = field(default_factory=dict)
    fragments: Mapping[str, Element] = field(default_factory=dict)
    base: Mapping[str, Steps] = field(default_factory=dict)


@dataclass
class Source:
    """One element of a document, as its class reads it.

    Policies below it are compiled by `policies`; its other children are Sources of their own, by `children`.
    """

    element: Element
    row: Row | None
    place: Place
    around: Surroundings
    _expressions: list[str] = field(default_factory=list)

    @property
    def tag(self) -> str:
        return self.element.tag

    @property
    def shapes_answer(self) -> bool:
        """Whether it acts on the answer, as transformations do behind the backend, or else on the request."""
        return self.place.section in ("outbound", "on-error")

    @property
    def reads_answer(self) -> bool:
        """Whether an expression of this element (its policies have their own) reads the answer's body."""
        return any(_NAMES_ANSWER.search(source) and "Body" in source for source in self._expressions)

    def has(self, name: str) -> bool:
        return name in self.element.attributes

    def is_computed(self, name: str) -> bool:
        """Whether an attribute is an expression."""
        return expression_source(self.literal(name)) is not None

    def literal(self, name: str, default: str = "") -> str:
        """An attribute in which no expression may stand."""
        value = self.element.get(name)
        return default if value is None else self.filled(value)

    def flag(self, name: str, default: bool) -> bool:
        """A literal attribute that is true or false."""
        return _boolean(self.literal(name, str(default)))

    def text(self, name: str, default: str = "") -> Value[str]:
        return self._value(name, default, str, to_string, None)

    def boolean(self, name: str, default: bool = False) -> Value[bool]:
        return self._value(name, default, _boolean, None, bool)

    def whole(self, name: str, default: int = 0) -> Value[int]:
        return self._value(name, default, int, None, int)

    def number(self, name: str, default: float = 0.0) -> Value[float]:
        return self._value(name, default, float, None, float)

    def anything(self, name: str, default: object = None) -> Value[object]:
        """An attribute whose expression may yield any object; a literal is a text."""
        return self._value(name, default, str, None, None)

    def content(self) -> Value[str]:
        """The text between the element's tags."""
        text = self.filled(self.element.text())
        first = next(self.element.texts(), None)
        return self._compiled(text, first.at if first else self.element.at, str, to_string, None)

    def data(self) -> Value[bytes]:
        """What stands between the element's tags as a body: text or XML in UTF-8, or the bytes of an expression."""
        text = self.filled(
            self.element.text() + "".join(write(Document(one), "xml") for one in self.element.elements())
        )
        first = next(self.element.texts(), None)
        return self._compiled(text, first.at if first else self.element.at, str.encode, _data, None)

    def children(self, *tags: str) -> list["Source"]:
        """The element's own parts of these tags, such as the `when`s of a choose."""
        counts: Counter[str] = Counter()
        found = []
        for child in self.element.elements():
            counts[child.tag] += 1
            if child.tag in tags:
                place = replace(self.place, path=f"{self.place.path}/{child.tag}[{counts[child.tag]}]")
                row = row_of(child.tag, self.row)
                found.append(Source(child, row, place, self.around, self._expressions))
        return found

    def child(self, tag: str) -> "Source | None":
        return next(iter(self.children(tag)), None)

    def policies(self) -> Steps:
        """The policies directly below."""
        return compiled_steps(list(self.element.elements()), self.row, self.place, self.around)

    def inline(self, fragment: Element) -> Steps:
        """The policies of a fragment, as if they stood here."""
        return compiled_steps(list(fragment.elements()), None, self.place, self.around)

    def filled(self, text: str) -> str:
        """The text with named values in place of `{{name}}`; one that is not known stays as it is."""
        return NAMED_VALUE.sub(lambda match: self.around.named_values.get(match[1], match[0]), text)

    def _value(
        self, name: str, default: Any, literal: Callable[[str], T], of: Callable[[Any], T] | None, expects: type | None
    ) -> Value[T]:
        attribute = self.element.attributes.get(name)
        if attribute is None:
            return lambda _context: default
        return self._compiled(self.filled(attribute.value), attribute.value_at, literal, of, expects)

    def _compiled(
        self, text: str, at: Position, literal: Callable[[str], T], of: Callable[[Any], T] | None, expects: type | None
    ) -> Value[T]:
        """`literal` reads a literal, `of` what an expression yields, unless that is what is wanted already."""
        code = expression_source(text)
        if code is None:
            constant = literal(text)
            return lambda _context: constant
        self._expressions.append(code)
        run = compile_expression(code, at.line, at.column, expects=expects).run
        return run if of is None else lambda context: of(run(context))


def compiled_steps(elements: list[Element], parent: Row | None, place: Place, around: Surroundings) -> Steps:
    """Sibling policies as steps. All of them have a class: a policy with another one was refused when it was PUT."""
    counts: Counter[str] = Counter()
    placed: list[Placed] = []
    for one in elements:
        if one.tag == "base":
            placed += around.base.get(place.section, Steps()).placed
            continue
        counts[one.tag] += 1
        placed.append(_placed(one, parent, counts[one.tag], place, around))
    return Steps(tuple(placed))


def _placed(one: Element, parent: Row | None, number: int, place: Place, around: Surroundings) -> Placed:
    path = f"{place.path}/" if place.path else ""
    here = Place(
        one.tag,
        around.scope,
        place.section,
        f"{path}{one.tag}[{number}]",
        one.get("id") or "",
        one.at.line,
        one.at.column,
    )
    source = Source(one, row_of(one.tag, parent), here, around)
    step = ELEMENTS[one.tag].compiled(source)
    return Placed(here, step, source.reads_answer)


def _data(value: object) -> bytes:
    return bytes(value) if isinstance(value, Array) else to_string(value).encode()


def _boolean(text: str) -> bool:
    return text.strip().lower() in ("true", "1")
