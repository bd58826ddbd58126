"""Newtonsoft's JSON tokens: a tree that can be changed, whose nodes know their parent.

What was read from a text is wrapped only where somebody looks: a body of a megabyte costs what is asked of it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from . import types as t
from .errors import Thrown, argument, invalid_operation
from .time_text import parse_offset
from .times import LOCAL, UNSPECIFIED, UTC, DateTime, DateTimeOffset, TimeSpan
from .values import Array, NetList, Sequence, type_of

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


class Token:
    """A JToken."""

    __slots__ = ("parent",)
    net_type = t.JTOKEN
    kind = "None"
    parent: "Token | None"

    def children(self) -> Iterator["Token"]:
        return iter(())

    def __iter__(self) -> Iterator["Token"]:
        return self.children()


class Value(Token):
    """A JValue: a .NET value (boxed) and what JSON calls it. Two with the same value are equal, wherever they stand."""

    __slots__ = ("kind", "value")
    net_type = t.JVALUE

    def __init__(self, value: Any, kind: str | None = None) -> None:
        self.parent = None
        self.value = value
        self.kind = kind or kind_of(value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.kind == other.kind and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.kind, self.value))


class Property(Token):
    """A JProperty."""

    __slots__ = ("_value", "name")
    net_type = t.make("JProperty")
    kind = "Property"

    def __init__(self, name: str, content: Any) -> None:
        self.parent = None
        self.name = name
        self._value = adopt(Items(content) if is_multiple(content) else content, self)

    @property
    def value(self) -> Token:
        owner = self.parent
        return owner.get(self.name) or self._value if isinstance(owner, Object) else self._value

    @value.setter
    def value(self, content: Any) -> None:
        if isinstance(self.parent, Object):
            self.parent.set(self.name, content)
        self._value = adopt(content, self)

    def children(self) -> Iterator[Token]:
        yield self.value


class Object(Token):
    """A JObject. Its entries are raw Python values until they are looked at."""

    __slots__ = ("entries",)
    net_type = t.make("JObject")
    kind = "Object"

    def __init__(self, entries: dict[str, Any] | None = None) -> None:
        self.parent = None
        self.entries: dict[str, Any] = {} if entries is None else entries

    def get(self, name: str) -> Token | None:
        entry = self.entries.get(name, _ABSENT)
        if isinstance(entry, Token):
            return entry
        if entry is _ABSENT:
            return None
        token = self.entries[name] = wrapped(entry, self)
        return token

    def set(self, name: str, content: Any) -> None:
        self.entries[name] = adopt(content, self)

    def add(self, name: str, content: Any) -> None:
        if name in self.entries:
            message = f"Can not add property {name} to Newtonsoft.Json.Linq.JObject."
            raise argument(f"{message} Property with the same name already exists on object.")
        self.set(name, content)

    def properties(self) -> Iterator[Property]:
        for name in list(self.entries):
            yield self.property(name)

    def property(self, name: str) -> Property:
        token = self.get(name)
        shown = Property.__new__(Property)
        shown.name, shown.parent, shown._value = name, self, token  # type: ignore[assignment]
        return shown

    def children(self) -> Iterator[Token]:
        return self.properties()


class Items(Token):
    """A JArray."""

    __slots__ = ("items",)
    net_type = t.make("JArray")
    kind = "Array"

    def __init__(self, content: Any = ()) -> None:
        self.parent = None
        self.items: list[Any] = []
        for item in content:
            self.items.append(adopt(item, self))

    @classmethod
    def raw(cls, items: list[Any]) -> "Items":
        """An array as it was read; `items` is kept."""
        made = cls()
        made.items = items
        return made

    def at(self, index: int) -> Token:
        if not 0 <= index < len(self.items):
            message = "Index was out of range. Must be non-negative and less than the size of the collection."
            raise Thrown("System.ArgumentOutOfRangeException", f"{message}\nParameter name: index")
        item = self.items[index]
        if not isinstance(item, Token):
            item = self.items[index] = wrapped(item, self)
        return item

    def put(self, index: int, content: Any) -> None:
        self.at(index)
        self.items[index] = adopt(content, self)

    def children(self) -> Iterator[Token]:
        for index in range(len(self.items)):
            if index >= len(self.items):
                raise invalid_operation("Collection was modified; enumeration operation may not execute.")
            yield self.at(index)


_ABSENT = object()
_KINDS = {
    bool: "Boolean",
    str: "String",
    float: "Float",
    Decimal: "Float",
    DateTime: "Date",
    DateTimeOffset: "Date",
    TimeSpan: "TimeSpan",
    type(None): "Null",
}


def kind_of(value: Any) -> str:
    """What JSON calls a .NET value."""
    kind = _KINDS.get(type(value))
    if kind:
        return kind
    net_type = getattr(type(value), "net_type", None)
    if net_type is t.GUID:
        return "Guid"
    if net_type is not None and net_type.name == "Uri":
        return "Uri"
    if isinstance(value, Array) and value.element is t.BYTE:
        return "Bytes"
    for python, name in ((int, "Integer"), (float, "Float"), (str, "String")):
        if isinstance(value, python):
            return name
    raise argument(f"Could not determine JSON object type for type {_type_name(value)}.")


def _type_name(value: Any) -> str:
    return t.full_name(type_of(value))


def wrapped(raw: Any, parent: Token | None) -> Token:
    """The token of something that was read from a text."""
    if isinstance(raw, dict):
        token: Token = Object(raw)
    elif isinstance(raw, list) and not isinstance(raw, Array):
        token = Items.raw(raw)
    elif isinstance(raw, str) and _ISO_DATE.fullmatch(raw):
        token = _date(raw)
    else:
        token = Value(raw)
    token.parent = parent
    return token


def _date(text: str) -> Value:
    """Newtonsoft takes texts that look like a date for dates."""
    try:
        moment = parse_offset(text)
    except Thrown:
        return Value(text)
    if text.endswith("Z"):
        return Value(DateTime(moment.moment.ticks, UTC))
    if (len(text) > 19 and text[-6] in "+-") or text[-5] in "+-":
        return Value(DateTime(moment.utc_ticks, LOCAL))
    return Value(DateTime(moment.moment.ticks, UNSPECIFIED))


def is_multiple(content: Any) -> bool:
    """Content of several parts: a collection that is no token, text or bytes."""
    if isinstance(content, (NetList, Sequence)):
        return True
    return isinstance(content, Array) and content.element is not t.BYTE


def adopt(content: Any, parent: Token) -> Token:
    """A token for new content; one that already stands somewhere is copied, as Newtonsoft does."""
    token = content if isinstance(content, Token) else Value(content)
    if token.parent is not None:
        token = clone(token)
    token.parent = parent
    return token


def clone(token: Token) -> Token:
    """A deep copy without a parent."""
    if isinstance(token, Object):
        copied = Object()
        for name, entry in token.entries.items():
            copied.entries[name] = _copied(entry, copied)
        return copied
    if isinstance(token, Items):
        items = Items()
        items.items = [_copied(entry, items) for entry in token.items]
        return items
    if isinstance(token, Property):
        return Property(token.name, clone(token.value))
    assert isinstance(token, Value)
    return Value(token.value, token.kind)


def _copied(entry: Any, parent: Token) -> Any:
    if isinstance(entry, Token):
        entry = clone(entry)
        entry.parent = parent
    elif isinstance(entry, dict):
        return {name: _copied(value, parent) for name, value in entry.items()}
    elif isinstance(entry, list):
        return [_copied(value, parent) for value in entry]
    return entry
