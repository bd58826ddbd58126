"""429 and 502 to 504: the answer opens the member's breaker, and the same call goes on to another member."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.pools import SEVERAL, TIERS, each_shape, names, pool
from tests.support.trial import Heard, Trial
from twin.assumptions import Assumptions

FAULTS = (
    {"status": 429, "retry_after": 7},
    {"status": 429},
    {"status": 502},
    {"status": 503},
    {"status": 503, "retry_after": 8},
    {"status": 504},
)
MOST_ATTEMPTS = 6  # design: min(members - 1, 5) further ones

# Whatever the answers to these are, the promise is the same. Those about the breaker's time change when it closes.
ONE_OTHER_ANSWER = [
    {guess.id: answer}
    for guess in Assumptions.register()
    for answer in guess.choices[1:]
    if guess.id not in ("S4", "S6")
]


def opens_for(fault: Mapping[str, Any]) -> float:
    return fault.get("retry_after") or 10.0


def refused(heard: Heard, status: int, seconds: float) -> None:
    """The answer of a gateway that has no member left, with the time until one is back."""
    assert heard.status == status
    assert heard.error["code"] == str(status)
    assert heard.headers.get("Retry-After") == f"{seconds:.0f}"
    assert int(heard.headers.get("retry-after-ms")) == pytest.approx(seconds * 1000, abs=1)
    assert "x-should-retry" not in heard.headers, "waiting helps"


@each_shape(SEVERAL)
def test_one_such_account_costs_no_caller_anything(shape: str, identity: bool):
    for fault in FAULTS:
        trial = Trial(pool(shape), policy={"managedIdentity": identity})
        trial.fault("aoai-1", **fault)
        first = trial.call(stream=True)
        assert (first.status, first.broken, len(first.asked)) == (200, False, 2)
        assert first.asked[0] == "aoai-1"
        assert trial.seconds_open("aoai-1") == pytest.approx(opens_for(fault) - first.ended, abs=0.001)
        second = trial.call()
        assert (second.status, len(second.asked)) == (200, 1)
        assert second.asked != ["aoai-1"]


@pytest.mark.parametrize("shape", SEVERAL)
def test_the_whole_request_is_sent_again(shape: str):
    trial = Trial(pool(shape))
    trial.fault("aoai-1", status=429)
    request = trial.request(prompt=500)
    first, second = trial.call(request).sent
    assert first.body == second.body == request.body
    assert first.url.path == second.url.path
    assert first.url.host != second.url.host


@pytest.mark.parametrize("shape", TIERS)
def test_when_every_account_does_it_the_caller_is_told_when_to_come_back(shape: str):
    members = pool(shape)
    for fault in FAULTS:
        trial = Trial(members)
        trial.fault(**fault)
        status = 429 if fault["status"] == 429 else 503
        first = trial.call()
        assert len(first.asked) == len(set(first.asked)) == min(len(members), MOST_ATTEMPTS), "none twice"
        refused(first, status, opens_for(fault))
        if len(members) > MOST_ATTEMPTS:
            refused(trial.call(), status, opens_for(fault))
        assert sorted(trial.open_breakers()) == names(members)
        for waited in (1, 2, 3):
            trial.wait(1)
            later = trial.call()
            assert later.asked == [], "no account is called while every breaker is open"
            refused(later, status, opens_for(fault) - waited)
        trial.heal()
        trial.wait(opens_for(fault) - 3)
        assert trial.call().status == 200, "what was promised is true"


@pytest.mark.parametrize("shape", SEVERAL)
def test_429_is_told_while_a_member_is_known_to_be_throttled_and_503_afterwards(shape: str):
    trial = Trial(pool(shape))
    trial.fault(status=503)
    trial.heal("aoai-1")
    trial.fault("aoai-1", status=429, retry_after=5)
    heard = [trial.call() for _ in range(2)]  # two are enough also for nine members
    refused(heard[-1], 429, 5)
    trial.wait(5)
    trial.heal("aoai-1")
    trial.fault("aoai-1", status=502)
    refused(trial.call(), 503, 5)


@pytest.mark.parametrize("shape", ["3 tiered", "3 flat"])
@pytest.mark.parametrize("answers", ONE_OTHER_ANSWER, ids=lambda answers: "".join(map("=".join, answers.items())))
def test_whatever_azure_does_where_nobody_knows_it(answers: Mapping[str, str], shape: str):
    members = pool(shape)
    for fault in ({"status": 429, "retry_after": 7}, {"status": 503}):
        trial = Trial(members, answers)
        trial.fault("aoai-1", **fault)
        assert [trial.call().status for _ in range(3)] == [200] * 3
        trial.fault(**fault)
        told = [trial.call() for _ in range(6)]
        assert {heard.status for heard in told} == {429 if "retry_after" in fault else 503} | extra(answers, told)
        for heard in told:
            assert 1 <= int(heard.headers.get("Retry-After")) <= opens_for(fault)
            assert trial.revealed(heard) == []
        assert told[-1].asked == []


def extra(answers: Mapping[str, str], told: list[Heard]) -> set[int]:
    """Where stores are lost a call that asked nobody knows of no throttling but what the gateway says: 429."""
    lost = answers.get("S21") == "lost" and any(heard.asked == [] for heard in told)
    return {429} if lost else set()


def test_an_account_that_answers_first_in_its_priority_is_asked_before_the_next_priority():
    trial = Trial(pool("9 tiered"))
    trial.fault(*names(pool("9 tiered"), 1), status=429)
    trial.fault(*names(pool("9 tiered"), 2), status=503)
    heard = trial.call()
    assert [int(name[-1]) <= 2 for name in heard.asked] == [True, True, False, False, False, False]
    assert [3 <= int(name[-1]) <= 5 for name in heard.asked[2:5]] == [True] * 3
    assert heard.status == 200
