"""Microsoft's models, read as tables: which properties they have, where those stand on the wire, what they allow.

azure-native calls a property by the specification's client name, else by its wire name; Microsoft's generator makes the
same name snake_case. So everything that is needed stands in a model's `_attribute_map` and `_validation`.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Property:
    """Where a property stands in a body, its type in Microsoft's notation (`str`, `[Model]`, `{Model}`), its rules."""

    wire: tuple[str, ...]
    type: str
    rules: Mapping[str, Any]


class Properties(NamedTuple):
    """The properties of a model by their SDK names: those a user may write, and those Azure gives back."""

    inputs: Mapping[str, Property]
    outputs: Mapping[str, Property]


@functools.cache
def properties(model: type) -> Properties:
    """The properties of one of Microsoft's models.

    Where flattening makes two properties clash, the generator calls the inner one `type_properties_type`. A user
    writes the inner one (the outer one is read-only); of what Azure gives back, the SDK shows the outer one.
    """
    inputs: dict[str, Property] = {}
    outputs: dict[str, Property] = {}
    clashes: dict[str, Property] = {}
    for attribute, entry in getattr(model, "_attribute_map", {}).items():
        wire = tuple(step.replace("\\.", ".") for step in re.split(r"(?<!\\)\.", entry["key"]))
        if not wire[-1]:
            continue  # a bag of additional properties, which has no name of its own
        clash = attribute.endswith("_properties_" + attribute.split("_")[0])
        name = _sdk_name(wire[-1] if clash else attribute, wire[-1])
        rules = getattr(model, "_validation", {}).get(attribute, {})
        found = Property(wire, entry["type"], rules)
        if not rules.get("readonly"):
            inputs[name] = found
        (clashes if clash else outputs)[name] = found
    return Properties(inputs, {**clashes, **outputs})


def _sdk_name(attribute: str, wire: str) -> str:
    """The wire's spelling where it is the same word (`openAIKey`), else the attribute in camelCase."""
    same = attribute.replace("_", "").lower() == wire.replace("_", "").lower()
    name = re.sub(r"_(\w)", lambda found: found[1].upper(), wire if same else attribute)
    return name[0].lower() + name[1:]
