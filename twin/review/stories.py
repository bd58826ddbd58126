"""What the failover stories become before and after a change: the same calls, accounts and trouble for both."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from ..azure.store import Store
from ..simulation import Simulation
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
    """One story, before and after; `None` where a deployment has no pool, or no API, to tell it of."""

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


@dataclass(frozen=True)
class Play:
    """One story of one deployment, a job that needs nothing else."""

    story: Scenario
    store: Store
    stage: Stage
    seeds: int


def told_twice(
    stories: Sequence[Scenario],
    before: Store,
    after: Store,
    seeds: int,
    each: Callable[[Callable[[Play], Figures], Iterable[Play]], Iterable[Figures]] = map,
) -> Iterator[Story]:
    """Each story on both deployments, one by one. `each` works as `map` does; it may do several jobs at a time."""
    old, new = _stage(before), _stage(after)
    stage = old or new
    if stage is None:
        yield from (Story(one.name, one.title, None, None) for one in stories)
        return
    stores = [store for store, own in ((before, old), (after, new)) if own]
    figures = iter(each(played, [Play(story, store, stage, seeds) for story in stories for store in stores]))
    for one in stories:
        first = next(figures) if old else None
        yield Story(one.name, one.title, first, next(figures) if new else None)


def played(play: Play) -> Figures:
    outcomes = [
        one for seed in range(play.seeds) for one in told(play.story, play.store, Circumstances(seed), play.stage)
    ]
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


def _stage(store: Store) -> Stage | None:
    """None where there is nothing to call, or no accounts that stand in for one another."""
    services = Simulation(store).gateway.services.values()
    if not any(api.operations for one in services for api in one.configuration.apis):
        return None
    try:
        return stage_of(store)
    except ValueError:
        return None


def failed(figures: Figures | None) -> str:
    """For a table."""
    return "no failover" if figures is None else f"{100 * figures.failed:.1f} %"


def seconds(figures: Figures | None) -> str:
    """For a table."""
    return "" if figures is None else f"{figures.slowest:.1f} s"
