"""What a JToken becomes: by a cast, by Value<T>() and by ToObject<T>(). Results are unboxed."""

import re
from collections.abc import Callable
from typing import Any

from . import types as t
from .change import DEFAULTS, change
from .dictionaries import Dictionary
from .errors import Thrown, argument, argument_null, invalid_cast
from .guids import EMPTY, Guid, parse_guid
from .json_text import dumps, parse
from .json_tokens import Items, Object, Property, Token, Value
from .texts import to_string
from .time_text import parse_offset, parse_span
from .times import DateTime, DateTimeOffset, TimeSpan, at_offset
from .values import Array, NetList, boxer, is_instance, unboxer

_CASTABLE = frozenset({t.STRING, t.BOOL, t.DATE_TIME, t.DATE_TIME_OFFSET, t.GUID, t.TIME_SPAN, *t.NUMBERS})
_FROM = {
    t.STRING: {"Date", "Integer", "Float", "String", "Boolean", "Guid", "TimeSpan", "Uri", "Null"},
    t.BOOL: {"Integer", "Float", "String", "Boolean"},
    t.DATE_TIME: {"Date", "String"},
    t.DATE_TIME_OFFSET: {"Date", "String"},
    t.GUID: {"String", "Guid"},
    t.TIME_SPAN: {"String", "TimeSpan"},
    **{number: {"Integer", "Float", "String", "Boolean"} for number in t.NUMBERS},
}


def default_of(type: t.Type) -> Any:
    """`default(T)`, unboxed."""
    if type in DEFAULTS:
        return DEFAULTS[type]
    if t.is_enum(type):
        return 0
    empties = {t.DATE_TIME: DateTime(0), t.TIME_SPAN: TimeSpan(0), t.GUID: EMPTY}
    if type is t.DATE_TIME_OFFSET:
        return DateTimeOffset(DateTime(0), 0)
    return empties.get(type)


def from_token(target: t.Type) -> Callable[[Any], Any] | None:
    """The explicit operator `(T)token`; None where JToken has none."""
    wanted = target.args[0] if target.name == "?" else target
    if wanted not in _CASTABLE:
        return None
    is_value = target is wanted and t.is_value_type(target)

    def cast(token: Token | None) -> Any:
        if token is None:
            if is_value:
                raise argument_null("value")
            return None
        value = token.value if isinstance(token, Property) else token
        if isinstance(value, Value) and value.kind == "Null" and not is_value:
            return None
        if not isinstance(value, Value) or value.kind not in _FROM[wanted]:
            raise argument(f"Can not convert {value.kind} to {t.full_name(wanted).removeprefix('System.')}.")
        return _scalar(value.value, wanted)

    return cast


def _scalar(value: Any, wanted: t.Type) -> Any:
    if wanted is t.DATE_TIME_OFFSET:
        if isinstance(value, DateTime):
            return at_offset(DateTime(value.ticks))
        return value if isinstance(value, DateTimeOffset) else parse_offset(value)
    if wanted is t.GUID:
        return value if isinstance(value, Guid) else parse_guid(value)
    if wanted is t.TIME_SPAN:
        return value if isinstance(value, TimeSpan) else parse_span(value)
    return change(value, wanted)


def value_as(token: Token | None, target: t.Type) -> Any:
    """`token.Value<T>()`."""
    if token is None:
        return default_of(target)
    if t.is_json(target) and is_instance(token, target):
        return token
    if not isinstance(token, Value):
        have, want = t.full_name(token.net_type), t.full_name(target)
        raise invalid_cast(f"Cannot cast {have} to {want}.")
    value = token.value
    wanted = target.args[0] if target.name == "?" else target
    if value is None:
        if target is wanted and t.is_value_type(target):
            raise invalid_cast("Null object cannot be converted to a value type.")
        return None
    return _plain(value, wanted) if is_instance(value, wanted) else change(value, wanted)


def _plain(value: Any, wanted: t.Type) -> Any:
    plain = unboxer(wanted)
    return value if plain is None else plain(value)


def to_object(token: Token | None, target: t.Type) -> Any:
    """`token.ToObject<T>()` and JsonConvert.DeserializeObject<T>."""
    if isinstance(token, Property):
        token = token.value
    if t.is_json(target) or (target is t.OBJECT and not isinstance(token, Value)):
        return _as_json(token, target)
    if token is None or (isinstance(token, Value) and token.value is None):
        if t.is_value_type(target) and target.name != "?":
            raise _unconvertible("{null}", target)
        return None
    wanted = target.args[0] if target.name == "?" else target
    if isinstance(token, Value):
        return _value(token, wanted)
    if isinstance(token, Items):
        return _collection(token, wanted)
    return _dictionary(token, wanted)


def _unconvertible(shown: str, target: t.Type) -> Thrown:
    message = f"Error converting value {shown} to type '{t.full_name(target)}'."
    return Thrown("Newtonsoft.Json.JsonSerializationException", message)


def _as_json(token: Token | None, target: t.Type) -> Any:
    if token is None or target is t.OBJECT or is_instance(token, target):
        return token
    raise invalid_cast(
        f"Unable to cast object of type '{t.full_name(token.net_type)}' to type '{t.full_name(target)}'."
    )


def _value(token: Value, wanted: t.Type) -> Any:
    value = token.value
    if wanted is t.OBJECT:
        return boxer(t.LONG)(value) if type(value) is int else value  # type: ignore[misc]
    try:
        return _scalar(value, wanted) if wanted in _CASTABLE or wanted is t.CHAR else change(value, wanted)
    except Thrown as thrown:
        if wanted is t.INT and isinstance(value, str):
            message = f"Could not convert string to integer: {value}. Path ''."
            raise Thrown("Newtonsoft.Json.JsonReaderException", message) from None
        shown = f'"{value}"' if isinstance(value, str) else to_string(value)
        raise Thrown(
            "Newtonsoft.Json.JsonSerializationException", _unconvertible(shown, wanted).message, thrown
        ) from None


def _collection(token: Items, wanted: t.Type) -> Any:
    element = wanted.args[0] if wanted.args else None
    if element is None or wanted.name not in ("[]", "List", "IList", "IEnumerable", "ICollection", "IReadOnlyList"):
        message = f"Cannot deserialize the current JSON array (e.g. [1,2,3]) into type '{t.full_name(wanted)}'"
        raise Thrown("Newtonsoft.Json.JsonSerializationException", message)
    plain = _EXACT.get(element)
    if plain and all(item.__class__ is plain for item in token.items):
        items = list(token.items)
    else:
        items = [to_object(item, element) for item in token.children()]
    return Array(items, element) if wanted.name == "[]" else NetList(items, element)


_EXACT: dict[t.Type, type] = {t.LONG: int, t.DOUBLE: float, t.BOOL: bool}


def _dictionary(token: Token, wanted: t.Type) -> Any:
    if not isinstance(token, Object) or wanted.name not in ("Dictionary", "IDictionary", "IReadOnlyDictionary"):
        message = (
            f'Cannot deserialize the current JSON object (e.g. {{"name":"value"}}) into type \'{t.full_name(wanted)}\''
        )
        raise Thrown("Newtonsoft.Json.JsonSerializationException", message)
    key, value = wanted.args
    made = Dictionary(key, value)
    for name in token.entries:
        made.put(change(name, key), to_object(token.get(name), value))
    return made


def parse_as(text: str, target: t.Type) -> Any:
    """JObject.Parse, JArray.Parse and JToken.Parse, and a body read as one of them."""
    token = parse(text)
    if target is t.JTOKEN or is_instance(token, target):
        return token
    wanted = {"JObject": "JObject", "JArray": "JArray"}.get(target.name, target.name)
    starts = {"Object": "StartObject", "Array": "StartArray"}.get(token.kind, token.kind)
    noun = "an object" if wanted == "JObject" else "an array"
    message = f"Error reading {wanted} from JsonReader. Current JsonReader item is not {noun}: {starts}."
    position = len(re.match(r"\s*", text).group()) + 1  # type: ignore[union-attr]
    raise Thrown("Newtonsoft.Json.JsonReaderException", f"{message} Path '', line 1, position {position}.")


def from_object(value: Any) -> Token:
    """JToken.FromObject."""
    return parse(dumps(value))
