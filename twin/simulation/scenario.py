"""Load and outage stories as data, and what a deployment makes of them.

A story, in YAML, is told of any deployment:

    title: The primary answers 503 for a minute
    load: [{share: 0.4, seconds: 1500}]
    trouble: [{tier: primary, at: 600, for: 60, faults: [{status: 503}]}]

`share` is a part of the capacity that all accounts have together; parts of a load follow one another. Faults are those
of openai/faults.py. `tier`: `primary` are the accounts that the pool uses first, `last` one of those that it uses last,
`all` all of them.

The accounts are given limits and a pace of the story's own, the same for every deployment: 60,000 tokens a minute of
provisioned throughput for each account of the first tier, where there are several tiers, and 30,000 pay-as-you-go
tokens for every other one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ..assumptions import Assumptions
from ..azure.store import Store
from ..backends.backend import Backend, BackendPool
from ..chance import Chance
from ..openai.settings import Behaviour, Deployment
from .load import Arrival, Sizes, poisson
from .oracle import at_best
from .outcome import Outcome
from .world import Happening, Simulation, breaking

FOLDER: Final = Path(__file__).with_name("scenarios")
PROVISIONED: Final = Deployment("gpt-4o", "gpt-4o", "ProvisionedManaged", 24)
STANDARD: Final = Deployment("gpt-4o", "gpt-4o", "Standard", 30)
SIZES: Final = Sizes(tokens=1082, spread=0.6, answer_share=0.185)
PACE: Final = Behaviour(first_token=0.35, spread=0.3, tokens_per_second=60, error=0.03)


@dataclass(frozen=True)
class Trouble:
    """Faults, in JSON, of a tier's accounts, from a moment on for so many seconds."""

    tier: str
    at: float
    seconds: float
    faults: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Scenario:
    """`load` are (share of the capacity, seconds), one after the other."""

    name: str
    title: str
    load: tuple[tuple[float, float], ...]
    trouble: tuple[Trouble, ...] = ()

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds in self.load)


@dataclass(frozen=True)
class Circumstances:
    """What a story is told with. `scale` multiplies limits and load; `burst` is that of provisioned deployments."""

    seed: int = 0
    scale: int = 1
    burst: float = 1.0
    units: int = 1
    assume: Assumptions | None = None


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All stories that come with the twin, in the order of their names."""
    return tuple(_read(file) for file in sorted(FOLDER.glob("*.yaml")))


def _read(file: Path) -> Scenario:
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Scenario(
        name=file.stem.partition("-")[0],
        title=told["title"],
        load=tuple((float(part["share"]), float(part["seconds"])) for part in told["load"]),
        trouble=tuple(
            Trouble(one["tier"], one["at"], one["for"], tuple(one["faults"])) for one in told.get("trouble") or ()
        ),
    )


@dataclass(frozen=True)
class Stage:
    """The accounts that a story is told of: by priority, the first ones first, and what each has bought.

    Two deployments that are to be compared share a stage: then the same accounts break, the load is the same, and an
    account that only one of them has is an ordinary one.
    """

    tiers: tuple[tuple[str, ...], ...]
    bought: Mapping[str, Deployment]

    @property
    def tokens_per_second(self) -> float:
        return sum(deployment.tokens_per_minute for deployment in self.bought.values()) / 60


def stage_of(store: Store, scale: int = 1) -> Stage:
    """The stage that a deployment is. Raises ValueError where it has no pool. `scale` multiplies what was bought."""
    tiers = tiers_of(Simulation(store))
    bought = {}
    for number, tier in enumerate(tiers):
        kind = PROVISIONED if number == 0 and len(tiers) > 1 else STANDARD
        bought.update(dict.fromkeys(tier, replace(kind, capacity=kind.capacity * scale)))
    return Stage(tuple(map(tuple, tiers)), bought)


def told(scenario: Scenario, store: Store, circumstances: Circumstances, stage: Stage | None = None) -> list[Outcome]:
    """What becomes of every call of the story in a deployment. The store is left as it is."""
    stage = stage or stage_of(store, circumstances.scale)
    simulation = _staged(store, circumstances, stage)
    return simulation.run(_arrivals(scenario, stage, circumstances), _happenings(scenario, stage, simulation))


def told_at_best(scenario: Scenario, store: Store, circumstances: Circumstances) -> list[Outcome]:
    """What would become of the same calls if somebody knew every account's state."""
    stage = stage_of(store, circumstances.scale)
    simulation = _staged(store, circumstances, stage)
    return at_best(
        simulation, stage.tiers, _arrivals(scenario, stage, circumstances), _happenings(scenario, stage, simulation)
    )


def tiers_of(simulation: Simulation) -> list[list[str]]:
    """The accounts behind the deployment's pool by priority, the first ones first.

    Of several pools over the same accounts it is the one with the shortest name: others are made beside it.
    """
    service = next(iter(simulation.gateway.services.values())).configuration
    pools = [one for one in service.backends.values() if isinstance(one, BackendPool)]
    if not pools:
        raise ValueError(f"The service {service.name} has no pool, so there is no failover to look at.")
    pool = min(pools, key=lambda one: (len(one.name), one.name))
    tiers: dict[int, list[str]] = {}
    for member in pool.members:
        backend = service.backends.get(member.backend.lower())
        account = simulation.accounts.at(backend.url.host) if isinstance(backend, Backend) else None
        if account is not None:
            tiers.setdefault(member.priority, []).append(account.name)
    return [tiers[priority] for priority in sorted(tiers)]


def _staged(store: Store, circumstances: Circumstances, stage: Stage) -> Simulation:
    behaviour = replace(PACE, burst=circumstances.burst)
    simulation = Simulation(store, seed=circumstances.seed, units=circumstances.units, assume=circumstances.assume)
    for account in simulation.accounts.all():
        bought = stage.bought.get(account.name, replace(STANDARD, capacity=STANDARD.capacity * circumstances.scale))
        account.configure(replace(account.settings, deployments=(bought,), any_deployment=False, behaviour=behaviour))
    return simulation


def _arrivals(scenario: Scenario, stage: Stage, circumstances: Circumstances) -> Iterator[Arrival]:
    """The same calls for every deployment on a stage: they depend on the seed and on the capacity alone."""
    chance, begin = Chance(circumstances.seed).stream("arrivals"), 0.0
    for share, seconds in scenario.load:
        yield from poisson(share * stage.tokens_per_second / SIZES.tokens, seconds, chance, SIZES, begin=begin)
        begin += seconds


def _happenings(scenario: Scenario, stage: Stage, simulation: Simulation) -> Iterator[Happening]:
    for trouble in scenario.trouble:
        for name in filter(simulation.accounts.named, _of_tier(trouble.tier, stage.tiers)):
            for fault in trouble.faults:
                yield breaking(trouble.at, name, {**fault, "for": trouble.seconds})


def _of_tier(tier: str, tiers: Sequence[Sequence[str]]) -> list[str]:
    match tier:
        case "primary":
            return list(tiers[0])
        case "last":
            return [tiers[-1][-1]]
        case _:
            return [name for one in tiers for name in one]
