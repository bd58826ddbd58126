"""The demonstration as a story in three scenes: traffic flows, the accounts that are used first break, and they heal.

It is told on a stage, which has the traffic, the twin and the time; so the same story plays before a terminal and, on
virtual time, in a test.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from .look import Member, Pool, Service, since

CALM: Final = 2.5  # seconds of traffic before the break, and after the last breaker has closed
BROKEN: Final = 3.0  # seconds for which the accounts are broken
# Seconds that their answers ask to stay away. Shorter than the usual trip duration, so that where breakers accept it
# the story ends within ten seconds.
RETRY_AFTER: Final = 5
LONGEST_WAIT: Final = 60.0  # seconds for breakers to close, after which the story ends without its last scene
_STEP: Final = 0.25  # seconds between two looks; scenes last a whole number of them
_SHORTEST_STEP: Final = 0.01

BEFORE, OUT, HEALED = "before", "while out", "healed"


class Stage(Protocol):
    def look(self) -> Service: ...

    def wait(self, seconds: float) -> None: ...

    def break_(self) -> None:
        """Break the accounts that the story is about. Whatever happens later, `heal` follows."""
        ...

    def heal(self) -> None: ...

    def tell(self, text: str) -> None:
        """A sentence that stays."""
        ...

    def show(self, text: str) -> None:
        """What is going on at the moment."""
        ...

    def answers(self) -> Mapping[int, int]:
        """How many callers got which status so far; 0 stands for no answer."""
        ...


@dataclass(frozen=True)
class Scene:
    """What the service did in one part of the story."""

    title: str
    did: Service


def those_to_break(pool: Pool) -> list[str]:
    """The backends of the priority that is used first; in a flat pool one of them, so that somebody is left."""
    first = pool.tier(pool.members[0].priority)
    return [one.backend for one in (first if len(first) < len(pool.members) else first[:1])]


def play(stage: Stage, pool: Pool, broken: Sequence[str]) -> list[Scene]:
    """Tell the story. Always heals what it broke. Fewer than three scenes: a breaker stays open for too long."""
    those, (are, it, its) = (
        _names(broken),
        ("is", "it answers", "its") if len(broken) == 1 else ("are", "they answer", "their"),
    )
    if not _waited_until_closed(
        stage, pool, [one.backend for one in pool.members], "waiting for a breaker, which closes"
    ):
        return []
    began = stage.look()
    _watched(stage, pool, CALM, "all is well")
    broke = stage.look()
    stage.tell(f"  {those} {are} broken: {it} 503 with Retry-After {RETRY_AFTER}.")
    try:
        stage.break_()
        _watched(stage, pool, BROKEN, f"{those} {are} out")
    finally:
        stage.heal()
    left = _seconds_open(stage.look(), broken)
    closing = f"; nothing is sent there until {its} breaker closes, in {left:.0f} s" if left else ""
    stage.tell(f"  {those} {are} well again{closing}.")
    closed = _waited_until_closed(stage, pool, broken, "well again, the breaker closes")
    scenes = [Scene(BEFORE, since(broke, began))]
    if closed is None:
        return [*scenes, Scene(OUT, since(stage.look(), broke))]
    _watched(stage, pool, CALM, f"{those} {are} back")
    return [*scenes, Scene(OUT, since(closed, broke)), Scene(HEALED, since(stage.look(), closed))]


def table(scenes: Sequence[Scene], pool: Pool) -> list[tuple[str, ...]]:
    """Who served what: a row for each member, then what became of the calls. Numbers are aligned to the right."""
    rows = [["", *(scene.title for scene in scenes)]]
    for member in pool.members:
        served = [scene.did.backends[member.backend].served for scene in scenes]
        rows.append([f"{member.backend}, priority {member.priority}", *map(str, served)])
    for status in sorted({status for scene in scenes for one in pool.members for status in _failed(scene, one)}):
        named = f"{status} from an account" if status != "none" else "no answer from an account"
        rows.append([named, *(str(sum(_failed(scene, one)[status] for one in pool.members)) for scene in scenes)])
    rows += [
        [f"{status} to callers", *(str(scene.did.answered[status]) for scene in scenes)]
        for status in sorted({status for scene in scenes for status in scene.did.answered})
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [(row[0], *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))) for row in rows]


def verdict(answers: Mapping[int, int]) -> str:
    """What callers noticed."""
    calls, good = sum(answers.values()), answers.get(200, 0)
    if good == calls:
        return f"All {calls} calls were answered with 200."
    others = (f"{count} got {status or 'no answer'}" for status, count in sorted(answers.items()) if status != 200)
    return f"{good} of {calls} calls were answered with 200; {', '.join(others)}."


def _watched(stage: Stage, pool: Pool, seconds: float, now: str) -> None:
    """Let the traffic flow and show who serves it."""
    before = stage.look()
    for _ in range(round(seconds / _STEP)):
        stage.wait(_STEP)
        after = stage.look()
        stage.show(f"{now}; {_progress(since(after, before), pool, stage.answers())}")


def _waited_until_closed(stage: Stage, pool: Pool, backends: Sequence[str], what: str) -> Service | None:
    """The last look at which one of the breakers was open still, or just any if none was; None: it takes too long.

    Steps get shorter towards the end, so that next to nothing is served between that look and the closing.
    """
    before = last = stage.look()
    left = _seconds_open(last, backends)
    if left > LONGEST_WAIT:
        stage.tell(f"  A breaker stays open for another {left:.0f} s, which is too long to wait here.")
        return None
    while left:
        stage.show(f"{what} in {left:.0f} s; {_progress(since(last, before), pool, stage.answers())}")
        stage.wait(min(_STEP, max(_SHORTEST_STEP, left / 2)))
        now = stage.look()
        left = _seconds_open(now, backends)
        last = now if left else last
    return last


def _progress(did: Service, pool: Pool, answers: Mapping[int, int]) -> str:
    served = {member.backend: did.backends[member.backend].served for member in pool.members}
    total = sum(served.values())
    shares = [f"{name} {count / total:.0%}" for name, count in served.items() if count]
    statuses = [f"{count} x {status or 'no answer'}" for status, count in sorted(answers.items())]
    return "; ".join(", ".join(part) for part in (statuses, shares) if part)


def _failed(scene: Scene, member: Member) -> Counter[str]:
    return scene.did.backends[member.backend].failed


def _seconds_open(service: Service, backends: Sequence[str]) -> float:
    return max((service.backends[name].seconds_open for name in backends), default=0.0)


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
