"""An hour of virtual time in which something breaks every few seconds: no call is lost, none is answered twice."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.support.simulated import reference_store
from twin.chance import Chance
from twin.openai.faults import CONNECTIONS, Fault
from twin.simulation import Outcome, Simulation
from twin.simulation.load import Arrival, Sizes, poisson
from twin.simulation.world import Happening

HOUR = 3600.0
A_SECOND = 0.6  # calls
BETWEEN_FAULTS = 4.0  # seconds on average
ACCOUNTS = ("aoai-eus2-1", "aoai-eus-1", "aoai-eus-2")
SMALL = Sizes(tokens=60, answer_share=0.3)


class Hour:
    """`outcomes` of all calls, and the accounts as they are when the last one has ended."""

    def __init__(self) -> None:
        self.load = [
            *poisson(A_SECOND, HOUR, Chance(1).stream("calls"), SMALL),
            *(Arrival(30.5 + 60 * minute, stream=True) for minute in range(60)),
        ]
        self.load.sort(key=lambda arrival: arrival.at)
        self.world = Simulation(reference_store(), seed=1)
        self.outcomes: list[Outcome] = self.world.run(self.load, trouble())


def trouble() -> list[Happening]:
    """Some account gets some fault, for two to ten seconds."""
    chance, at = Chance(1).stream("trouble"), 0.0
    happenings: list[Happening] = []
    effects: list[dict[str, Any]] = [
        *({"connection": name} for name in CONNECTIONS),
        *({"status": status, "retry_after": seconds} for status in (429, 503) for seconds in (None, 2.0, 20.0)),
        *({"status": status} for status in (400, 401, 408, 500, 502, 504)),
        *({"latency": 3.0}, {"tokens_per_second": 5.0}, {"cut_after": 2}, {"identity": "refused"}),
    ]
    while (at := at + chance.expovariate(1 / BETWEEN_FAULTS)) < HOUR:
        lasting = chance.uniform(2, 10)
        happenings.append(Happening(at, partial(break_, chance.choice(ACCOUNTS), chance.choice(effects), lasting)))
    return happenings


def break_(name: str, effect: dict[str, Any], seconds: float, world: Simulation) -> None:
    account = world.accounts.named(name)
    assert account is not None
    account.faults.add(Fault(**effect, until=world.clock.now() + seconds))


@pytest.fixture(scope="module")
def hour() -> Hour:
    return Hour()


def test_no_call_is_lost(hour: Hour) -> None:
    assert [outcome.began for outcome in hour.outcomes] == [arrival.at for arrival in hour.load]
    assert all(outcome.status for outcome in hour.outcomes)


def test_none_is_answered_twice(hour: Hour) -> None:
    """Of the attempts of a call at most one succeeds, and it is the last."""
    for outcome in hour.outcomes:
        succeeded = [number for number, attempt in enumerate(outcome.attempts) if 200 <= attempt.status < 400]
        assert succeeded in ([], [len(outcome.attempts) - 1])


def test_a_call_fails_only_where_the_contract_says_so(hour: Hour) -> None:
    statuses = Counter(outcome.status for outcome in hour.outcomes)
    assert set(statuses) <= {200, 400, 408, 429, 500, 502, 503, 504}
    assert statuses[200] / statuses.total() > 0.85
    assert all(outcome.complete or outcome.status == 200 for outcome in hour.outcomes)


def test_each_attempt_is_one_request_to_an_account(hour: Hour) -> None:
    attempts = sum(len(outcome.attempts) for outcome in hour.outcomes)
    assert attempts > len(hour.outcomes)
    assert attempts == sum(account.visits.count for account in hour.world.accounts.all())
