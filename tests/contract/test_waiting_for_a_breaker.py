"""Every breaker is open, and one will close soon: the call waits for it instead of sending its caller away."""

from typing import Any

import pytest

from tests.support.pools import SEVERAL, names, pool
from tests.support.trial import NO_ANSWERS, Assume, Trial
from twin.assumptions import Assumptions

ONE_OTHER_ANSWER = [{guess.id: answer} for guess in Assumptions.register() for answer in guess.choices[1:]]
NOTHING_TOLD = {"S12": "absent", "S21": "lost"}


def with_every_breaker_open(shape: str, seconds: float, answers: Assume = NO_ANSWERS, **settings: Any) -> Trial:
    """The accounts are well again, and the breakers stay open for so many more seconds, to within a few hundredths."""
    members = pool(shape)
    trial = Trial(members, answers, **settings)
    trial.fault(status=429, retry_after=100)
    while len(trial.open_breakers()) < len(members):
        trial.call()
    trial.heal()
    trial.wait(min(map(trial.seconds_open, names(members))) - seconds)
    return trial


@pytest.mark.parametrize("shape", SEVERAL)
def test_a_call_that_finds_every_breaker_open_waits_until_one_has_closed(shape: str):
    trial = with_every_breaker_open(shape, 2.5)
    heard = trial.call()
    assert (heard.status, len(heard.asked)) == (200, 1), "no account is called while its breaker is open"
    assert 3 <= heard.answered < 3.5, "it looks once a second"


@pytest.mark.parametrize("shape", SEVERAL)
def test_a_call_that_has_opened_the_last_breaker_itself_waits_as_well(shape: str):
    trial = Trial(pool(shape))
    trial.fault(status=429, retry_after=2, seconds=0.9)
    heard = trial.call()
    tried = min(len(pool(shape)), 6)
    assert (heard.status, len(heard.asked)) == (200, tried + 1)
    assert [attempt.status for attempt in heard.attempts] == [429] * tried + [200]
    last, after = (attempt.moment for attempt in heard.attempts[-2:])
    assert 1 <= after - last < 2.5


@pytest.mark.parametrize(("seconds", "answered"), [(0.5, 1), (1.5, 2), (2.5, 3), (3.1, 0), (60, 0)])
def test_it_waits_for_three_seconds_and_where_none_closes_in_them_not_at_all(seconds: float, answered: int):
    heard = with_every_breaker_open("3 tiered", seconds).call()
    assert heard.status == (200 if answered else 429)
    assert answered <= heard.answered < answered + 0.5
    assert len(heard.asked) == (1 if answered else 0)


@pytest.mark.parametrize(("setting", "seconds"), [(0, 0.5), (1, 1.5), (5, 4.5)])
def test_the_setting_says_how_long(setting: int, seconds: float):
    heard = with_every_breaker_open("3 tiered", seconds, policy={"recoveryWait": setting}).call()
    assert heard.status == (200 if setting > seconds else 429)
    assert (heard.answered >= seconds) == (setting > seconds)


def test_a_call_that_has_waited_in_vain_is_told_when_to_come_back():
    trial = with_every_breaker_open("3 tiered", 0.5)
    trial.fault(status=429, retry_after=7)
    heard = trial.call()
    assert (heard.status, heard.headers.get("Retry-After"), len(heard.asked)) == (429, "7", 3)
    assert heard.answered < 2, "seven seconds are too long to wait for"
    again = trial.call()
    assert (again.status, again.headers.get("Retry-After"), again.asked) == (429, "7", [])


def test_it_waits_three_times_at_most_however_often_the_breakers_open_again():
    trial = Trial(pool("3 tiered"))
    trial.fault(status=429, retry_after=1)
    heard = trial.call()
    assert (heard.status, heard.headers.get("Retry-After"), len(heard.asked)) == (429, "1", 12)
    assert 3 <= heard.answered < 4


def test_a_breaker_that_has_opened_for_a_failure_is_waited_for_as_well():
    trial = Trial(pool("3 tiered"), breaker={"tripDuration": "PT2S"})
    trial.fault(status=503, seconds=1)
    heard = trial.call()
    assert [attempt.status for attempt in heard.attempts] == [503, 503, 503, 200]


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 401}, {"connection": "refused"}])
def test_a_failure_that_opens_no_breaker_is_not_waited_for(fault: dict[str, Any]):
    trial = Trial(pool("3 tiered"))
    trial.fault(**fault)
    heard = trial.call()
    assert heard.status in (500, 502, 503)
    assert heard.answered < 0.5


def test_a_call_does_not_wait_longer_than_it_may_take():
    heard = with_every_breaker_open("3 tiered", 2.5, policy={"requestTimeout": 3}).call()
    assert (heard.status, heard.headers.get("Retry-After")) == (429, "3")
    assert heard.answered < 0.1


def test_after_a_wait_calls_start_where_they_always_do():
    trial = with_every_breaker_open("3 tiered", 0.5)
    heard = [trial.call(), trial.call()]
    assert [one.asked for one in heard] == [["aoai-1"], ["aoai-1"]]


def test_those_who_wait_are_served_by_whoever_is_back_however_many_they_are():
    trial = with_every_breaker_open("3 tiered", 1.5)
    heard = trial.calls([trial.request() for _ in range(50)])
    assert {(one.status, len(one.asked)) for one in heard} == {(200, 1)}


@pytest.mark.parametrize("answers", [*ONE_OTHER_ANSWER, NOTHING_TOLD], ids=lambda answers: " ".join(answers.values()))
def test_whatever_azure_does_a_call_waits_or_is_told_when_to_come_back(answers: Assume):
    trial = with_every_breaker_open("3 tiered", 1.5, answers)
    heard = trial.call()
    if answers == NOTHING_TOLD:
        assert (heard.status, heard.headers.get("Retry-After")) == (429, "10"), "nobody says that it will be soon"
        assert heard.answered < 0.1
    else:
        assert (heard.status, len(heard.asked)) == (200, 1)
        assert 2 <= heard.answered < 2.5
