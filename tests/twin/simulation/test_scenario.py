"""Stories of load and outage: the nine that come with the twin, and how they are told of a deployment."""

from collections.abc import Sequence

import pytest

from tests.support.simulated import reference_store
from twin.openai.fault_documents import fault_from
from twin.simulation import Circumstances, Outcome, Scenario, Simulation, Trouble, scenarios, told, told_at_best
from twin.simulation.scenario import stage_of, tiers_of

PRIMARY = "aoai-eus2-1"
FLAT = [
    {"name": name, "account": {"name": name, "resourceGroup": "rg-openai"}, "priority": 1}
    for name in (PRIMARY, "aoai-eus-1")
]
SHORT = Scenario("short", "A minute of it", ((0.5, 60.0),))


def story(name: str) -> Scenario:
    return next(one for one in scenarios() if one.name == name)


def quarter(scenario: Scenario) -> Scenario:
    """The first 60 seconds."""
    return Scenario(scenario.name, scenario.title, ((scenario.load[0][0], 60.0),), scenario.trouble)


def served_by(outcomes: Sequence[Outcome]) -> set[str]:
    return {one.served_by for one in outcomes if one.good}


def test_there_are_nine_in_the_order_of_their_names():
    assert [one.name for one in scenarios()] == [f"S{number}" for number in range(1, 10)]
    assert len({one.title for one in scenarios()}) == 9


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.name)
def test_each_lasts_long_enough_and_breaks_only_what_it_is_about(scenario: Scenario):
    assert scenario.seconds == 1500
    for trouble in scenario.trouble:
        assert trouble.tier in ("primary", "last", "all")
        assert trouble.at + trouble.seconds <= scenario.seconds
        assert all(
            fault_from({**fault, "for": trouble.seconds}, 0).until == trouble.seconds for fault in trouble.faults
        )


def test_an_account_alone_in_the_first_tier_is_provisioned_and_others_pay_as_they_go():
    stage = stage_of(reference_store())
    assert stage.tiers == ((PRIMARY,), ("aoai-eus-1", "aoai-eus-2"))
    assert [
        (stage.bought[name].provisioned, stage.bought[name].tokens_per_minute) for tier in stage.tiers for name in tier
    ] == [
        (True, 60_000),
        (False, 30_000),
        (False, 30_000),
    ]
    assert stage.tokens_per_second == 2_000
    assert stage_of(reference_store(), scale=10).tokens_per_second == 20_000


def test_where_all_go_first_none_is_provisioned():
    stage = stage_of(reference_store(backends=FLAT))
    assert [stage.bought[name].provisioned for name in stage.tiers[0]] == [False, False]


def test_of_several_pools_over_the_same_members_it_is_the_one_that_callers_use():
    assert tiers_of(Simulation(reference_store())) == [[PRIMARY], ["aoai-eus-1", "aoai-eus-2"]]


def test_the_load_is_the_share_of_the_capacity():
    outcomes = told(Scenario("s", "s", ((0.5, 600.0),)), reference_store(), Circumstances(seed=1))
    assert sum(one.tokens for one in outcomes) / 600 == pytest.approx(0.5 * 2_000, rel=0.1)


def test_parts_of_a_load_follow_one_another():
    outcomes = told(Scenario("s", "s", ((0.2, 100.0), (2.0, 100.0))), reference_store(), Circumstances())
    first, second = (sum(begin <= one.began < begin + 100 for one in outcomes) for begin in (0, 100))
    assert second > 6 * first


def test_calls_are_the_same_for_every_policy_and_for_the_best_that_could_be_had():
    ways = [
        told(SHORT, reference_store(), Circumstances(seed=4)),
        told(SHORT, reference_store(policy={"retryBudget": 0}), Circumstances(seed=4)),
        told_at_best(SHORT, reference_store(), Circumstances(seed=4)),
    ]
    assert len({tuple((one.began, one.tokens) for one in way) for way in ways}) == 1


def test_one_seed_gives_one_result_to_the_byte_and_another_seed_another():
    first, again, other = (
        repr(told(quarter(story("S3")), reference_store(), Circumstances(seed=seed))) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_the_primary_is_broken_for_its_time_and_serves_before_and_after():
    scenario = Scenario("s", "s", ((0.4, 90.0),), (Trouble("primary", 30, 30, ({"status": 503},)),))
    outcomes = told(scenario, reference_store(), Circumstances())
    parts = [[one for one in outcomes if begin <= one.began < begin + 20] for begin in (0, 35, 70)]
    assert [PRIMARY in served_by(part) for part in parts] == [True, False, True]
    assert all(one.good for one in outcomes)


@pytest.mark.parametrize(("tier", "broken"), [("last", {"aoai-eus-2"}), ("all", {PRIMARY, "aoai-eus-1", "aoai-eus-2"})])
def test_trouble_meets_the_accounts_of_its_tier_and_no_others(tier: str, broken: set[str]):
    scenario = Scenario("s", "s", ((0.9, 110.0),), (Trouble(tier, 0, 120, ({"status": 503},)),))
    assert (
        served_by(told(scenario, reference_store(), Circumstances())) == {PRIMARY, "aoai-eus-1", "aoai-eus-2"} - broken
    )


def test_more_burst_lets_a_provisioned_account_serve_more():
    served = [
        sum(
            one.served_by == PRIMARY
            for one in told(quarter(story("S3")), reference_store(), Circumstances(burst=burst))
        )
        for burst in (0.25, 2.0)
    ]
    assert served[1] > served[0]


def test_a_deployment_without_a_pool_has_no_failover_to_tell_of():
    store = reference_store()
    for pool in [one for one in store.all("apimanagement:Backend") if "pool" in one.properties]:
        store.delete(pool.id)
    with pytest.raises(ValueError, match="has no pool"):
        told(SHORT, store, Circumstances())
