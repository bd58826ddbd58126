"""Inputs without problems, made complete: defaults filled in, every value in its one form."""

from collections.abc import Mapping
from typing import Any

from .reading import whole
from .shapes import Key, Kind, ListOf, MapOf, Shape, Text, Whole


def completed(kind: Kind, value: Any) -> Any:
    """The value with the defaults of all keys that were left out; whole doubles become whole numbers.

    What does not fit its kind stays as it is: it is for the checks to report.
    """
    match kind:
        case Text() if isinstance(value, str):
            return kind.canonical(value)
        case Whole():
            number = whole(value)
            return value if number is None else number
        case ListOf() if isinstance(value, list | tuple):
            return [completed(kind.item, item) for item in value]
        case MapOf() if isinstance(value, Mapping):
            return {key: completed(kind.item, item) for key, item in value.items()}
        case Shape() if isinstance(value, Mapping):
            return _completed_shape(kind, value)
        case _:
            return value


def _completed_shape(shape: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
    value = shape.handed_down(value)
    given = {key: completed(shape.keys[key].kind, item) if key in shape.keys else item for key, item in value.items()}
    if shape.instead and shape.instead in value:
        return given
    defaults = {
        name: _default(key, value) for name, key in shape.keys.items() if key.default is not None and name not in value
    }
    return {**defaults, **given}


def _default(key: Key, owner: Mapping[str, Any]) -> Any:
    default = key.default(owner) if callable(key.default) else key.default
    return completed(key.kind, default)
