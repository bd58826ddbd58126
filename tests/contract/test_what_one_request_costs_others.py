"""One request that no account can serve, among those of other callers. The figures of docs/policy.md come from here."""

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.figures import assert_row
from tests.support.pools import pool
from tests.support.trial import Trial
from twin.chance import Chance
from twin.simulation import Outcome
from twin.simulation.load import Arrival, Sizes, poisson

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"
SECONDS = 110.0
WITH_500: dict[str, Any] = {"breaker": {"statusRanges": [{"min": 429, "max": 429}, {"min": 500, "max": 504}]}}


POISON, TOO_LARGE = "poison", "too large"
SPECIAL = {
    POISON: [Arrival(5.0 + 10 * number, poison=True) for number in range(10)],
    TOO_LARGE: [Arrival(30.0, prompt=900_000, answer=10)],
}
NO_LIMIT = 10_000_000


def others(special: str, rate: float, limit: int = NO_LIMIT, **settings: Any) -> list[Outcome]:
    """What becomes of everybody else's calls. `limit` is that of every account, in tokens a minute."""
    return _others(special, rate, limit, json.dumps(settings))


@functools.cache
def _others(name: str, rate: float, limit: int, settings: str) -> list[Outcome]:
    special = SPECIAL[name]
    trial = Trial(pool("3 tiered"), **json.loads(settings))
    trial.fault(tokens_per_minute=limit)
    load = [*poisson(rate, SECONDS, Chance(3).stream("others"), Sizes()), *special]
    outcomes = trial.simulation.run(sorted(load, key=lambda arrival: arrival.at))
    moments = {one.at for one in special}
    return [one for one in outcomes if one.began not in moments]


def failed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if not one.good]


def test_a_request_that_always_gets_500_costs_other_callers_nothing():
    outcomes = others(POISON, rate=5)
    assert len(outcomes) > 500
    assert failed(outcomes) == []


def test_were_500_counted_by_the_breakers_it_would_cost_them_nearly_everything():
    outcomes = others(POISON, rate=5, **WITH_500)
    assert len(failed(outcomes)) / len(outcomes) > 0.85


def test_a_request_that_is_too_large_for_every_account_costs_others_the_trip_that_it_causes_and_no_more():
    """Each account says to come back in a minute, although it will be too large then, too."""
    lost = failed(others(TOO_LARGE, rate=2, limit=600_000))
    assert {one.status for one in lost} == {429}
    assert all(30 <= one.began < 90 for one in lost)
    assert all(one.attempts == () for one in lost), "no account is called meanwhile"


@pytest.mark.parametrize("budget", [0, 1])
def test_with_a_smaller_budget_than_there_are_further_members_it_costs_them_nothing(budget: int):
    assert failed(others(TOO_LARGE, rate=2, limit=600_000, policy={"retryBudget": budget})) == []


ROWS: dict[str, tuple[str, float, int, dict[str, Any]]] = {
    "always 500, one in ten seconds": (POISON, 5, NO_LIMIT, {}),
    "the same, were 500 in the breakers' ranges": (POISON, 5, NO_LIMIT, WITH_500),
    "too large for every account, once": (TOO_LARGE, 2, 600_000, {}),
    "the same, `retryBudget: 1`": (TOO_LARGE, 2, 600_000, {"policy": {"retryBudget": 1}}),
    "the same, `acceptRetryAfter: false`": (TOO_LARGE, 2, 600_000, {"breaker": {"acceptRetryAfter": False}}),
}


@pytest.mark.parametrize("request_", ROWS)
def test_the_page_has_the_figures_that_are_measured(request_: str):
    special, rate, limit, settings = ROWS[request_]
    outcomes = others(special, rate, limit, **settings)
    lost = failed(outcomes)
    assert_row(PAGE, request_, len(outcomes), len(lost), f"{100 * len(lost) / len(outcomes):.1f} %")
