"""ToString: every value as text, with and without a format."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from . import types as t
from .json_text import dumps
from .json_tokens import Token, Value
from .numbers import decimal_text, double_text, formatted, single_text
from .time_text import date_time_text, offset_text, span_text
from .times import DateTime, DateTimeOffset, TimeSpan
from .values import Anonymous, EnumValue, Pair, Single, enum_name, type_of


def to_string(value: Any) -> str:
    """`value.ToString()` of any object; null becomes the empty string, as it does in concatenations."""
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, EnumValue):
        return enum_name(value.type, value)
    if isinstance(value, Token):
        return token_text(value)
    text = getattr(value, "net_string", None)
    if text is not None:
        return text()
    if isinstance(value, (int, str)):
        return int.__repr__(value) if isinstance(value, int) else str(value)
    return _type_text(type_of(value))


def token_text(token: Token) -> str:
    """JToken.ToString(): a value bare, everything else as indented JSON."""
    return to_string(token.value) if isinstance(token, Value) else dumps(token, indented=True)


def _type_text(type: t.Type) -> str:
    """What object.ToString() says: the type's name as the run-time writes it."""
    if type.name == "[]":
        return f"{_type_text(type.args[0])}[]"
    name = t.full_name(t.make(type.name))
    if not type.args:
        return name
    return f"{name}`{len(type.args)}[{','.join(map(_type_text, type.args))}]"


def _anonymous_text(value: Anonymous) -> str:
    pairs = zip(value.types, value.values, strict=True)
    return "{ " + ", ".join(f"{name} = {to_string(part)}" for name, part in pairs) + " }"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    int: int.__repr__,
    bool: lambda value: "True" if value else "False",
    type(None): lambda _value: "",
    float: double_text,
    Single: single_text,
    Decimal: decimal_text,
    DateTime: date_time_text,
    DateTimeOffset: offset_text,
    TimeSpan: span_text,
    Pair: lambda value: f"[{to_string(value.key)}, {to_string(value.value)}]",
    Anonymous: _anonymous_text,
}


def stringer(type: t.Type) -> Callable[[Any], str]:
    """`ToString()` for values of a static type, unboxed; null is the empty string."""
    if type is t.STRING:
        return lambda value: "" if value is None else value
    if type is t.CHAR:
        return str
    if type in t.INTEGERS:
        return int.__repr__
    if type is t.FLOAT:
        return single_text
    if t.is_enum(type):
        return lambda value: enum_name(type, value)
    if type.name == "?":
        inner = stringer(type.args[0])
        return lambda value: "" if value is None else inner(value)
    return to_string


def format_value(value: Any, pattern: str | None) -> str:
    """`value.ToString(pattern)` of an object, as string.Format does it; a value without formats ignores the pattern."""
    if isinstance(value, Value):
        value = value.value
    if not pattern or isinstance(value, (bool, str)) or value is None:
        return to_string(value)
    match value:
        case EnumValue():
            return str(int(value)) if pattern in "dD" else to_string(value)
        case int():
            return formatted(value, pattern, t.INTEGERS[type_of(value)])
        case float() | Decimal():
            return formatted(value, pattern)
        case DateTime():
            return date_time_text(value, pattern)
        case DateTimeOffset():
            return offset_text(value, pattern)
        case TimeSpan():
            return span_text(value, pattern)
    special = getattr(value, "net_format", None)
    return special(pattern) if special else to_string(value)
