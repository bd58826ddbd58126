"""408, 499, 500 and other 5xx, and 401 or 403 of the gateway's own identity: tried on another member, and no breaker
opens, as one request that always gets them would open every breaker for every caller."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.pools import SEVERAL, TIERS, each_shape, names, pool
from tests.support.trial import Trial
from twin.assumptions import Assumptions

STATUSES = (408, 499, 500, 501, 505, 529, 599)
MOST_ATTEMPTS = 3  # two further ones
ONE_OTHER_ANSWER = [{guess.id: answer} for guess in Assumptions.register() for answer in guess.choices[1:]]


@each_shape(SEVERAL)
def test_no_call_fails_for_one_account_whichever_it_is(shape: str, identity: bool):
    members = pool(shape)
    trial = Trial(members, policy={"managedIdentity": identity})
    for name in names(members):
        for status in (408, 500, 401) if identity else (499, 500):
            trial.fault(name, status=status)
            heard = [trial.call(stream=True) for _ in range(min(4, len(members)) + 1)]
            assert {one.status for one in heard} == {200}, f"{name} answers {status}"
            assert trial.open_breakers() == []
            trial.heal()
            trial.wait(20)


@each_shape()
def test_a_request_that_fails_everywhere_gets_the_status_in_the_gateways_words(shape: str, identity: bool):
    members = pool(shape)
    trial = Trial(members, policy={"managedIdentity": identity})
    for status in STATUSES:
        trial.fault(status=status, retry_after=60)
        for _ in range(2):
            heard = trial.call(stream=True)
            assert heard.status == status
            assert heard.error == {
                "code": str(status),
                "message": "Every backend that was tried failed on this request.",
            }
            assert heard.headers.get("x-should-retry") == "false"
            assert "Retry-After" not in heard.headers, "asking again would be of no use"
            assert len(heard.asked) == (1 if len(members) == 1 else MOST_ATTEMPTS)
            assert trial.revealed(heard) == []
        assert trial.open_breakers() == []
        trial.heal()
    assert trial.call().status == 200


@pytest.mark.parametrize("shape", TIERS)
@pytest.mark.parametrize("fault", [{"identity": "refused"}, {"status": 401}, {"status": 403}])
def test_a_refused_identity_of_the_gateways_is_never_the_callers_401(shape: str, fault: Mapping[str, Any]):
    trial = Trial(pool(shape))
    trial.fault(**fault)
    heard = trial.call()
    assert (heard.status, heard.headers.get("x-should-retry")) == (502, "false")
    message = "The gateway is not authorized for this operation on any backend it tried; your key is fine."
    assert heard.error == {"code": "502", "message": message}
    assert trial.revealed(heard) == []


@pytest.mark.parametrize("answers", ONE_OTHER_ANSWER, ids=lambda answers: "".join(map("=".join, answers.items())))
def test_whatever_azure_does_where_nobody_knows_it(answers: Mapping[str, str]):
    for shape in ("3 tiered", "3 flat"):
        faults: tuple[dict[str, Any], ...] = ({"status": 500}, {"identity": "refused"})
        for fault in faults:
            trial = Trial(pool(shape), answers)
            trial.fault("aoai-1", **fault)
            assert [trial.call().status for _ in range(4)] == [200] * 4
            trial.fault(**fault)
            heard = trial.call()
            assert (heard.status, len(heard.asked)) == (fault.get("status", 502), MOST_ATTEMPTS)
            assert trial.open_breakers() == []


@pytest.mark.parametrize("shape", SEVERAL)
def test_the_next_calls_start_elsewhere_for_the_trip_duration_where_that_helped(shape: str):
    trial = Trial(pool(shape))
    trial.fault("aoai-1", status=500)
    first = trial.call()
    assert (first.status, first.asked[0]) == (200, "aoai-1")
    for _ in range(9):
        heard = trial.call()
        assert (heard.status, heard.asked[0] != "aoai-1" or "flat" in shape) == (200, True)
        trial.wait(1)
    trial.heal()
    trial.wait(10)
    assert "aoai-1" in {trial.call().asked[0] for _ in range(len(pool(shape)))}, "and it has its traffic back"


@pytest.mark.parametrize("shape", SEVERAL)
def test_a_request_that_fails_everywhere_moves_nobody_elses_traffic(shape: str):
    members = pool(shape)
    trial, undisturbed = Trial(members), Trial(members)
    for number in range(20):
        assert trial.call(poison=True).status == 500
        assert trial.call().status == undisturbed.call().status == 200
        assert trial.open_breakers() == []
        if "tiered" in shape:
            assert trial.call().asked[0] in names(members, 1)
        trial.wait(number % 4)


def test_that_another_account_refuses_a_request_says_nothing_of_the_first_one():
    """It served the request no better: nobody else's traffic moves."""
    trial = Trial(pool("3 tiered"))
    trial.fault("aoai-1", status=500)
    trial.fault("aoai-3", status=400)
    first = trial.call()
    assert (first.status, first.asked) == (400, ["aoai-1", "aoai-3"])
    assert trial.call().asked[0] == "aoai-1"


@pytest.mark.parametrize("identity", [True, False])
def test_a_status_that_opens_a_breaker_after_one_that_does_not_is_followed_up_too(identity: bool):
    trial = Trial(pool("9 tiered"), policy={"managedIdentity": identity})
    trial.fault("aoai-1", "aoai-2", status=500)
    trial.fault("aoai-9", status=429, retry_after=30)
    heard = trial.call()
    assert (heard.status, heard.asked[0], heard.asked[1]) == (200, "aoai-1", "aoai-9")
    assert trial.open_breakers() == ["aoai-9"]


def test_the_last_answer_decides_what_the_caller_is_told():
    """One account always fails and the other is throttled: what remains is the failure."""
    trial = Trial(pool("2 tiered"))
    trial.fault("aoai-1", status=500)
    trial.fault("aoai-2", status=429, retry_after=5)
    heard = trial.call()
    assert heard.asked == ["aoai-1", "aoai-2", "aoai-1", "aoai-1"]
    assert (heard.status, heard.headers.get("x-should-retry")) == (500, "false")
