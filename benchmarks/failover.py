"""How much of what could be had callers get through the default policy, in the stories of twin/simulation/scenarios.

`failover.goodput.S1` is the tokens of all calls that were answered well, against those that a router which knows every
account's state gets answered (twin/simulation/oracle.py); `failover.reference.S1` the same with the policy that only
sends calls to the pool, `failover.no_wait.S1` with the default policy but for calls that wait for a breaker, and
`failover.short_trips.S1` with breakers that stay open for a second, whatever the account asks for. All are told the
same calls, sizes and latencies.
"""

import multiprocessing
import os
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import yaml

from components.policy import reference_policy
from tests.support.reference import deploy_reference
from tests.support.simulated import recorded, reference_store, simulate_reference
from twin.azure.estate import REFERENCE
from twin.azure.store import Store
from twin.chance import Chance
from twin.simulation import (
    Arrival,
    Circumstances,
    Outcome,
    goodput,
    poisson,
    scenarios,
    store_of,
    told,
    told_at_best,
)

SEEDS, BURST = 10, 1.0
FEW_SEEDS, OTHER_BURSTS = 2, (0.25, 2.0)
OUTAGE, OUTAGE_SECONDS = "S5", (600, 660)
POISON_EVERY = 10  # seconds: the trip duration of the reference
SHORT_TRIPS = {"acceptRetryAfter": False, "tripDuration": "PT1S"}
LET_IN = """
<set-header name="api-key" exists-action="delete" />
<authentication-managed-identity resource="https://cognitiveservices.azure.com" />
"""
OTHERS_A_SECOND, POISON_SECONDS = 10.0, 600.0


@dataclass(frozen=True)
class Telling:
    """One story, told once."""

    story: str
    burst: float
    seed: int
    scale: int


@dataclass(frozen=True)
class Told:
    """Goodput against the best that could be had, and what became of calls while an account was out: how many there
    were, how many of them failed, and how many would have failed at best."""

    telling: Telling
    default: float
    reference: float
    no_wait: float
    short_trips: float
    during: int
    failed: int
    failed_at_best: int


def in_stories(show: Callable[[str], None], scale: int = 1) -> Iterator[dict[str, float]]:
    """The figures story by story, as they come. `scale` multiplies limits and load; above 1 their names begin with
    `failover10`, if it is ten, and there are fewer seeds, as each is that much longer."""
    workers = min(os.cpu_count() or 1, 8)
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for scenario in scenarios():
            tellings = list(_tellings(scenario.name, scale))
            told_ones: list[Told] = []
            for one in pool.map(tell, tellings):
                told_ones.append(one)
                show(f"{scenario.name} ({scenario.title}): {len(told_ones)} of {len(tellings)}")
            yield figures(f"failover{scale if scale > 1 else ''}", scenario.name, told_ones)


def _tellings(story: str, scale: int) -> Iterator[Telling]:
    for seed in range(SEEDS if scale == 1 else FEW_SEEDS):
        yield Telling(story, BURST, seed, scale)
    for burst in OTHER_BURSTS:
        for seed in range(FEW_SEEDS):
            yield Telling(story, burst, seed, scale)


def tell(telling: Telling) -> Told:
    scenario = next(one for one in scenarios() if one.name == telling.story)
    circumstances = Circumstances(telling.seed, telling.scale, telling.burst)
    store = reference_store()
    outcomes = told(scenario, store, circumstances)
    at_best = told_at_best(scenario, store, circumstances)
    best = goodput(at_best)

    def share(other: Store) -> float:
        return goodput(told(scenario, other, circumstances)) / best

    during, during_at_best = _during_the_outage(outcomes), _during_the_outage(at_best)
    return Told(
        telling,
        default=goodput(outcomes) / best,
        reference=share(reference_alone()),
        no_wait=share(reference_store(policy={"recoveryWait": 0})),
        short_trips=share(reference_store(breaker=SHORT_TRIPS)),
        during=len(during),
        failed=sum(not one.good for one in during),
        failed_at_best=sum(not one.good for one in during_at_best),
    )


def _during_the_outage(outcomes: Sequence[Outcome]) -> list[Outcome]:
    begin, end = OUTAGE_SECONDS
    return [one for one in outcomes if begin <= one.began < end]


def reference_alone() -> Store:
    """Pulumi.dev.yaml with the reference policy in place of the default one, and no more than it needs to be let in."""
    resources = recorded(deploy_reference())
    [policy] = [one for one in resources if one.token == "apimanagement:ApiPolicy"]
    text = reference_policy("openaiopool").replace("</inbound>", f"{LET_IN}</inbound>")
    changed = replace(policy, inputs={**policy.inputs, "value": text})
    return store_of(
        [changed if one is policy else one for one in resources], yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
    )


def figures(part: str, story: str, told_ones: Sequence[Told]) -> dict[str, float]:
    by_burst: defaultdict[float, list[Told]] = defaultdict(list)
    for one in told_ones:
        by_burst[one.telling.burst].append(one)
    usual = by_burst.pop(BURST)
    made = {
        f"{part}.goodput.{story}": statistics.mean(one.default for one in usual),
        f"{part}.reference.{story}": statistics.mean(one.reference for one in usual),
        f"{part}.no_wait.{story}": statistics.mean(one.no_wait for one in usual),
        f"{part}.short_trips.{story}": statistics.mean(one.short_trips for one in usual),
    }
    for burst, others in by_burst.items():
        made[f"{part}.goodput.{story}.burst_{burst:g}s"] = statistics.mean(one.default for one in others)
    if story == OUTAGE:
        calls = sum(one.during for one in usual)
        made[f"{part}.outage_errors"] = sum(one.failed for one in usual) / calls
        made[f"{part}.outage_errors_at_best"] = sum(one.failed_at_best for one in usual) / calls
    return made


def beside_poison() -> dict[str, float]:
    """The part of other callers' calls that fails while, once a trip duration, a request comes that always gets 500."""
    others = poisson(OTHERS_A_SECOND, POISON_SECONDS, Chance(0).stream("others"))
    poison = [Arrival(5.0 + at, poison=True) for at in range(0, int(POISON_SECONDS), POISON_EVERY)]
    load = sorted([*others, *poison], key=lambda arrival: arrival.at)
    outcomes: list[Outcome] = simulate_reference().run(load)
    of_others = [one for one, arrival in zip(outcomes, load, strict=True) if not arrival.poison]
    return {"failover.poison_errors": sum(not one.good for one in of_others) / len(of_others)}
