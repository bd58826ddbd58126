"""A load-balanced pool: which member gets the next attempt.

The lowest priority number that has a member with a closed breaker is used, and within it the weights. A member without
a breaker is always available, so nothing below its priority is ever used.
https://learn.microsoft.com/azure/api-management/backends#load-balanced-pool
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..chance import Stream


@dataclass(frozen=True)
class Member:
    """A backend's place in a pool. A lower `priority` number is used first; `weight` is relative within a priority."""

    backend: str
    priority: int
    weight: int


class Pool:
    """Chooses members; the turn of each is state of one gateway unit.

    Choice is smooth weighted round robin: every member gains its weight at each choice, the one with the most is
    chosen and pays what all gained. Members that are out keep their place, so weights do not shift for the others.
    """

    def __init__(self, members: Sequence[Member], chance: Stream, *, at_random: bool = False) -> None:
        self.members = tuple(members)
        by_priority = sorted(members, key=lambda member: member.priority)
        self._groups = [list(group) for _, group in groupby(by_priority, lambda member: member.priority)]
        self._chance = chance
        self._at_random = at_random
        # Units do not start in step: each begins at a phase of its own.
        self._credit = {member.backend: chance.random() * member.weight for member in self.members}

    def choose(self, is_available: Callable[[str], bool]) -> Member | None:
        """The member for the next attempt, or None when every breaker is open."""
        group = self._open_group(is_available)
        if len(group) < 2:
            return group[0] if group else None
        # A group of zeros is not refused by Azure; what it means is undocumented. Taking turns is the plain reading.
        weights = {m.backend: m.weight if any(o.weight for o in group) else 1 for m in group}
        if self._at_random:
            return self._chance.choices(group, [weights[m.backend] for m in group])[0]
        return self._take_turn(group, weights)

    def _open_group(self, is_available: Callable[[str], bool]) -> list[Member]:
        for group in self._groups:
            available = [member for member in group if is_available(member.backend)]
            if available:
                return available
        return []

    def _take_turn(self, group: Sequence[Member], weights: dict[str, int]) -> Member:
        for member in group:
            self._credit[member.backend] += weights[member.backend]
        chosen = max(group, key=lambda member: self._credit[member.backend])
        self._credit[chosen.backend] -= sum(weights.values())
        return chosen
