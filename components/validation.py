"""Holds a component's arguments against what the component takes, before anything is registered."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from .checks import camel_case, message, normalised, problems, snake_case
from .checks.shapes import Shape


def settled(component: str, shape: Shape, args: Mapping[str, Any], *further: str) -> dict[str, Any]:
    """The arguments with every default filled in and whole numbers as `int`. RunError tells of all problems at once.

    `further` are problems that only the component could find.
    """
    inputs = camel_case(shape, args)
    refuse(component, [*problems(inputs, shape), *further])
    return snake_case(shape, normalised(inputs, shape))


def refuse(component: str, found: Sequence[str]) -> None:
    """RunError ends a program with its text alone; any other exception would bury the text in a traceback."""
    if found:
        raise pulumi.RunError(message(found, component))
