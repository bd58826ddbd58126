"""The checks of inputs: of a whole gateway, as a stack's configuration gives them, or of one component (alone.py)."""

from collections.abc import Mapping
from typing import Any

from . import warning
from .completion import completed
from .inspection import inspect
from .place import Place
from .shapes import Shape
from .table import GATEWAY


def problems(inputs: Mapping[str, object], shape: Shape = GATEWAY) -> list[str]:
    """Every problem of inputs in camelCase, each with its place, what was found, what is allowed and what to do."""
    return list(inspect(shape, inputs, Place()))


def warnings(inputs: Mapping[str, object]) -> list[str]:
    """What Azure accepts and somebody will regret, for a whole gateway's inputs without problems."""
    return list(warning.gateway(normalised(inputs), Place()))


def normalised(inputs: Mapping[str, Any], shape: Shape = GATEWAY) -> dict[str, Any]:
    """Inputs without problems, made complete.

    Defaults are filled in, each backend has its whole breaker, whole doubles are whole numbers, urls have no slash at
    their end and durations their shortest form. Normalising twice changes nothing more.
    """
    return completed(shape, inputs)
