"""`token[key]`, `token[key] = content`, `token.Remove()`; what looks at a token with all that is in it."""

from typing import Any

from . import types as t
from .errors import Thrown, argument, invalid_operation
from .json_tokens import Items, Object, Property, Token, Value
from .values import Sequence


def remove(token: Token) -> None:
    """Takes a token out of its parent."""
    parent = token.parent
    if parent is None:
        raise invalid_operation("The parent is missing.")
    if isinstance(token, Property) and isinstance(parent, Object):
        del parent.entries[token.name]
    elif isinstance(parent, Items):
        del parent.items[next(i for i, item in enumerate(parent.items) if item is token)]
    elif isinstance(parent, Object):
        # The value of a property: Newtonsoft refuses to leave a property without one.
        raise Thrown("Newtonsoft.Json.JsonException", "Cannot add or remove items from Newtonsoft.Json.Linq.JProperty.")
    token.parent = None


def child(token: Token, key: Any) -> Token | None:
    """`token[key]`"""
    if isinstance(token, Object):
        if not isinstance(key, str):
            raise argument(
                f"Accessed JObject values with invalid key value: {_shown(key)}. Object property name expected."
            )
        return token.get(key)
    if isinstance(token, Items):
        if not isinstance(key, int) or isinstance(key, bool):
            raise argument(
                f"Accessed JArray values with invalid key value: {_shown(key)}. Array position index expected."
            )
        return token.at(key)
    raise invalid_operation(f"Cannot access child value on {t.full_name(token.net_type)}.")


def set_child(token: Token, key: Any, content: Any) -> None:
    """`token[key] = content`"""
    child(token, key) if isinstance(token, Items) else None
    if isinstance(token, Object) and isinstance(key, str):
        token.set(key, content)
    elif isinstance(token, Items) and isinstance(key, int):
        token.put(key, content)
    elif isinstance(token, Object):
        raise argument(f"Set JObject values with invalid key value: {_shown(key)}. Object property name expected.")
    else:
        raise invalid_operation(f"Cannot set child value on {t.full_name(token.net_type)}.")


def _shown(key: Any) -> str:
    return "null" if key is None else f'"{key}"' if isinstance(key, str) else str(key)


def deep_equals(left: Token | None, right: Token | None) -> bool:
    if isinstance(left, Object) and isinstance(right, Object):
        return left.entries.keys() == right.entries.keys() and all(
            deep_equals(left.get(name), right.get(name)) for name in left.entries
        )
    if isinstance(left, Items) and isinstance(right, Items):
        pairs = zip(left.children(), right.children(), strict=False)
        return len(left.items) == len(right.items) and all(deep_equals(a, b) for a, b in pairs)
    if isinstance(left, Property) and isinstance(right, Property):
        return left.name == right.name and deep_equals(left.value, right.value)
    if isinstance(left, Value) and isinstance(right, Value):
        return left.kind == right.kind and left.value == right.value
    return left is right


def descendants(token: Token) -> Sequence:
    def walk(one: Token) -> Any:
        for inner in one.children():
            yield inner
            yield from walk(inner)

    return Sequence(lambda: walk(token))
