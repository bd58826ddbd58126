"""No connection, or none that lasts until an answer: no breaker hears of it, and another member is tried."""

import itertools

import pytest

from tests.support.pools import SEVERAL, TIERS, each_shape, names, pool
from tests.support.trial import Assume, Trial

KINDS = ("refused", "dns", "tls", "reset")
ASKED_AGAIN = ("status-500", "no-response")
"""Answers to S14 with which a retry's condition is asked after an attempt without a response."""

# Every combination of the switches that such a failure, or an exhausted pool, meets on its way to the caller.
COMBINATIONS: list[Assume] = [
    dict(zip(("S12", "S13", "S14", "S18", "S19", "S21"), answers, strict=True))
    for answers in itertools.product(
        ("present", "absent"),
        ("PoolIsInactive", "BackendConnectionFailure"),
        ("status-500", "no-response", "on-error"),
        ("set", "null"),
        ("skipped", "run"),
        ("after-the-call", "at-once"),
    )
]


@each_shape(SEVERAL)
def test_no_call_fails_for_one_account_whichever_it_is(shape: str, identity: bool):
    members = pool(shape)
    trial = Trial(members, policy={"managedIdentity": identity})
    for name, kind in zip(names(members), itertools.cycle(KINDS), strict=False):
        trial.fault(name, connection=kind)
        heard = [trial.call(stream=True) for _ in range(min(4, len(members)) + 1)]
        assert {one.status for one in heard} == {200}, f"{name}: {kind}"
        assert trial.open_breakers() == []
        trial.heal()
        trial.wait(20)


@pytest.mark.parametrize("shape", SEVERAL)
@pytest.mark.parametrize("kind", KINDS)
def test_where_azure_gives_up_at_once_the_next_calls_start_elsewhere(shape: str, kind: str):
    members = pool(shape)
    trial = Trial(members, {"S14": "on-error"})
    trial.fault(members[0]["name"], connection=kind)
    first = trial.call()
    assert (first.status, first.asked) == (503, ["aoai-1"])
    assert first.headers.get("Retry-After") == "1", "a second is enough: the next call starts elsewhere"
    assert first.error["code"] == "503"
    for _ in range(9):
        assert trial.call().status == 200
        trial.wait(1)
    trial.heal()
    trial.wait(1.1)
    assert "aoai-1" in {trial.call().asked[0] for _ in members}, "and it has its traffic back"


@each_shape()
def test_when_no_account_can_be_reached_the_caller_gets_503_with_a_time(shape: str, identity: bool):
    members = pool(shape)
    for kind in KINDS:
        trial = Trial(members, policy={"managedIdentity": identity})
        trial.fault(connection=kind)
        heard = trial.call(stream=True)
        assert (heard.status, heard.headers.get("Retry-After"), heard.headers.get("retry-after-ms")) == (
            503,
            "10",
            "10000",
        )
        assert heard.error["code"] == "503"
        assert len(heard.asked) == (1 if len(members) == 1 else 3)
        assert trial.open_breakers() == []
        assert trial.revealed(heard) == []
        trial.heal()
        assert trial.call().status == 200, "nothing keeps callers away from accounts that are well again"


def test_who_is_throttled_elsewhere_is_told_when_that_member_is_back():
    trial = Trial(pool("2 tiered"))
    trial.fault("aoai-1", connection="refused")
    trial.fault("aoai-2", status=429, retry_after=4)
    heard = trial.call()
    assert (heard.status, heard.headers.get("Retry-After")) == (429, "4")


def test_whatever_azure_does_where_nobody_knows_it():
    for answers in COMBINATIONS:
        trial = Trial(pool("3 flat"), answers)
        trial.fault("aoai-1", connection="refused")
        expected = [200] * 3 if answers["S14"] in ASKED_AGAIN else [503, 200, 200]
        assert [trial.call().status for _ in range(3)] == expected, answers
        trial.fault(connection="reset")
        heard = trial.call()
        assert heard.status == 503, answers
        assert 1 <= int(heard.headers.get("Retry-After")) <= 10, answers
        assert trial.revealed(heard) == []


def test_an_exhausted_pool_is_known_whatever_azure_says_of_it():
    for answers in COMBINATIONS:
        trial = Trial(pool("3 tiered"), answers)
        trial.fault(status=429, retry_after=7)
        first = trial.call()
        assert (first.status, first.headers.get("Retry-After")) == (429, "7"), answers
        trial.wait(2)
        second = trial.call()
        assert (second.status, second.asked) == (429, []), answers
        assert second.headers.get("Retry-After") == "5", answers
        assert trial.revealed(second) == []
        trial.heal()
        trial.wait(5)
        asked = [trial.call().asked for _ in range(3)]
        assert asked == [["aoai-1"]] * 3, f"{answers}: an exhausted pool moves nobody elsewhere"


@pytest.mark.parametrize("shape", TIERS)
def test_where_breakers_count_lost_connections_they_open_and_the_promise_is_the_same(shape: str):
    members = pool(shape)
    trial = Trial(members, {"S7": "by-error-reason"})
    trial.fault("aoai-1", connection="refused")
    assert trial.call().status == (503 if shape == "1" else 200)
