"""The outputs of a component: what its class declares, under the names that other languages know."""

import inspect
from typing import Any

import pulumi


def declared(component: pulumi.ComponentResource, cls: type) -> dict[str, Any]:
    """Every output that `cls` annotates, in camelCase as in the plugin's schema, so that both are the same set."""
    return {camel(name): getattr(component, name) for name in inspect.get_annotations(cls)}


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
