"""Keys in two spellings: camelCase in configuration and in other languages, snake_case in Python's arguments."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from .shapes import Kind, ListOf, Shape


def camel_case(kind: Kind, value: Any) -> Any:
    """Arguments as configuration spells them: trip_duration becomes tripDuration. Unknown keys stay as they are.

    A key whose value is None is left out: to Pulumi that is the same.
    """
    return _respelt(kind, value, _camel_keys)


def snake_case(kind: Kind, value: Any) -> Any:
    """Configuration as Python's arguments spell it: tripDuration becomes trip_duration."""
    return _respelt(kind, value, lambda shape, _: {name: snake(name) for name in shape.keys})


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda capital: "_" + capital.group().lower(), name)


def _camel_keys(shape: Shape, value: Mapping[str, Any]) -> dict[str, str]:
    # Where both spellings are given the Python one stays, and is reported as an unknown key.
    return {snake(name): name for name in shape.keys if name == snake(name) or name not in value}


def _respelt(kind: Kind, value: Any, spelling: Callable[[Shape, Mapping[str, Any]], Mapping[str, str]]) -> Any:
    if isinstance(kind, ListOf) and isinstance(value, list | tuple):
        return [_respelt(kind.item, item, spelling) for item in value]
    if not isinstance(kind, Shape) or not isinstance(value, Mapping):
        return value
    renamed = spelling(kind, value)
    result: dict[str, Any] = {}
    for key, item in value.items():
        if item is None:
            continue
        name = renamed.get(key, key)
        known = kind.keys.get(key) or kind.keys.get(name)
        result[name] = _respelt(known.kind, item, spelling) if known else item
    return result
