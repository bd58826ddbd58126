"""Shapes of pools that tests deploy: how many members, in how many tiers."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import pytest

TIERS: Final = {"1": (1,), "2 flat": (2,), "2 tiered": (1, 1), "3 flat": (3,), "3 tiered": (1, 2)} | {
    "9 flat": (9,),
    "9 tiered": (2, 3, 4),
}
"""Members in each priority, by the name of the shape. "3 tiered" is the reference's."""
SEVERAL: Final = tuple(shape for shape in TIERS if shape != "1")
WITHOUT_IDENTITY: Final = ("1", "3 tiered", "9 flat")
"""Shapes that are deployed also without an identity of the gateway's: every deployment takes a quarter of a second."""


def each_shape(shapes: Iterable[str] = TIERS) -> pytest.MarkDecorator:
    """Runs a test with `shape` and `identity`: whether the gateway calls the accounts with its own."""
    shapes = tuple(shapes)
    pairs = [(shape, True) for shape in shapes] + [(shape, False) for shape in WITHOUT_IDENTITY if shape in shapes]
    texts = [f"{shape}, {'own identity' if identity else 'caller-s token'}" for shape, identity in pairs]
    return pytest.mark.parametrize(("shape", "identity"), pairs, ids=texts)


def pool(shape: str) -> list[dict[str, Any]]:
    """The configuration key `backends`: aoai-1, aoai-2, …, each with an account of its name."""
    return tiers(*TIERS[shape])


def tiers(*sizes: int) -> list[dict[str, Any]]:
    bounds = [sum(sizes[:index]) for index in range(len(sizes) + 1)]
    return [
        member(f"aoai-{number + 1}", priority)
        for priority, (begin, end) in enumerate(pairwise(bounds), start=1)
        for number in range(begin, end)
    ]


def member(name: str, priority: int = 1, weight: int = 1) -> dict[str, Any]:
    account = {"name": name, "resourceGroup": "rg-openai"}
    return {"name": name, "account": account, "priority": priority, "weight": weight}


def names(backends: Sequence[dict[str, Any]], priority: int | None = None) -> list[str]:
    """The members' names, or those of one priority."""
    return [one["name"] for one in backends if priority in (None, one["priority"])]
