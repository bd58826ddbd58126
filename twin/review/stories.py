"""What the failover stories become before and after a change: the same calls, accounts and trouble for both."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from ..azure.store import Store
from ..simulation.outcome import Outcome
from ..simulation.scenario import Circumstances, Scenario, Stage, stage_of, told


@dataclass(frozen=True)
class Figures:
    """`failed`: part of the calls that got no answer of use. `slowest`: seconds that 95 of 100 good answers beat.
    `attempts`: requests to accounts for each call."""

    failed: float
    slowest: float
    attempts: float


@dataclass(frozen=True)
class Story:
    """One story, before and after; `None` where a deployment has no pool to tell it of."""

    name: str
    title: str
    before: Figures | None
    after: Figures | None

    @property
    def worse(self) -> float:
        """Percentage points of calls that fail more than before; below zero: less."""
        if self.before is None or self.after is None:
            return 0.0 if self.before is None else 100.0
        return 100 * (self.after.failed - self.before.failed)


def told_twice(
    stories: Iterable[Scenario], before: Store, after: Store, seeds: int, report: Callable[[str], None]
) -> list[Story]:
    """Each story on both deployments. `report` hears the title of the one that is being told."""
    old, new = _stage(before), _stage(after)
    stage = old or new
    found = []
    for story in stories:
        report(story.title)
        figures = [
            _figures(story, store, stage, seeds) if own and stage else None
            for store, own in ((before, old), (after, new))
        ]
        found.append(Story(story.name, story.title, figures[0], figures[1]))
    return found


def _stage(store: Store) -> Stage | None:
    try:
        return stage_of(store)
    except (ValueError, StopIteration):
        return None


def _figures(story: Scenario, store: Store, stage: Stage, seeds: int) -> Figures:
    outcomes = [one for seed in range(seeds) for one in told(story, store, Circumstances(seed), stage)]
    return figures_of(outcomes)


def figures_of(outcomes: Sequence[Outcome]) -> Figures:
    """The figures of some calls."""
    good = sorted(one.seconds for one in outcomes if one.good)
    count = max(1, len(outcomes))
    return Figures(
        failed=1 - len(good) / count,
        slowest=good[ceil(len(good) * 0.95) - 1] if good else 0.0,
        attempts=sum(len(one.attempts) for one in outcomes) / count,
    )


def failed(figures: Figures | None) -> str:
    """For a table."""
    return "no pool" if figures is None else f"{100 * figures.failed:.1f} %"


def seconds(figures: Figures | None) -> str:
    """For a table."""
    return "" if figures is None else f"{figures.slowest:.1f} s"
