"""A minute of trouble of the primary at 40 % load: what callers notice. The figures of docs/policy.md come from here.

The load is Poisson, at ten times the reference's limits, so that there are hundreds of calls in that minute.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.figures import assert_row
from tests.support.pools import pool
from tests.support.simulated import reference_store
from tests.support.trial import Trial
from twin.assumptions import Assumptions
from twin.simulation import Outcome
from twin.simulation.scenario import Circumstances, Scenario, Trouble, told

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"
PRIMARY = "aoai-1"
BEGIN, END, LAST = 10.0, 70.0, 110.0
REFUSED, UNAVAILABLE, SILENT = {"connection": "refused"}, {"status": 503}, {"connection": "hang"}


@dataclass(frozen=True)
class Story:
    before: Sequence[Outcome]
    during: Sequence[Outcome]
    after: Sequence[Outcome]

    @property
    def failed(self) -> float:
        """Part of the calls that began during the trouble."""
        return sum(not one.good for one in self.during) / len(self.during)

    @property
    def returned(self) -> float:
        """When the primary served its first call again, in seconds after the trouble."""
        return min(one.began for one in self.after if one.served_by == PRIMARY) - END

    def waited(self, part: float) -> float:
        """Seconds until the end of the answer, or of the failure, for that part of the callers."""
        return sorted(one.seconds for one in self.during)[int(part * (len(self.during) - 1))]


def story(fault: dict[str, Any], *, policy: dict[str, Any] | None = None, s14: str = "status-500") -> Story:
    return _story(json.dumps(fault), json.dumps(policy or {}), s14)


@functools.cache
def _story(fault: str, policy: str, s14: str) -> Story:
    scenario = Scenario(
        "trouble", "trouble", ((0.4, LAST),), (Trouble("primary", BEGIN, END - BEGIN, (json.loads(fault),)),)
    )
    settings = {"policy": json.loads(policy)} if policy != "{}" else {}
    store = reference_store(backends=pool("3 tiered"), **settings)
    assume = Assumptions().with_answers({"S14": s14})
    outcomes = told(scenario, store, Circumstances(scale=10, assume=assume))
    before, during, after = (
        [one for one in outcomes if begin <= one.began < end] for begin, end in ((0, BEGIN), (BEGIN, END), (END, LAST))
    )
    return Story(before, during, after)


@pytest.mark.parametrize("s14", ["status-500", "on-error"])
@pytest.mark.parametrize("fault", [UNAVAILABLE, REFUSED], ids=["503", "refused"])
def test_at_most_one_call_in_fifty_fails_for_an_account_that_is_down(fault: dict[str, Any], s14: str):
    happened = story(fault, s14=s14)
    assert len(happened.during) > 400
    assert happened.failed <= (0.02 if s14 == "on-error" and fault == REFUSED else 0)
    assert all(one.good for one in [*happened.before, *happened.after])


@pytest.mark.parametrize("fault", [UNAVAILABLE, REFUSED], ids=["503", "refused"])
def test_the_primary_has_its_traffic_back_within_the_trip_duration_and_the_length_of_a_call(fault: dict[str, Any]):
    longest = story(fault).waited(1)
    assert story(fault).returned <= 10 + longest


def test_all_who_meet_a_silent_account_within_the_time_of_a_call_wait_for_all_of_it():
    happened = story(SILENT)
    assert happened.failed == 1
    assert happened.waited(0) == pytest.approx(230, abs=0.01)
    assert {one.status for one in happened.during} == {504}
    assert all(one.good for one in happened.after), "who calls later is served"


def test_a_shorter_time_costs_fewer_callers_a_shorter_wait():
    happened = story(SILENT, policy={"requestTimeout": 30})
    assert 0.3 < happened.failed < 0.7
    assert happened.waited(1) == pytest.approx(30, abs=0.1)


def test_a_shorter_time_cuts_long_answers_that_are_not_streamed():
    """At a token a second: the head of such an answer leaves with its last token, that of a stream with the first."""
    trial = Trial(pool("3 tiered"), policy={"requestTimeout": 30})
    trial.fault(tokens_per_second=1)
    assert trial.call(answer=25).status == 200
    assert trial.call(answer=200).status == 504
    streamed = trial.call(answer=200, stream=True)
    assert (streamed.status, streamed.ended > 30) == (200, True)


ROWS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "503": (UNAVAILABLE, {}, "status-500"),
    "connections are refused": (REFUSED, {}, "status-500"),
    "the same, where Azure asks no retry condition then": (REFUSED, {}, "on-error"),
    "silent": (SILENT, {}, "status-500"),
    "silent, `requestTimeout: 30`": (SILENT, {"requestTimeout": 30}, "status-500"),
    "silent, `requestTimeout: 10`": (SILENT, {"requestTimeout": 10}, "status-500"),
    "silent, `requestTimeout: 30`, `retryAmbiguous: true`": (
        SILENT,
        {"requestTimeout": 30, "retryAmbiguous": True},
        "status-500",
    ),
}


@pytest.mark.parametrize("trouble", ROWS)
def test_the_page_has_the_figures_that_are_measured(trouble: str):
    fault, policy, s14 = ROWS[trouble]
    happened = story(fault, policy=policy, s14=s14)
    failed = f"{100 * happened.failed:.1f} %"
    assert_row(PAGE, trouble, len(happened.during), failed, f"{happened.waited(0.5):.1f}", f"{happened.waited(1):.1f}")
