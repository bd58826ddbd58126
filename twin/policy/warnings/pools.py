"""What a policy asks of a pool that its members' circuit breakers do not give. Needs the pool's members.

https://learn.microsoft.com/azure/api-management/backends#load-balanced-pool
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..context import Context, Deployment, Headers, Request, Response, Url
from ..document import Element
from ..expression_slots import Slot, compiled, slots
from ..expressions import Compiled, ExpressionError
from ..expressions.errors import ExpressionFault
from ..problem import Problem, warning
from .retries import longest_wait
from .routes import chosen_in, is_literal, retries

Statuses = tuple[tuple[int, int], ...]
"""Ranges of statuses, both ends included."""

_ERRORS = range(400, 600)


@dataclass(frozen=True)
class Member:
    """A member of a pool; `watched` are the statuses that its circuit breaker counts, None where it has no breaker."""

    name: str
    priority: int
    watched: Statuses | None

    def watches(self, status: int) -> bool:
        return any(low <= status <= high for low, high in self.watched or ())


MembersOf = Callable[[str], Sequence[Member]]


def pool_warnings(root: Element, members_of: MembersOf) -> Iterator[Problem]:
    """Warnings about the pools that a policy names, each at the place that names it."""
    for element in root.walk():
        if element.tag == "set-backend-service":
            pool = element.get("backend-id") or ""
            for message in priority_warnings(pool, members_of(pool)):
                yield warning(element, message)
    conditions = {id(slot.element): slot for slot in slots(root) if slot.element.tag == "retry"}
    for retry in retries(root):
        if id(retry) in conditions:
            yield from _repeated_in_vain(root, retry, conditions[id(retry)], members_of)


def priority_warnings(pool: str, members: Sequence[Member]) -> Iterator[str]:
    """What is wrong with a pool whatever policy uses it."""
    last = max((member.priority for member in members), default=0)
    for member in members:
        if member.watched is None and member.priority < last:
            yield (
                f"Nothing below priority {member.priority} of the pool '{pool}' is ever used: its member "
                f"'{member.name}' has no circuit breaker, so it never counts as unavailable. Give it one."
            )


def _repeated_in_vain(root: Element, retry: Element, condition: Slot, members_of: MembersOf) -> Iterator[Problem]:
    """Statuses that are tried again at once although the member that gave them stays in the pool."""
    chosen = chosen_in(retry) or chosen_in(root)
    if longest_wait(retry) != 0 or len(set(chosen)) != 1 or not is_literal(chosen[0][1]):
        return
    pool = chosen[0][1]
    members = members_of(pool)
    repeated = _repeated(condition)
    for member in members:
        kept = [status for status in repeated if not member.watches(status)]
        if kept:
            yield warning(
                retry,
                f"This repeats {_ranges(kept)}, which the circuit breaker of '{member.name}' in the pool '{pool}' does "
                "not watch: the pool may give the call to the same member again. Let the breaker watch what is "
                "repeated, or choose another pool for the next attempt.",
            )


def _repeated(condition: Slot) -> list[int]:
    """The statuses for which a retry's condition is true, as far as the answer alone decides that."""
    try:
        asked = compiled(condition)
    except ExpressionError:
        return []
    return [status for status in _ERRORS if _is_true(asked, status)]


def _is_true(asked: Compiled, status: int) -> bool:
    try:
        return asked.run(_answered_with(status)) is True
    except ExpressionFault:
        return False  # it asks for a variable, which only a call has


class _NoChance:
    """Draws the same each time: a condition that draws is not judged by its luck."""

    def random(self) -> float:
        return 0.5

    def getrandbits(self, bits: int, /) -> int:
        return 0


def _answered_with(status: int) -> Context:
    url = Url("https", "gateway", 443, "/")
    return Context(
        request=Request("POST", lambda: url, lambda: url, Headers()),
        now=lambda: 0.0,
        chance=_NoChance(),
        timestamp=0.0,
        request_id="",
        deployment=Deployment("", ""),
        response=Response(status, "", Headers()),
    )


def _ranges(statuses: Sequence[int]) -> str:
    """`500, 502-504`."""
    runs: list[list[int]] = []
    for status in statuses:
        if runs and status == runs[-1][1] + 1:
            runs[-1][1] = status
        else:
            runs.append([status, status])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)
