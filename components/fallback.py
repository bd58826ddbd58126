"""Where a call goes after a failure that opens no breaker.

A pool leaves a member only when its circuit breaker is open. A connection that is refused, a 500 or a refused identity
opens none, so the pool may choose the same member again, and no documented member of a policy's `context` says which
member it was. Therefore the deployment makes further pools of the *same* members in other orders. A breaker belongs to
the backend, not to the pool, so open members are skipped in all of them, and all are exhausted at the same moment.

`<pool>-first` is a ladder, every member with a priority of its own, in the order (priority, name).
`<pool>-last` is that ladder turned round.
`<pool>-turned` has the pool's tiers in reverse order and keeps the weights.

A call goes pool → last → first. **With one dead member no call fails for it, as long as another member is closed**:
with two or more closed members the ladders choose the two ends of the closed ones, which differ, so at most one of
the two choices is the dead member. It makes no difference where the call started, nor how the pool weighs its members.

After such a failure the *next* calls start elsewhere, so that they do not pay for it again (and, where Azure gives up
without asking the retry condition, do not fail as well): in the turned pool, or where the pool has one tier, which
turning round would not change, in `last`; from there in `first`.

A member of weight 0 is in the ladders as well: it is chosen when those before it are open.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LAST, FIRST, TURNED = "last", "first", "turned"


@dataclass(frozen=True)
class Member:
    """A member of a pool: the backend's name, its priority and its weight, both 0 to 100; the lowest priority goes
    first. https://learn.microsoft.com/azure/api-management/backends"""

    name: str
    priority: int = 1
    weight: int = 1


@dataclass(frozen=True)
class FallbackPools:
    """The names of the pools to turn to, and those of them that have to be made (the pool itself is not among them)."""

    start_elsewhere: str
    last: str
    first: str
    pools: Mapping[str, tuple[Member, ...]] = field(default_factory=dict)


def fallback_names(pool: str) -> tuple[str, str, str]:
    """Every name that a fallback pool of this pool may have; no backend of the same service can have one of them."""
    return f"{pool}-{LAST}", f"{pool}-{FIRST}", f"{pool}-{TURNED}"


def fallback_pools(pool: str, members: Iterable[Member]) -> FallbackPools:
    """The pools that the policy of `pool` turns to. Orders that an earlier pool has already are not made twice."""
    members = tuple(members)
    if len(members) < 2:
        return FallbackPools(pool, pool, pool)
    ranked = sorted(members, key=lambda member: (member.priority, member.name))
    tiers = _tiers(ranked)
    last, first, turned = fallback_names(pool)
    orders = {
        last: _numbered([member] for member in reversed(ranked)),
        first: _numbered([member] for member in ranked),
    }
    if len(tiers) > 1:
        orders[turned] = _numbered(reversed(tiers))

    made: dict[str, tuple[Member, ...]] = {pool: members}
    names: dict[str, str] = {}
    for name, order in orders.items():
        same = next((known for known in made if _choices(made[known]) == _choices(order)), None)
        names[name] = same or name
        made.setdefault(names[name], order)
    del made[pool]
    return FallbackPools(names.get(turned, names[last]), names[last], names[first], made)


def _tiers(members: Iterable[Member]) -> list[list[Member]]:
    """The members by priority, the one that goes first first."""
    tiers: defaultdict[int, list[Member]] = defaultdict(list)
    for member in members:
        tiers[member.priority].append(member)
    return [tiers[priority] for priority in sorted(tiers)]


def _numbered(tiers: Iterable[Sequence[Member]]) -> tuple[Member, ...]:
    """The tiers with the priorities 1, 2, 3, …; a member that is alone in its tier needs no weight."""
    return tuple(
        Member(member.name, priority, member.weight if len(tier) > 1 else 1)
        for priority, tier in enumerate(tiers, start=1)
        for member in tier
    )


def _choices(members: Iterable[Member]) -> list[set[tuple[str, int]]]:
    """What decides a pool's choice, to tell whether two pools always choose alike."""
    return [{(member.name, member.weight if len(tier) > 1 else 1) for member in tier} for tier in _tiers(members)]
