"""Hold recorded inputs against the provider SDK's own argument types.

Mocks accept anything: a misspelt key in a dict literal, a value outside an enum, a number where a text belongs. The SDK
knows better, in the classes that its resources take as arguments. This reads those classes through `pulumi._types`,
which is private: tests/support/test_strict.py fails when a new version of Pulumi changes it.
"""

import enum
import importlib
import inspect
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi import _types

from .deployment import Deployment, Resource, Secret, Unknown


def problems(resource: Resource) -> list[str]:
    """Everything in this registration that the SDK's types do not allow, one sentence each."""
    token = resource.type
    if not token.startswith("azure-native:"):
        return []
    return [f"{resource.name}: {p}" for p in _object(resource.inputs, args_type(token), token.rsplit(":", 1)[1])]


def all_problems(deployment: Deployment) -> list[str]:
    return [problem for resource in deployment for problem in problems(resource)]


def args_type(token: str) -> type:
    """`azure-native:apimanagement:Backend` -> the SDK's BackendArgs."""
    _, module, name = token.split(":")
    resource = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), name)
    return getattr(importlib.import_module(resource.__module__), f"{name}Args")


def _value(value: Any, kind: Any, path: str) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _value(value.value, kind, path)
        return
    if value is None or isinstance(value, Unknown):
        return
    kinds = list(_alternatives(kind))
    objects = [k for k in kinds if isinstance(k, type) and _types.is_input_type(k)]
    if objects:
        yield from _object(value, objects[0], path)
    elif any(typing.get_origin(k) in (list, Sequence) for k in kinds):
        yield from _list(value, kinds, path)
    elif any(typing.get_origin(k) in (dict, Mapping) for k in kinds):
        yield from _map(value, kinds, path)
    else:
        yield from _scalar(value, kinds, path)


def _object(value: Any, cls: type, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: expected {cls.__name__}, got {value!r}"
        return
    kinds = _types.input_type_types(cls)
    wire = _types.input_type_py_to_pulumi_names(cls)
    for key, item in value.items():
        if key in kinds:
            yield from _value(item, kinds[key], f"{path}.{key}")
        else:
            yield f"{path}.{key}: {cls.__name__} has no such property; it has {', '.join(sorted(kinds))}"
    for name, parameter in inspect.signature(cls).parameters.items():
        if parameter.default is parameter.empty and wire[name] not in value:
            yield f"{path}.{wire[name]}: {cls.__name__} requires it"


def _list(value: Any, kinds: list[Any], path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{path}: expected a list, got {value!r}"
        return
    item_kind = next(typing.get_args(k)[0] for k in kinds if typing.get_origin(k) in (list, Sequence))
    for index, item in enumerate(value):
        yield from _value(item, item_kind, f"{path}[{index}]")


def _map(value: Any, kinds: list[Any], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: expected a mapping, got {value!r}"
        return
    item_kind = next(typing.get_args(k)[1] for k in kinds if typing.get_origin(k) in (dict, Mapping))
    for key, item in value.items():
        yield from _value(item, item_kind, f"{path}[{key}]")


def _scalar(value: Any, kinds: list[Any], path: str) -> Iterator[str]:
    allowed = [member.value for k in kinds if isinstance(k, type) and issubclass(k, enum.Enum) for member in k]
    if allowed:
        if value not in allowed:
            yield f"{path}: {value!r} is not one of {', '.join(map(str, allowed))}"
        return
    simple = {k for k in kinds if k in (str, int, float, bool)}
    if float in simple:
        simple.add(int)
    if simple and type(value) not in simple:  # not isinstance: True is no number here
        yield f"{path}: expected {' or '.join(sorted(k.__name__ for k in simple))}, got {value!r}"


def _alternatives(kind: Any) -> Iterator[Any]:
    """The members of a union, however deep: Input[T] is a union of T, an awaitable and an output."""
    unwrapped = _types.unwrap_type(kind)
    if _types._is_union_type(unwrapped):
        for member in typing.get_args(unwrapped):
            yield from _alternatives(member)
    elif unwrapped is not type(None):
        yield unwrapped
