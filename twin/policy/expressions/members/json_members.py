"""Newtonsoft.Json: JToken and its kinds, JsonConvert."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .. import types as t
from ..definitions import DEFINITIONS
from ..errors import Thrown, argument, argument_null, invalid_operation
from ..json_access import child, deep_equals, descendants, remove, set_child
from ..json_casts import from_object, parse_as, to_object, value_as
from ..json_path import path_of, select, token_name
from ..json_text import dumps, parse
from ..json_tokens import (
    Items,
    Object,
    Property,
    Token,
    Value,
    adopt,
    clone,
    is_multiple,
    kind_of,
)
from ..texts import token_text
from ..values import MODIFIED, Int64, NetList, Sequence, is_instance
from .signature import Typed
from .text_functions import fold

_NUMBERS = DEFINITIONS["JTokenType"].members or {}
_WANTED = {"JObject": t.make("JObject"), "JArray": t.make("JArray"), "JToken": t.JTOKEN}


def _object(content: Iterable[Any] | None = ()) -> Object:
    made = Object()
    for part in content or ():
        for item in part if is_multiple(part) or isinstance(part, Object) else (part,):
            if not isinstance(item, Property):
                raise argument(f"Can not add {_shown(item)} to Newtonsoft.Json.Linq.JObject.")
            made.add(item.name, item.value)
    return made


def _shown(item: Any) -> str:
    return t.full_name(item.net_type) if isinstance(item, Token) else "Newtonsoft.Json.Linq.JValue"


def _array(content: Iterable[Any] | None = ()) -> Items:
    made = Items()
    for part in (None,) if content is None else content:
        _append(made, part)
    return made


def _append(items: Items, content: Any) -> None:
    """JArray.Add: what enumerates is added item by item, a token as it is."""
    for part in content if is_multiple(content) else (content,):
        items.items.append(adopt(part, items))


def _property(name: str, content: Iterable[Any] | None) -> Property:
    parts = [None] if content is None else list(content)
    return Property(name, parts[0] if len(parts) == 1 else NetList(parts, t.OBJECT))


def _get_value(owner: Object, name: str | None, comparison: int = 4) -> Token | None:
    if name is None:
        return None
    found = owner.get(name)
    if found is not None or comparison not in (1, 3, 5):
        return found
    return next((owner.get(known) for known in owner.entries if fold(known) == fold(name)), None)


def _try_get_value(owner: Object, name: str, comparison: int = 4) -> tuple[bool, Token | None]:
    found = _get_value(owner, name, comparison)
    return found is not None, found


def _remove_name(owner: Object, name: str) -> bool:
    if name is None:
        raise argument_null("propertyName")
    return owner.entries.pop(name, _ABSENT) is not _ABSENT


_ABSENT = object()


def _property_named(owner: Object, name: str) -> Property | None:
    return owner.property(name) if name in owner.entries else None


def _properties(owner: Object) -> Iterator[Property]:
    """An object's properties; .NET notices when one is added or removed meanwhile."""
    size = len(owner.entries)
    for one in owner.properties():
        yield one
        if len(owner.entries) != size:
            raise invalid_operation(MODIFIED)


def _count(token: Token) -> int:
    return len(token.entries) if isinstance(token, Object) else sum(1 for _ in token.children())


def _parent(token: Token) -> Token | None:
    parent = token.parent
    if isinstance(parent, Object) and not isinstance(token, Property):
        return parent.property(token_name(token))
    return parent


def _replace(token: Token, value: Any) -> None:
    parent = token.parent
    if isinstance(parent, Object):
        parent.set(token.name if isinstance(token, Property) else token_name(token), value)
    elif isinstance(parent, Items):
        parent.put(next(i for i, item in enumerate(parent.items) if item is token), value)
    else:
        raise invalid_operation("The parent is missing.")


def _first(token: Token) -> Token | None:
    if isinstance(token, Value):
        raise invalid_operation(f"Cannot access child value on {_shown(token)}.")
    return next(token.children(), None)


def _last(token: Token) -> Token | None:
    last = None
    if isinstance(token, Value):
        raise invalid_operation(f"Cannot access child value on {_shown(token)}.")
    for last in token.children():  # noqa: B007
        pass
    return last


def _select_one(token: Token, path: str, must_be: bool = False) -> Token | None:
    found, more = [*itertools.islice(select(token, path), 2), None, None][:2]
    if more is not None:
        raise Thrown("Newtonsoft.Json.JsonException", "Path returned multiple tokens.")
    if found is None and must_be:
        plain = isinstance(token, Object) and path.isidentifier()
        message = f"Property '{path}' does not exist on JObject." if plain else f"Path '{path}' found no token."
        raise Thrown("Newtonsoft.Json.JsonException", message)
    return found


def _keyed_value(wanted: t.Type, token: Token, key: Any) -> Any:
    return value_as(child(token, key), wanted)


def _values(wanted: t.Type, token: Token) -> Sequence:
    return Sequence(lambda: (value_as(one, wanted) for one in token.children()))


def _merge(owner: Object, content: Any) -> None:
    for name in list(content.entries):
        mine, theirs = owner.get(name), content.get(name)
        if isinstance(mine, Object) and isinstance(theirs, Object):
            _merge(mine, theirs)
        elif isinstance(mine, Items) and isinstance(theirs, Items):
            for item in theirs.children():
                _append(mine, item)
        elif not (isinstance(theirs, Value) and theirs.kind == "Null" and mine is not None):
            owner.set(name, theirs)


def _deserialize(wanted: t.Type, text: str) -> Any:
    if text is None:
        raise argument_null("value")
    token = parse(text) if text.strip() else None
    if token is None or (isinstance(token, Value) and token.value is None and not t.is_value_type(wanted)):
        return None
    return to_object(token, wanted)


def _parser(name: str) -> Callable[[str], Any]:
    return lambda text: parse_as(text, _WANTED[name])


def _value(content: Any) -> Value:
    return Value(content, kind_of(content))


def _property_values(token: Token) -> Sequence:
    return Sequence(lambda: (p.value for p in token.properties()) if isinstance(token, Object) else token.children())


MEMBERS: dict[str, Any] = {
    # JToken
    "static JToken JToken.Parse(string! json)": _parser("JToken"),
    "static JToken JToken.FromObject(object! o)": from_object,
    "static bool JToken.DeepEquals(JToken t1, JToken t2)": deep_equals,
    "JTokenType JToken.Type": lambda token: _NUMBERS[token.kind],
    "bool JToken.HasValues": lambda token: next(token.children(), None) is not None,
    "JToken JToken.First": _first,
    "JToken JToken.Last": _last,
    "JContainer JToken.Parent": _parent,
    "JToken JToken.Root": lambda token: token if token.parent is None else MEMBERS["JToken JToken.Root"](token.parent),
    "string JToken.Path": path_of,
    "JToken JToken[object key]": child,
    "IEnumerable<JToken> JToken.Children()": lambda token: Sequence(token.children),
    "IEnumerable<T> JToken.Children<T>()": Typed(
        lambda wanted, token: Sequence(lambda: (one for one in token.children() if is_instance(one, wanted)))
    ),
    "IEnumerable<JToken> JToken.Values()": _property_values,
    "IEnumerable<T> JToken.Values<T>()": Typed(_values),
    "T JToken.Value<T>(object key)": Typed(_keyed_value),
    "T JToken.ToObject<T>()": Typed(lambda wanted, token: to_object(token, wanted)),
    "JToken JToken.SelectToken(string! path)\n"
    "JToken JToken.SelectToken(string! path, bool errorWhenNoMatch)": _select_one,
    "IEnumerable<JToken> JToken.SelectTokens(string! path)": lambda token, path: Sequence(lambda: select(token, path)),
    "JToken JToken.DeepClone()": clone,
    "void JToken.Remove()": remove,
    "void JToken.Replace(JToken value)": _replace,
    "string JToken.ToString()": token_text,
    "string JToken.ToString(Formatting formatting)": lambda token, formatting: dumps(token, indented=formatting == 1),
    "int JContainer.Count": _count,
    "IEnumerable<JToken> JContainer.Descendants()": descendants,
    # JObject
    "new JObject()\nnew JObject(params object[] content)": _object,
    "static JObject JObject.Parse(string! json)": _parser("JObject"),
    "static JObject JObject.FromObject(object! o)": from_object,
    "JToken JObject[string propertyName]": Object.get,
    "void JObject.Add(string! propertyName, JToken value)": Object.add,
    "void JObject.Add(object content)": lambda owner, item: owner.add(item.name, item.value),
    "bool JObject.Remove(string propertyName)": _remove_name,
    "bool JObject.ContainsKey(string! propertyName)": lambda owner, name: name in owner.entries,
    "bool JObject.TryGetValue(string propertyName, out JToken value)\n"
    "bool JObject.TryGetValue(string propertyName, StringComparison comparison, out JToken value)": _try_get_value,
    "JToken JObject.GetValue(string propertyName)": _get_value,
    "JToken JObject.GetValue(string propertyName, StringComparison comparison)": _get_value,
    "JProperty JObject.Property(string name)": _property_named,
    "IEnumerable<JProperty> JObject.Properties()": lambda owner: Sequence(lambda: _properties(owner)),
    "IEnumerable<JToken> JObject.PropertyValues()": lambda owner: Sequence(
        lambda: (p.value for p in owner.properties())
    ),
    "void JObject.Merge(object content)": _merge,
    "void JObject.RemoveAll()": lambda owner: owner.entries.clear(),
    # JArray
    "new JArray()\nnew JArray(params object[] content)": _array,
    "new JArray(JArray! other)": clone,
    "static JArray JArray.Parse(string! json)": _parser("JArray"),
    "static JArray JArray.FromObject(object! o)": from_object,
    "JToken JArray[int index]": Items.at,
    "void JArray.Add(JToken item)\nvoid JArray.Add(object content)": _append,
    "void JArray.Insert(int index, JToken item)": lambda items, index, item: _insert(items, index, item),
    "void JArray.AddFirst(object content)": lambda items, item: _insert(items, 0, item),
    "void JArray.RemoveAt(int index)": lambda items, index: (items.at(index), items.items.pop(index))[0] and None,
    "bool JArray.Remove(JToken item)": lambda items, item: _remove_item(items, item),
    "void JArray.Clear()": lambda items: items.items.clear(),
    "int JArray.Count": lambda items: len(items.items),
    "bool JArray.Contains(JToken item)": lambda items, item: any(one is item for one in items.items),
    "int JArray.IndexOf(JToken item)": lambda items, item: next(
        (i for i, o in enumerate(items.items) if o is item), -1
    ),
    # JProperty, JValue
    "new JProperty(string! name, params object[] content)": _property,
    "string JProperty.Name": lambda token: token.name,
    "JToken JProperty.Value": lambda token: token.value,
    "new JValue(string value)\nnew JValue(long value)\nnew JValue(double value)\nnew JValue(bool value)\n"
    "new JValue(object value)": _value,
    "static JValue JValue.CreateNull()": lambda: _value(None),
    "static JValue JValue.CreateString(string value)": _value,
    "object JValue.Value": lambda token: Int64(token.value) if type(token.value) is int else token.value,
    # JsonConvert
    "static string JsonConvert.SerializeObject(object value)": dumps,
    "static string JsonConvert.SerializeObject(object value, Formatting formatting)": (
        lambda value, formatting: dumps(value, indented=formatting == 1)
    ),
    "static T JsonConvert.DeserializeObject<T>(string value)": Typed(_deserialize),
    "static object JsonConvert.DeserializeObject(string value)": lambda text: _deserialize(t.OBJECT, text),
}
EXTENSIONS: dict[str, Any] = {
    "U IEnumerable<JToken>.Value<U>()": Typed(lambda wanted, token: value_as(token, wanted)),
    "IEnumerable<U> IEnumerable<JToken>.Values<U>()": Typed(
        lambda wanted, tokens: Sequence(lambda: (value_as(one, wanted) for one in tokens))
    ),
}
SETTERS: dict[str, Any] = {
    "JToken JToken[object key]": set_child,
    "JToken JObject[string propertyName]": Object.set,
    "JToken JArray[int index]": Items.put,
    "JToken JProperty.Value": lambda token, value: setattr(token, "value", value),
    "object JValue.Value": lambda token, value: setattr(token, "value", value),
}


def _insert(items: Items, index: int, item: Any) -> None:
    items.items.insert(index, adopt(item, items))


def _remove_item(items: Items, item: Token) -> bool:
    found = next((i for i, other in enumerate(items.items) if other is item), -1)
    if found >= 0:
        items.items.pop(found)
    return found >= 0
