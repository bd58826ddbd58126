"""The promise under other settings of policy and breaker."""

import pytest

from tests.support.pools import pool
from tests.support.trial import Trial

BACKENDS = pool("3 tiered")


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 500}, {"connection": "refused"}])
def test_without_the_body_kept_nothing_is_tried_twice_and_the_next_calls_go_elsewhere(fault: dict[str, str]):
    trial = Trial(BACKENDS, policy={"replayBody": False})
    trial.fault("aoai-1", **fault)  # pyright: ignore[reportArgumentType]
    first = trial.call()
    assert (first.status, first.asked) == (fault.get("status", 503), ["aoai-1"])
    second = trial.call()
    if fault == {"status": 500}:
        assert (second.status, second.headers.get("x-should-retry")) == (500, "false")
    else:
        assert (second.status, second.asked != ["aoai-1"]) == (200, True)
        assert "Retry-After" in first.headers


def test_without_the_body_kept_callers_are_told_when_to_come_back():
    trial = Trial(BACKENDS, policy={"replayBody": False})
    trial.fault(status=429, retry_after=7)
    heard = [trial.call() for _ in range(4)]
    assert [(one.status, one.headers.get("Retry-After"), len(one.asked)) for one in heard] == [
        (429, "7", 1),
        (429, "7", 1),
        (429, "7", 1),
        (429, "7", 0),
    ]


@pytest.mark.parametrize("budget", [0, 1, 2])
def test_a_budget_limits_the_attempts_after_answers_that_trip(budget: int):
    trial = Trial(BACKENDS, policy={"retryBudget": budget})
    trial.fault(status=429, retry_after=7)
    heard = trial.call()
    assert (heard.status, len(heard.asked)) == (429, 1 + budget)
    assert heard.headers.get("Retry-After") == "7"


def test_a_breaker_that_takes_several_answers_to_open_costs_no_caller_anything():
    trial = Trial(BACKENDS, breaker={"count": 3})
    trial.fault("aoai-1", status=429)
    heard = [trial.call() for _ in range(4)]
    assert [(one.status, one.asked[0], len(one.asked)) for one in heard[:3]] == [(200, "aoai-1", 2)] * 3
    assert (heard[3].status, "aoai-1" in heard[3].asked) == (200, False)


def test_an_answer_that_is_no_error_reaches_the_caller_though_a_breaker_counts_it():
    trial = Trial(BACKENDS, breaker={"statusRanges": [{"min": 200, "max": 599}]})
    heard = trial.call()
    assert (heard.status, len(heard.asked), trial.open_breakers()) == (200, 1, ["aoai-1"])


def test_a_status_that_no_breaker_counts_is_a_failure_like_any_other():
    trial = Trial(BACKENDS, breaker={"statusRanges": [{"min": 429, "max": 429}]})
    trial.fault("aoai-1", status=503)
    assert [trial.call().status for _ in range(4)] == [200] * 4
    assert trial.open_breakers() == []
    trial.fault(status=503)
    heard = trial.call()
    assert (heard.status, heard.headers.get("x-should-retry")) == (503, "false")
