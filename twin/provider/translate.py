"""Values as the engine sends them, what changed between two of them, and how a change of outputs reaches the inputs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from google.protobuf import struct_pb2

from ..azure.shapes import Json

Kind: TypeAlias = Literal["ADD", "DELETE", "UPDATE"]


@dataclass(frozen=True)
class Change:
    """One difference. `path` is the engine's (`pool.services[2].id`), `name` its first step."""

    path: str
    name: str
    kind: Kind


def load(struct: struct_pb2.Struct) -> dict[str, Json]:
    """A struct as plain values: without nulls, and with whole numbers as integers (a struct knows only doubles)."""
    return {key: _plain(value) for key, value in struct.fields.items() if value.WhichOneof("kind") != "null_value"}


def dump(values: Mapping[str, Json]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct


def _plain(value: struct_pb2.Value) -> Json:
    match value.WhichOneof("kind"):
        case "struct_value":
            return load(value.struct_value)
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None


def changes(old: Mapping[str, Json], new: Mapping[str, Json]) -> list[Change]:
    """How new inputs differ from old ones. Names with two underscores in front are the provider's own and no change."""
    found: list[Change] = []
    for name in sorted(_keys(old, new)):
        if not name.startswith("__"):
            found += [Change(path, name, kind) for path, kind in _differ(old.get(name), new.get(name), name)]
    return found


def _differ(old: Json, new: Json, path: str) -> list[tuple[str, Kind]]:
    if old is None:
        return [(path, "ADD")]
    if new is None:
        return [(path, "DELETE")]
    if isinstance(old, dict) and isinstance(new, dict):
        steps = [(old.get(key), new.get(key), path + _step(key)) for key in _keys(old, new)]
    elif isinstance(old, list) and isinstance(new, list):
        longest = range(max(len(old), len(new)))
        steps = [(_item(old, index), _item(new, index), f"{path}[{index}]") for index in longest]
    else:
        return [] if _same(old, new, path) else [(path, "UPDATE")]
    return [found for step in steps for found in _differ(*step)]


def _same(old: Json, new: Json, path: str) -> bool:
    # Azure takes "East US 2" for "eastus2", and the names of resource groups in any case.
    if path == "location" and isinstance(old, str) and isinstance(new, str):
        return old.replace(" ", "").lower() == new.replace(" ", "").lower()
    if path == "resourceGroupName" and isinstance(old, str) and isinstance(new, str):
        return old.lower() == new.lower()
    return old == new


def _keys(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterable[str]:
    return {**old, **new}.keys()


def _item(values: list[Json], index: int) -> Json:
    return values[index] if index < len(values) else None


def _step(key: str) -> str:
    return f".{key}" if re.fullmatch(r"\w+", key) else f'["{key}"]'


def carry(base: Any, old: Any, new: Any) -> Any:
    """What changed between two reads, `old` and `new`, carried into the inputs, `base`.

    Azure gives back more than a user wrote, so the reads cannot replace the inputs: only what differs between the
    two reads was changed by somebody else.
    """
    if isinstance(base, dict) and isinstance(old, dict) and isinstance(new, dict):
        kept = {key: value for key, value in base.items() if key in new or key not in old}
        changed = {key: value for key, value in new.items() if key not in old or value != old[key]}
        return kept | {
            key: carry(base[key], old[key], value) if key in base and key in old else value
            for key, value in changed.items()
        }
    if isinstance(base, list) and isinstance(old, list) and isinstance(new, list):
        both = min(len(base), len(old))
        return [carry(base[i], old[i], value) if i < both else value for i, value in enumerate(new)]
    return new


def without_empty(value: Any) -> Any:
    """The value without empty lists and objects, at any depth; None when nothing is left.

    An answer of Azure is full of them; an import that showed each would be unreadable.
    """
    if isinstance(value, dict):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None} or None
    if isinstance(value, list):
        return [item for item in map(without_empty, value) if item is not None] or None
    return value
