"""The two shapes of a resource: as the SDK's properties, and as the JSON that Azure Resource Manager takes and gives.

Which property stands where is read from Microsoft's own models (`models.py`), so no property is named here.
"""

import functools
import importlib
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Literal, TypeAlias

from .models import Properties, Property, properties
from .types import TYPES, ResourceType

Json: TypeAlias = Any
Side: TypeAlias = Literal["inputs", "outputs"]
Naming: TypeAlias = Literal["random", "copy", "uuid"]

# The engine's sign, in place of any value, for what is known only after `pulumi up`.
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

# Parameters that hold a whole resource id: their slashes are part of the path.
_WHOLE_IDS: Final = frozenset({"scope", "resourceUri"})

_JSON_TYPES: Final = {
    "bool": "boolean",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "object": "any",
}


@dataclass(frozen=True)
class Problem:
    """Something that a model forbids: the property's path (`pool.services[0].id`) and what is wrong with it."""

    path: str
    message: str


class Shape:
    """The shapes of one resource type."""

    def __init__(self, row: ResourceType) -> None:
        self.row = row

    @functools.cached_property
    def _models(self) -> ModuleType:
        # Imported at first use: the models of API Management alone take 0.3 s.
        return importlib.import_module(self.row.models, __package__)

    @property
    def inputs(self) -> Mapping[str, Property]:
        """What a user may write in the body of the PUT."""
        return self.properties_of(self.row.request).inputs

    @property
    def outputs(self) -> Mapping[str, Property]:
        """What Azure gives back, without the id."""
        return {name: found for name, found in self.properties_of(self.row.response).outputs.items() if name != "id"}

    @property
    def create_only(self) -> frozenset[str]:
        """The inputs that a resource keeps for life: those in its path, and those that the table names."""
        return self.row.create_only | frozenset(self.row.parameters)

    @property
    def naming(self) -> Naming:
        """How azure-native names a resource that the program does not name.

        By what stands below the last provider in the path: a top-level resource gets a random suffix, its children
        copy their logical name. (pulumi-azure-native, provider/pkg/gen/params.go)
        """
        if self.row.parameters[-1] == "roleAssignmentName":
            return "uuid"
        _, provider, below = self.row.path.lower().rpartition("microsoft.")
        return "random" if not provider or below.count("{") == 1 else "copy"

    def to_wire(self, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """The body of the PUT that the inputs ask for."""
        return self._to_wire(dict(inputs), self.row.request)

    def to_sdk(self, body: Mapping[str, Json], side: Side = "outputs") -> dict[str, Json]:
        """A body as outputs, or as the inputs that would ask for it."""
        found = self._to_sdk(dict(body), self.row.response if side == "outputs" else self.row.request, side)
        return {name: value for name, value in found.items() if name != "id"}

    def writable(self, outputs: Mapping[str, Json]) -> dict[str, Json]:
        """What of the outputs a user could have written."""
        return self._writable(dict(outputs), self.row.request)

    def preview(self, inputs: Mapping[str, Json]) -> dict[str, Json]:
        """The inputs as outputs, with all that Azure decides still unknown."""
        found = self._preview(dict(inputs), self.row.response)
        return {name: value for name, value in found.items() if name != "id"}

    def problems(self, inputs: Mapping[str, Json]) -> list[Problem]:
        """What the models forbid in these inputs: unknown or missing properties, wrong types, lengths and ranges."""
        elsewhere = {*self.row.parameters, *self.row.query}
        missing = [_missing(name) for name in self.row.parameters if name not in inputs]
        body = {name: value for name, value in inputs.items() if name not in elsewhere}
        return missing + list(self._problems(body, self.row.request, "", {}))

    def resource_id(self, inputs: Mapping[str, Json], subscription: str) -> str:
        """The resource's path. Raises KeyError for a missing parameter."""

        def fill(parameter: re.Match[str]) -> str:
            name = parameter[1]
            value = subscription if name == "subscriptionId" else str(inputs[name])
            # As Go's url.PathEscape, so that ids are the real provider's to the letter.
            return value.strip("/") if name in _WHOLE_IDS else urllib.parse.quote(value, safe="$&+=:@")

        return re.sub(r"{(\w+)}", fill, self.row.path)

    def parse_id(self, resource_id: str) -> dict[str, str] | None:
        """The inputs that stand in an id of this type; None when it is an id of another one."""
        found = self._pattern.fullmatch(resource_id)
        return None if found is None else {name: found[name] for name in self.row.parameters}

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        def group(parameter: re.Match[str]) -> str:
            return f"(?P<{parameter[1]}>{'.+' if parameter[1] in _WHOLE_IDS else '[^/]+'})"

        return re.compile(re.sub(r"{(\w+)}", group, self.row.path.replace(".", r"\.")), re.IGNORECASE)

    def properties_of(self, type_name: str) -> Properties:
        return properties(getattr(self._models, type_name, object))

    def _is_model(self, type_name: str) -> bool:
        """The type without a name is a body of nothing."""
        return not type_name or hasattr(getattr(self._models, type_name, None), "_attribute_map")

    def is_string_set(self, type_name: str) -> bool:
        """Whether users write a list of keys for this dictionary, because what stands under a key is all Azure's."""
        item = type_name[1:-1]
        return type_name.startswith("{") and self._is_model(item) and not self.properties_of(item).inputs

    def _to_wire(self, value: Json, type_name: str) -> Json:
        if isinstance(value, list):
            if self.is_string_set(type_name):
                return {item: {} for item in value}
            return [self._to_wire(item, type_name[1:-1]) for item in value]
        if isinstance(value, dict) and type_name.startswith("{"):
            return {key: self._to_wire(item, type_name[1:-1]) for key, item in value.items()}
        if not isinstance(value, dict) or not self._is_model(type_name):
            return value
        body: dict[str, Json] = {}
        for name, found in self.properties_of(type_name).inputs.items():
            if name in value:
                container = body
                for step in found.wire[:-1]:
                    container = container.setdefault(step, {})
                container[found.wire[-1]] = self._to_wire(value[name], found.type)
        return body

    def _to_sdk(self, value: Json, type_name: str, side: Side) -> Json:
        if isinstance(value, list):
            return [self._to_sdk(item, type_name[1:-1], side) for item in value]
        if isinstance(value, dict) and type_name.startswith("{"):
            if side == "inputs" and self.is_string_set(type_name):
                return sorted(value)
            return {key: self._to_sdk(item, type_name[1:-1], side) for key, item in value.items()}
        if not isinstance(value, dict) or not self._is_model(type_name):
            return value
        result: dict[str, Json] = {}
        for name, found in getattr(self.properties_of(type_name), side).items():
            item = functools.reduce(_inside, found.wire, value)
            if item is not None:
                result[name] = self._to_sdk(item, found.type, side)
        return result

    def _writable(self, value: Json, type_name: str) -> Json:
        if isinstance(value, list):
            return [self._writable(item, type_name[1:-1]) for item in value]
        if isinstance(value, dict) and type_name.startswith("{"):
            if self.is_string_set(type_name):
                return sorted(value)
            return {key: self._writable(item, type_name[1:-1]) for key, item in value.items()}
        if not isinstance(value, dict) or not self._is_model(type_name):
            return value
        inputs = self.properties_of(type_name).inputs
        return {name: self._writable(item, inputs[name].type) for name, item in value.items() if name in inputs}

    def _preview(self, value: Json, type_name: str) -> Json:
        if isinstance(value, list):
            if type_name.startswith("{"):
                return UNKNOWN  # of a string set only the keys are known
            return [self._preview(item, type_name[1:-1]) for item in value]
        if not isinstance(value, dict) or not self._is_model(type_name):
            return value
        outputs = self.properties_of(type_name).outputs
        return {
            name: self._preview(value[name], found.type) if name in value else UNKNOWN
            for name, found in outputs.items()
        }

    def _problems(self, value: Json, type_name: str, path: str, rules: Mapping[str, Any]) -> Iterator[Problem]:
        if value == UNKNOWN:
            return
        if self.is_string_set(type_name):
            type_name = "[str]"
        if mismatch := self._mismatch(value, type_name):
            yield Problem(path, f"'{path}' should be of type '{mismatch}' but got {_described(value)}")
            return
        yield from _broken(value, path, rules)
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._problems(item, type_name[1:-1], f"{path}[{index}]", {})
        elif isinstance(value, dict) and type_name.startswith("{"):
            for key, item in value.items():
                yield from self._problems(item, type_name[1:-1], f"{path}[{key!r}]", {})
        elif isinstance(value, dict) and self._is_model(type_name):
            yield from self._problems_of_model(value, type_name, path)

    def _problems_of_model(self, value: dict[str, Json], type_name: str, path: str) -> Iterator[Problem]:
        inputs = self.properties_of(type_name).inputs
        prefix = f"{path}." if path else ""
        for name, found in inputs.items():
            if name in value:
                yield from self._problems(value[name], found.type, prefix + name, found.rules)
            elif found.rules.get("required"):
                yield _missing(prefix + name)
        for name in value.keys() - inputs.keys():
            allowed = ", ".join(sorted(inputs))
            yield Problem(prefix + name, f"'{prefix}{name}' is not a property here; those are {allowed}")

    def _mismatch(self, value: Json, type_name: str) -> str | None:
        """The JSON type that is wanted here, where the value is of another one."""
        wanted = self._json_type(type_name)
        fits = {
            "any": True,
            "boolean": isinstance(value, bool),
            "integer": isinstance(value, int) and not isinstance(value, bool),
            "number": isinstance(value, int | float) and not isinstance(value, bool),
            "array": isinstance(value, list),
            "object": isinstance(value, dict),
            "string": isinstance(value, str),
        }
        return None if fits[wanted] else wanted

    def _json_type(self, type_name: str) -> str:
        if type_name.startswith("["):
            return "array"
        if type_name.startswith("{") or self._is_model(type_name):
            return "object"
        return _JSON_TYPES.get(type_name, "string")


def _inside(value: Json, step: str) -> Json:
    return value.get(step) if isinstance(value, dict) else None


def _missing(path: str) -> Problem:
    return Problem(path, f"missing required property '{path}'")


def _described(value: Json) -> str:
    kinds = {bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return kinds.get(type(value), f"the number {value}")


def _broken(value: Json, path: str, rules: Mapping[str, Any]) -> Iterator[Problem]:
    """The rules of the model that a value of the right type breaks, in the real provider's words."""
    if isinstance(value, str):
        least, most, pattern = rules.get("min_length", 0), rules.get("max_length", len(value)), rules.get("pattern", "")
        if len(value) < least:
            yield Problem(path, f"'{path}' is too short ({len(value)}): at least {least} characters required")
        if len(value) > most:
            yield Problem(path, f"'{path}' is too long ({len(value)}): at most {most} characters allowed")
        if not re.search(pattern, value):
            yield Problem(path, f"'{path}' does not match expression '{pattern}'")
    elif isinstance(value, list):
        least, most = rules.get("min_items", 0), rules.get("max_items", len(value))
        if not least <= len(value) <= most:
            wanted = f"at least {least}" if len(value) < least else f"at most {most}"
            yield Problem(path, f"'{path}' has {len(value)} items: {wanted} allowed")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        least, most = rules.get("minimum", value), rules.get("maximum", value)
        if value < least:
            yield Problem(path, f"'{path}' is too low ({value} < {least})")
        if value > most:
            yield Problem(path, f"'{path}' is too high ({value} > {most})")


@functools.cache
def shape(token: str) -> Shape:
    """The shapes of a type of the table. Raises KeyError for a type that is not in it."""
    return Shape(TYPES[token])


def type_of(resource_id: str) -> Shape | None:
    """The shapes of the type that an id is of."""
    return next((found for found in map(shape, TYPES) if found.parse_id(resource_id) is not None), None)
