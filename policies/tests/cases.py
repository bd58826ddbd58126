"""What a test case of a rule is."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from stage import Asked


class World(NamedTuple):
    """A stack, and how the rule looks at it (preview, stack, config)."""

    resources: Sequence[Asked]
    how: dict[str, Any]


class Case(NamedTuple):
    """For one rule: stacks it is content with, stacks it stops (with words of what it says), and previews.

    `decided` are previews with unknown values that it stops all the same, `undecided` those in which it cannot know.
    """

    passes: Sequence[World]
    fails: Sequence[tuple[World, str]]
    decided: Sequence[tuple[World, str]] = ()
    undecided: Sequence[World] = ()


def world(*resources: Asked, **how: Any) -> World:
    return World(resources, how)


def preview(*resources: Asked, **how: Any) -> World:
    return World(resources, {"preview": True, **how})
