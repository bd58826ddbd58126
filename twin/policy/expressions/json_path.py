"""SelectToken: JSONPath as Newtonsoft knows it."""

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from .errors import Thrown
from .json_tokens import Items, Object, Property, Token, Value

Step = Callable[[Token], Iterator[Token]]

_NAME = re.compile(r"\.\.(?P<deep>[^.\[\]]+)|\.?(?P<name>[^.\[\]]+)")
_INDEX = re.compile(
    r"(?P<index>-?\d+)|(?P<start>-?\d*):(?P<end>-?\d*)|(?P<all>\*)|'(?P<quoted>[^']*)'|\"(?P<double>[^\"]*)\""
)
_TERM = re.compile(
    r"\s*@(?P<path>[\w.\[\]'\"]*)\s*(?:(?P<op>==|!=|<>|<=|>=|<|>)\s*"
    r"(?P<value>'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?|true|false|null))?\s*"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _bad(path: str, at: int) -> Thrown:
    shown = path[at : at + 1] or "end"
    return Thrown("Newtonsoft.Json.JsonException", f"Unexpected character while parsing path: {shown}")


def select(token: Token, path: str) -> Iterator[Token]:
    """All tokens at a path, in order."""
    found = [token]
    for step in _steps(path):
        found = [after for one in found for after in step(one)]
    yield from found


def _steps(path: str) -> Iterator[Step]:
    position = 1 if path.startswith("$") else 0
    while position < len(path):
        if path[position] == "[":
            end = _closing(path, position)
            yield _bracket(path, path[position + 1 : end].strip())
            position = end + 1
            continue
        match = _NAME.match(path, position)
        if match is None:
            raise _bad(path, position)
        yield _deep(match["deep"]) if match["deep"] else _named(match["name"])
        position = match.end()


def _closing(path: str, start: int) -> int:
    depth, quote = 0, ""
    for position in range(start, len(path)):
        char = path[position]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            depth += (char in "[(") - (char in "])")
            if not depth:
                return position
    raise _bad(path, len(path))


def _bracket(path: str, inner: str) -> Step:
    if inner.startswith("?(") and inner.endswith(")"):
        return _filter(path, inner[2:-1])
    parts = [part.strip() for part in inner.split(",")]
    if len(parts) > 1 and all(_INDEX.fullmatch(part) for part in parts):
        steps = [_bracket(path, part) for part in parts]
        return lambda token: (found for step in steps for found in step(token))
    match = _INDEX.fullmatch(inner)
    if match is None:
        raise _bad(path, path.find(inner))
    if match["all"]:
        return _values
    if match["index"]:
        return _at(int(match["index"]))
    if match["quoted"] is not None or match["double"] is not None:
        return _named(match["quoted"] if match["quoted"] is not None else match["double"])
    ends = [int(end) if end else None for end in (match["start"], match["end"])]
    return lambda token: iter(list(token.children())[slice(*ends)] if isinstance(token, Items) else ())


def _named(name: str) -> Step:
    if name == "*":
        return _values

    def step(token: Token) -> Iterator[Token]:
        if isinstance(token, Object) and (found := token.get(name)) is not None:
            yield found

    return step


def _at(index: int) -> Step:
    def step(token: Token) -> Iterator[Token]:
        if isinstance(token, Items) and 0 <= index < len(token.items):
            yield token.at(index)

    return step


def _values(token: Token) -> Iterator[Token]:
    for one in token.children():
        yield one.value if isinstance(one, Property) else one


def _deep(name: str) -> Step:
    def step(token: Token) -> Iterator[Token]:
        if isinstance(token, Object) and name != "*" and (found := token.get(name)) is not None:
            yield found
        for one in _values(token):
            if name == "*":
                yield one
            yield from step(one)

    return step


def _filter(path: str, text: str) -> Step:
    """`?(@.a == 'b' && @.c)`: those of the children for which one group of tests holds."""
    groups = [[_test(path, term) for term in group.split("&&")] for group in text.split("||")]

    def step(token: Token) -> Iterator[Token]:
        for one in _values(token):
            if any(all(test(one) for test in group) for group in groups):
                yield one

    return step


def _test(path: str, text: str) -> Callable[[Token], bool]:
    match = _TERM.fullmatch(text)
    if match is None:
        raise _bad(path, path.find(text.strip()))
    inner, op, written = match["path"], match["op"], match["value"]
    if op is None:
        return lambda token: next(select(token, inner), None) is not None
    compare, wanted = _COMPARE[op], _literal(written)

    def test(token: Token) -> bool:
        found = next(select(token, inner), None)
        if not isinstance(found, Value) or (
            type(found.value) is not type(wanted) and not _numbers(found.value, wanted)
        ):
            return False
        return compare(found.value, wanted)

    return test


def _numbers(left: object, right: object) -> bool:
    return all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (left, right))


def _literal(text: str) -> Any:
    if text[0] in "'\"":
        return text[1:-1]
    words = {"true": True, "false": False, "null": None}
    return words[text] if text in words else float(text) if "." in text else int(text)


def path_of(token: Token) -> str:
    """JToken.Path."""
    parts: list[str] = []
    one = token
    while (parent := one.parent) is not None:
        if isinstance(parent, Items):
            parts.append(f"[{next(i for i, item in enumerate(parent.items) if item is one)}]")
        elif isinstance(parent, Object):
            parts.append(_member(one))
        one = parent
    return "".join(reversed(parts)).removeprefix(".")


def _member(token: Token) -> str:
    name = token.name if isinstance(token, Property) else token_name(token)
    return f"['{name}']" if re.search(r"[ .\[\]'\"]", name) else f".{name}"


def token_name(token: Token) -> str:
    """The name under which a token stands in its object."""
    parent = token.parent
    assert isinstance(parent, Object)
    return next(name for name, entry in parent.entries.items() if entry is token)
