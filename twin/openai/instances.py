"""A value that a JSON schema admits: what a model answers that is held to one. Pure.

The schemas are those of structured outputs and function calls. The smallest value that fits is given, with text where
text is wanted; of what is no schema nothing is made but text, as a caller's mistake must not break an account.
https://learn.microsoft.com/azure/ai-foundry/openai/how-to/structured-outputs
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

_DEEP: Final = 8  # levels, below which nothing is made that may be left out: a schema may refer to itself
_TOO_DEEP: Final = 100  # levels
_LARGEST: Final = 10_000  # values in all: more than that only a schema asks for that no value is finite enough for
_MOST: Final = 1000  # items of a list and characters of a text, whatever the schema asks for
_TEXTS: Final = {
    "date-time": "2024-01-01T00:00:00Z",
    "date": "2024-01-01",
    "time": "00:00:00Z",
    "duration": "PT1S",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def instance(schema: object, text: str) -> Any:
    """A value that the schema admits; `text` stands where it asks for a string. Patterns are not followed."""
    return _Maker(schema, text).value(schema, 0)


class _Maker:
    def __init__(self, root: object, text: str) -> None:
        self._root = root
        self._text = text
        self._left = _LARGEST

    def value(self, given: object, depth: int) -> Any:
        self._left -= 1
        if depth >= _TOO_DEEP or self._left < 0:
            return None
        schema = self._whole(given)
        if "const" in schema:
            return schema["const"]
        if choices := _listed(schema, "enum"):
            return choices[0]
        if choices := _listed(schema, "anyOf") or _listed(schema, "oneOf"):
            return self.value(self._chosen(choices, depth), depth + 1)
        match _kind(schema, deep=depth >= _DEEP):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "number" | "integer" as kind:
                return _number(schema, whole=kind == "integer")
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return _text(schema, self._text)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties, required = _mapped(schema, "properties"), map(str, _listed(schema, "required"))
        wanted = properties if depth < _DEEP else ()
        return {name: self.value(properties.get(name), depth + 1) for name in dict.fromkeys([*wanted, *required])}

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        fewest, most = _bound(schema, "minItems", 0), _bound(schema, "maxItems", _MOST)
        count = min(max(fewest, 1 if depth < _DEEP else 0), most, _MOST)
        return [self.value(schema.get("items"), depth + 1) for _ in range(int(count))]

    def _chosen(self, choices: Sequence[object], depth: int) -> object:
        """The first; deep down null, where that is one of them."""
        nulls = (one for one in choices if self._whole(one).get("type") == "null")
        return next(nulls, choices[0]) if depth >= _DEEP else choices[0]

    def _whole(self, given: object, depth: int = 0) -> Mapping[str, Any]:
        """The schema, or the one that it refers to, with all that it is put together from."""
        if not isinstance(given, Mapping) or depth >= _TOO_DEEP:
            return {}
        if "$ref" in given:
            beside = {key: value for key, value in given.items() if key != "$ref"}
            return {**self._whole(self._found(str(given["$ref"])), depth + 1), **beside}
        whole = dict(given)
        for part in _listed(given, "allOf"):
            more = self._whole(part, depth + 1)
            both = {**_mapped(whole, "properties"), **_mapped(more, "properties")}
            needed = [*_listed(whole, "required"), *_listed(more, "required")]
            whole = {**whole, **more, **({"properties": both} if both else {}), "required": needed}
        return whole

    def _found(self, reference: str) -> object:
        """What stands at `#/$defs/Name`."""
        found = self._root
        for name in filter(None, reference.lstrip("#").split("/")):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found


def _kind(schema: Mapping[str, Any], *, deep: bool) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        return "null" if deep and "null" in kind else str(next(iter(kind), "string"))
    return str(kind)


def _number(schema: Mapping[str, Any], *, whole: bool) -> float:
    least, above = _bound(schema, "minimum", -math.inf), _bound(schema, "exclusiveMinimum", -math.inf)
    most, below = _bound(schema, "maximum", math.inf), _bound(schema, "exclusiveMaximum", math.inf)
    low, high = max(least, above), min(most, below)
    step = _bound(schema, "multipleOf", 1 if whole else 0)
    if step <= 0:
        return 1 if low == -math.inf and high == math.inf else _between(low, high)
    if low > -math.inf:
        return (math.floor(low / step) + 1 if low == above else math.ceil(low / step)) * step
    if high < math.inf:
        return (math.ceil(high / step) - 1 if high == below else math.floor(high / step)) * step
    return step


def _between(low: float, high: float) -> float:
    if low == -math.inf:
        return high - 1
    return low + 1 if high == math.inf else (low + high) / 2


def _text(schema: Mapping[str, Any], text: str) -> str:
    made = _TEXTS.get(str(schema.get("format")), text)
    fewest = min(_bound(schema, "minLength", 0), _MOST)
    return made.ljust(int(fewest), ".")[: int(_bound(schema, "maxLength", _MOST))]


def _bound(schema: Mapping[str, Any], name: str, otherwise: float) -> float:
    value = schema.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def _listed(schema: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = schema.get(name)
    return value if isinstance(value, list) else ()


def _mapped(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = schema.get(name)
    return value if isinstance(value, Mapping) else {}
