"""The runs behind docs/choosing.md: the reference with some settings changed, a steady load, and one outage."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from tests.support.reference import reference_config
from tests.support.simulated import reference_store
from twin.azure.store import Store
from twin.openai.fault_documents import fault_from
from twin.simulation import Outcome, Simulation
from twin.simulation.load import steady
from twin.simulation.world import Happening

RATE: Final = 20  # calls a second
SECONDS: Final = 90
BREAKS: Final = 20  # the second at which the account breaks
PRIMARY: Final = "aoai-eus2-1"
OTHERS: Final = ("aoai-eus-1", "aoai-eus-2")


@dataclass(frozen=True)
class Run:
    """`settings` are keys of Pulumi.dev.yaml; `fault` meets the first account for `broken` seconds."""

    title: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    fault: Mapping[str, Any] = field(default_factory=lambda: {"status": 503})
    broken: int = 30


@dataclass(frozen=True)
class Seen:
    """What a run looked like: for each second the calls that each backend served, those that nobody served, and the
    attempts at an account that came to nothing."""

    run: Run
    served: Mapping[str, Sequence[int]]
    failed: Sequence[int]
    lost: Sequence[int]
    back_after: int
    """Seconds from the end of the fault until the first account served calls again."""


def weighed(*places: tuple[int, int]) -> list[dict[str, Any]]:
    """The reference's backends with (priority, weight) of each, the first account's first."""
    return [
        {**one, "priority": priority, "weight": weight}
        for one, (priority, weight) in zip(reference_config()["backends"], places, strict=True)
    ]


def seen(run: Run) -> Seen:
    """Run it on virtual time."""
    outcomes = _outcomes(run)
    served = {name: [0] * SECONDS for name in (PRIMARY, *OTHERS)}
    failed, lost = [0] * SECONDS, [0] * SECONDS
    for one in outcomes:
        counts = served[one.served_by] if one.good else failed
        counts[int(one.began)] += 1
        lost[int(one.began)] += sum(not 200 <= attempt.status < 400 for attempt in one.attempts)
    back_after = next(second for second, count in enumerate(served[PRIMARY][BREAKS + run.broken :]) if count)
    return Seen(run, served, failed, lost, back_after)


def totals(what: Seen) -> Counter[str]:
    """Calls served by each backend while the fault lasted."""
    during = slice(BREAKS, BREAKS + what.run.broken)
    return Counter({name: sum(counts[during]) for name, counts in what.served.items()})


def _outcomes(run: Run) -> Sequence[Outcome]:
    """Panels of several pictures may show one deployment in one trouble: that is one run."""
    return _run(reference_store(**run.settings).text(), json.dumps(run.fault), run.broken)


@cache
def _run(deployed: str, fault: str, broken: int) -> Sequence[Outcome]:
    simulation = Simulation(Store.parse(deployed), seed=1)

    def break_it(world: Simulation) -> None:
        account = world.accounts.named(PRIMARY)
        assert account is not None
        account.faults.add(fault_from({**json.loads(fault), "for": broken}, world.clock.now()))

    return simulation.run(steady(RATE, SECONDS, prompt=100, answer=100), [Happening(BREAKS, break_it)])


_THROTTLED: Final = {"tokensPerMinute": 120_000}  # half of what the load asks for, and 720 of its 1,200 calls a minute

PICTURES: Final[Mapping[str, tuple[Run, Run]]] = {
    "priorities": (
        Run("Priorities 1, 2, 2", {"backends": weighed((1, 1), (2, 1), (2, 1))}),
        Run("Priority 1 for all", {"backends": weighed((1, 1), (1, 1), (1, 1))}),
    ),
    "weights": (
        Run("Weights 1 and 1", {"backends": weighed((1, 1), (2, 1), (2, 1))}),
        Run("Weights 3 and 1", {"backends": weighed((1, 1), (2, 3), (2, 1))}),
    ),
    "trip-duration": (
        Run("tripDuration PT10S", {"breaker": {"tripDuration": "PT10S"}}, broken=15),
        Run("tripDuration PT1M", {"breaker": {"tripDuration": "PT1M"}}, broken=15),
    ),
    "count": (
        Run("count 1", {"breaker": {"count": 1}}),
        Run("count 10", {"breaker": {"count": 10}}),
    ),
    "retry-after": (
        Run("acceptRetryAfter true", {"breaker": {"tripDuration": "PT1M"}}, _THROTTLED, 40),
        Run("acceptRetryAfter false", {"breaker": {"tripDuration": "PT1M", "acceptRetryAfter": False}}, _THROTTLED, 40),
    ),
}


@cache
def all_seen() -> Mapping[str, tuple[Seen, Seen]]:
    return {name: (seen(first), seen(second)) for name, (first, second) in PICTURES.items()}
