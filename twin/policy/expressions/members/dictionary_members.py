"""Dictionary, KeyValuePair, and the read-only dictionaries of the context."""

from collections.abc import Callable
from typing import Any

from .. import types as t
from ..conversions import unboxing
from ..dictionaries import Dictionary, Entries, key_not_found
from ..errors import argument_null
from ..json_casts import default_of
from ..values import Array, NetList, Pair, equals, kept_class
from .signature import Special, Typed


def _make_dictionary(key: t.Type, value: t.Type, comparer: Any = None) -> Dictionary:
    return Dictionary(key, value, comparer.normal if comparer else None)


def _copy_dictionary(key: t.Type, value: t.Type, source: Any, comparer: Any = None) -> Dictionary:
    made = _make_dictionary(key, value, comparer)
    for pair in source:
        made.add(pair.key, pair.value)
    return made


def _try_get(_key: t.Type, value: t.Type, source: Any, name: Any) -> tuple[bool, Any]:
    found = lookup(source, name)
    return (True, _entry(source, name)) if found else (False, default_of(value))


def lookup(source: Any, name: Any) -> tuple[Any] | None:
    """An entry of a Dictionary or of one of the context's mappings, as a tuple of one."""
    if name is None:
        raise argument_null("key")
    if isinstance(source, Dictionary):
        pair = source.find(name)
        return None if pair is None else (pair.value,)
    return (source[name],) if name in source else None


def _entry(source: Any, name: Any) -> Any:
    if name is None:
        raise argument_null("key")
    if isinstance(source, Dictionary):
        return source.item(name)
    try:
        value = source[name]
    except KeyError:
        raise key_not_found() from None
    return Array(value, t.STRING) if type(value) is list else value


def _has(source: Any, name: Any) -> bool:
    return lookup(source, name) is not None


def _keys(key: t.Type, _value: t.Type, source: Any) -> NetList:
    if isinstance(source, Dictionary):
        return Entries(source, [pair.key for pair in source], key)
    return NetList(source, key)


def _values(_key: t.Type, value: t.Type, source: Any) -> NetList:
    if isinstance(source, Dictionary):
        return Entries(source, [pair.value for pair in source], value)
    return NetList(source.values(), value)


def _joined(source: Any, name: str, default: str | None = None) -> str | None:
    """GetValueOrDefault of headers and query parameters: several values joined by commas."""
    found = lookup(source, name)
    return default if found is None else ",".join(found[0])


def _variable(wanted: t.Type) -> Callable[..., Any]:
    """context.Variables.GetValueOrDefault<T>: the value cast to T, which throws when it is of another type."""
    cast, kept, empty = unboxing(wanted), kept_class(wanted), default_of(wanted)

    def get(source: Any, name: str, default: Any = empty) -> Any:
        value = source.get(name, _ABSENT)
        if value.__class__ is kept:
            return value
        return default if value is _ABSENT else cast(value)

    return get


_ABSENT = object()


_DICTIONARIES = ("Dictionary", "IDictionary", "IReadOnlyDictionary")


def _dictionary_members() -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name in _DICTIONARIES:
        owner = f"{name}<T, U>"
        table |= {
            f"U {owner}[T key]": _entry,
            f"bool {owner}.ContainsKey(T key)": _has,
            f"bool {owner}.TryGetValue(T key, out U value)": Typed(_try_get),
            f"ICollection<T> {owner}.Keys": Typed(_keys),
            f"ICollection<U> {owner}.Values": Typed(_values),
            f"int {owner}.Count": len,
        }
    for name in _DICTIONARIES[:2]:
        owner = f"{name}<T, U>"
        table |= {
            f"void {owner}.Add(T key, U value)": Dictionary.add,
            f"bool {owner}.Remove(T key)": Dictionary.take_out,
            f"void {owner}.Clear()": Dictionary.clear,
        }
    return table


MEMBERS: dict[str, Any] = {
    **_dictionary_members(),
    "new Dictionary<T, U>()\nnew Dictionary<T, U>(StringComparer comparer)": Typed(_make_dictionary),
    "new Dictionary<T, U>(int capacity)": Typed(lambda key, value, _capacity: Dictionary(key, value)),
    "new Dictionary<T, U>(IDictionary<T, U>! dictionary)\n"
    "new Dictionary<T, U>(IDictionary<T, U>! dictionary, StringComparer comparer)": Typed(_copy_dictionary),
    "bool Dictionary<T, U>.ContainsValue(U value)": lambda source, value: any(equals(p.value, value) for p in source),
    "string IReadOnlyDictionary<string, string[]>.GetValueOrDefault(string! name, string defaultValue = null)": _joined,
    "string IReadOnlyDictionary<string, string>.GetValueOrDefault(string! name, string defaultValue = null)": (
        lambda source, name, default: found[0] if (found := lookup(source, name)) else default
    ),
    "R IReadOnlyDictionary<string, object>.GetValueOrDefault<R>(string! name, R defaultValue)": Special(_variable),
    "R IReadOnlyDictionary<string, object>.GetValueOrDefault<R>(string! name)": Special(_variable),
    "object IReadOnlyDictionary<string, object>.GetValueOrDefault(string! name)": (
        lambda source, name: found[0] if (found := lookup(source, name)) else None
    ),
    "T KeyValuePair<T, U>.Key": lambda pair: pair.key,
    "U KeyValuePair<T, U>.Value": lambda pair: pair.value,
    "new KeyValuePair<T, U>(T key, U value)": Pair,
}
SETTERS: dict[str, Any] = {
    "U Dictionary<T, U>[T key]\nU IDictionary<T, U>[T key]": Dictionary.put,
}
