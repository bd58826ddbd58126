"""Shapes of pools that tests deploy: how many members, in how many tiers."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

TIERS: Final = {"1": (1,), "2 flat": (2,), "2 tiered": (1, 1), "3 flat": (3,), "3 tiered": (1, 2)} | {
    "9 flat": (9,),
    "9 tiered": (2, 3, 4),
}
"""Members in each priority, by the name of the shape. "3 tiered" is the reference's."""


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
