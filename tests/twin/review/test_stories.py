"""The stories before and after a change: the same calls on the same accounts, and what callers get of them."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.reviewed import backends, service_of
from tests.support.simulated import reference_store
from twin.azure.store import Store
from twin.review.stories import Figures, Play, Story, figures_of, told_twice
from twin.simulation.outcome import Outcome
from twin.simulation.scenario import Scenario, Trouble

OUTAGE = Scenario(
    "outage",
    "The primary answers 503",
    load=((0.4, 120.0),),
    trouble=(Trouble("primary", 30.0, 60.0, ({"status": 503},)),),
)


def told(before: Store, after: Store, *stories: Scenario, seeds: int = 1) -> list[Story]:
    return list(told_twice(stories or (OUTAGE,), before, after, seeds))


def test_a_deployment_does_as_well_as_itself_to_the_last_digit():
    [story] = told(reference_store(), reference_store())

    assert story.before == story.after
    assert story.worse == 0.0
    assert story.before is not None
    assert story.before.failed == 0.0
    assert story.before.attempts > 1.0


@pytest.mark.parametrize("policy", [{"retryBudget": 0}, {"replayBody": False}])
def test_without_a_second_attempt_callers_get_what_the_broken_account_answered(policy: dict[str, Any]):
    [story] = told(reference_store(), reference_store(policy=policy))

    assert story.after is not None
    assert story.worse == pytest.approx(10)
    assert story.after.attempts == 1.0
    [turned] = told(reference_store(policy=policy), reference_store())
    assert turned.worse == pytest.approx(-story.worse)


def test_one_account_less_fails_calls_that_it_would_have_served():
    busy = Scenario("busy", "Nearly all of the capacity is wanted", load=((0.9, 300.0),))
    [story] = told(reference_store(), reference_store(backends=backends(aoai_eus_2=None)), busy)

    assert story.worse > 10


def test_accounts_and_load_are_those_of_the_deployment_before_the_change_on_both_sides():
    reference, smaller = reference_store(), reference_store(backends=backends(aoai_eus_2=None))
    [same], [smaller_same] = told(reference, reference), told(smaller, smaller)
    [removed], [added] = told(reference, smaller), told(smaller, reference)

    assert removed.before == same.before
    assert added.before == smaller_same.before
    assert removed.after not in (same.before, smaller_same.before), "another load than its own"


@pytest.mark.parametrize("gone", ["backends/openaiopool", "apis/openai"])
def test_what_nobody_can_call_or_has_no_pool_has_no_failover(gone: str):
    without = reference_store()
    for one in [*without.all("apimanagement:Backend")] if gone.startswith("backends") else []:
        if one.name.startswith("openaiopool"):
            without.delete(one.id)
    without.delete(f"{service_of(without).id}/{gone}")

    [lost], [found], [never] = (
        told(reference_store(), without),
        told(without, reference_store()),
        told(without, without),
    )

    assert (lost.after, lost.worse) == (None, 100.0)
    assert (found.before, found.worse) == (None, 0.0)
    assert lost.before is not None
    assert lost.before == found.after
    assert (never.before, never.after, never.worse) == (None, None, 0.0)


def test_an_empty_azure_has_no_failover():
    [story] = told(Store(), reference_store())

    assert story.before is None
    assert story.after is not None


def test_several_jobs_at_a_time_tell_the_same_in_the_same_order():
    quiet = Scenario("quiet", "Little is wanted", load=((0.1, 60.0),))
    stores = reference_store(), reference_store(policy={"retryBudget": 0})
    one_by_one = told(*stores, OUTAGE, quiet)
    jobs: list[Play] = []

    def each(do: Callable[[Play], Figures], plays: Iterable[Play]) -> Iterable[Figures]:
        jobs.extend(plays)
        with ThreadPoolExecutor() as pool:
            return list(pool.map(do, jobs))

    assert list(told_twice((OUTAGE, quiet), *stores, 1, each)) == one_by_one
    assert [job.story.name for job in jobs] == ["outage", "outage", "quiet", "quiet"]


def test_more_seeds_are_more_calls():
    [one], [two] = (told(reference_store(), reference_store(), seeds=number) for number in (1, 2))

    assert one.before != two.before


def test_figures_count_what_callers_got():
    outcomes = [Outcome(0.0, float(number), 200, complete=True, tokens=1) for number in range(1, 101)]
    outcomes += [Outcome(0.0, 900.0, 429, complete=True, tokens=1), Outcome(0.0, 900.0, 200, complete=False, tokens=1)]

    figures = figures_of(outcomes)

    assert figures.failed == pytest.approx(2 / 102)
    assert figures.slowest == 95.0
    assert figures_of([]) == Figures(failed=1.0, slowest=0.0, attempts=0.0)
