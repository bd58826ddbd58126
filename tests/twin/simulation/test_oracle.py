"""The router that knows every account's state: what a policy's goodput is measured against."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.simulated import reference_store
from twin.openai.faults import Fault
from twin.openai.settings import Behaviour, Deployment
from twin.simulation import (
    Arrival,
    Circumstances,
    Happening,
    Outcome,
    Scenario,
    Simulation,
    goodput,
    steady,
    told,
    told_at_best,
)
from twin.simulation.oracle import at_best

ACCOUNTS = ("aoai-eus2-1", "aoai-eus-1", "aoai-eus-2")
TIERS = [ACCOUNTS[:1], ACCOUNTS[1:]]
LIMIT = 30_000  # tokens a minute of each; 180 requests a minute come with them, more than any load here
SMALL = Deployment("gpt-4o", "gpt-4o", "Standard", LIMIT // 1000)
LOADS = st.lists(
    st.builds(Arrival, st.floats(0, 90), st.integers(10, 100), st.integers(10, 20_000)), min_size=1, max_size=25
).map(lambda load: sorted(load, key=lambda one: one.at))


def limited() -> Simulation:
    """The reference, whose accounts let in 30,000 tokens a minute each and answer at once."""
    simulation = Simulation(reference_store())
    for account in simulation.accounts.all():
        quick = Behaviour(first_token=0.001, tokens_per_second=1e6)
        own = {"deployments": (SMALL,), "any_deployment": False, "behaviour": quick}
        account.configure(type(account.settings)(**{**vars(account.settings), **own}))
    return simulation


def best(load: list[Arrival], *happenings: Happening, simulation: Simulation | None = None) -> list[Outcome]:
    return at_best(simulation or limited(), TIERS, load, happenings)


def broken(name: str, **fault: Any) -> Happening:
    def act(simulation: Simulation) -> None:
        account = simulation.accounts.named(name)
        assert account is not None
        account.faults.add(Fault(**fault))

    return Happening(0, act)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(load=LOADS)
def test_no_single_account_would_have_answered_more(load: list[Arrival]):
    everything = sum(one.good for one in best(load))
    for name in ACCOUNTS:
        alone = at_best(limited(), [[name]], load, ())
        assert everything >= sum(one.good for one in alone)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(load=LOADS)
def test_it_refuses_only_what_no_account_would_take(load: list[Arrival]):
    outcomes = best(load)
    admitted: list[tuple[float, int]] = []
    for one in outcomes:
        in_a_minute = sum(tokens for moment, tokens in admitted if moment > one.began - 60)
        if one.good:
            admitted.append((one.began, one.tokens))
        else:
            assert (one.status, one.seconds) == (429, 0)
            assert in_a_minute > len(ACCOUNTS) * (LIMIT - one.tokens), "one of them had room for it"


def test_accounts_that_go_first_are_used_first_and_those_of_a_tier_take_turns():
    simulation = limited()
    outcomes = best(list(steady(1, 5, answer=14_000)), simulation=simulation)
    assert [one.status for one in outcomes] == [200] * 5
    assert [account.visits.count for account in map(simulation.accounts.named, ACCOUNTS) if account] == [2, 2, 1]


@pytest.mark.parametrize("fault", [{"status": 503}, {"connection": "refused"}, {"connection": "hang"}])
def test_an_account_that_is_out_of_order_is_asked_nothing(fault: dict[str, Any]):
    simulation = limited()
    outcomes = best(list(steady(1, 3)), broken(ACCOUNTS[0], **fault), simulation=simulation)
    account = simulation.accounts.named(ACCOUNTS[0])
    assert account is not None
    assert ([one.status for one in outcomes], account.visits.count) == ([200] * 3, 0)


def test_a_call_goes_on_where_a_slow_account_is_full_when_it_looks_at_it():
    load = [Arrival(number / 10, answer=20_000) for number in range(3)]
    outcomes = best(load, broken(ACCOUNTS[0], latency=2))
    assert [one.status for one in outcomes] == [200] * 3


def test_it_never_knows_less_than_the_policy():
    """Where every call can be served, both serve every one; where not, the policy serves no more."""
    for share, everything in ((0.3, True), (1.5, False)):
        scenario = Scenario("s", "s", ((share, 240.0),))
        policy, best_of_all = (
            tell(scenario, reference_store(), Circumstances(seed=3)) for tell in (told, told_at_best)
        )
        assert all(one.good for one in best_of_all) is everything
        assert (goodput(policy) == goodput(best_of_all)) is everything
        assert goodput(policy) <= goodput(best_of_all)
