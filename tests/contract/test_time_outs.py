"""An account that says nothing: the call ends with its time, and is not repeated, as it was probably executed."""

import itertools

import pytest

from tests.support.pools import SEVERAL, TIERS, each_shape, names, pool
from tests.support.trial import Assume, Trial

COMBINATIONS: list[Assume] = [
    dict(zip(("S14", "S18", "S19"), answers, strict=True))
    for answers in itertools.product(("status-500", "no-response", "on-error"), ("set", "null"), ("skipped", "run"))
]


@each_shape()
def test_the_caller_gets_504_when_the_calls_time_is_used_up(shape: str, identity: bool):
    trial = Trial(pool(shape), policy={"managedIdentity": identity})
    trial.fault("aoai-1", connection="hang")
    heard = trial.call()
    assert (heard.status, heard.asked, heard.headers.get("x-should-retry")) == (504, ["aoai-1"], "false")
    assert heard.error == {
        "code": "504",
        "message": "No backend answered in time. One may still be at work on the request.",
    }
    assert heard.answered == pytest.approx(230, abs=0.01)
    assert "Retry-After" not in heard.headers
    assert trial.open_breakers() == []
    assert trial.revealed(heard) == []


@pytest.mark.parametrize("shape", SEVERAL)
def test_the_next_calls_start_elsewhere_for_the_trip_duration(shape: str):
    trial = Trial(pool(shape))
    trial.fault("aoai-1", connection="hang")
    assert trial.call().status == 504
    served: set[str] = set()
    for _ in range(9):
        heard = trial.call()
        assert (heard.status, "aoai-1" in heard.asked) == (200, False)
        served.update(heard.asked)
        trial.wait(1)
    if "tiered" in shape:
        last = max(one["priority"] for one in pool(shape))
        assert served == set(names(pool(shape), last)), "all of a tier, by their weights"
    trial.heal()
    trial.wait(1.1)
    assert "aoai-1" in {trial.call().asked[0] for _ in range(len(pool(shape)) + 1)}


def test_whatever_azure_does_where_nobody_knows_it():
    for answers in COMBINATIONS:
        trial = Trial(pool("3 tiered"), answers)
        trial.fault("aoai-1", connection="hang")
        heard = trial.call()
        assert (heard.status, heard.asked, round(heard.answered)) == (504, ["aoai-1"], 230), answers
        assert heard.headers.get("x-should-retry") == "false"
        assert trial.call().status == 200


@pytest.mark.parametrize("shape", TIERS)
def test_failures_share_the_time_of_the_call(shape: str):
    """A call whose accounts fail slowly is over when its time is, however many attempts it would have left."""
    trial = Trial(pool(shape))
    trial.fault(status=500, latency=100)
    heard = trial.call()
    many = shape != "1"
    assert (heard.status, len(heard.asked)) == ((504, 3) if many else (500, 1))
    assert heard.answered == pytest.approx(230 if many else 100, abs=0.01)


def test_nothing_is_tried_again_after_the_calls_time():
    trial = Trial(pool("3 flat"))
    trial.fault(status=500, latency=229.9999)
    heard = trial.call()
    assert (heard.status, len(heard.asked)) == (504, 2), "the second has a second, and is not followed by a third"
    assert heard.answered <= 231


@pytest.mark.parametrize("shape", ["2 flat", "3 tiered"])
def test_a_setting_tries_time_outs_elsewhere_within_the_same_time(shape: str):
    trial = Trial(pool(shape), policy={"retryAmbiguous": True, "requestTimeout": 90})
    trial.fault("aoai-1", connection="hang")
    heard = trial.call()
    assert (heard.status, heard.asked[0], len(heard.asked)) == (200, "aoai-1", 2)
    assert heard.answered == pytest.approx(30, abs=0.1), "a third of the call's time, as there may be three attempts"
    trial.fault(connection="hang")
    heard = trial.call()
    assert (heard.status, len(heard.asked)) == (504, 3)
    assert heard.answered == pytest.approx(90, abs=1)


def test_a_stream_that_has_begun_may_last_longer():
    trial = Trial(pool("3 tiered"))
    trial.fault(tokens_per_second=0.01)
    heard = trial.call(stream=True)
    assert (heard.status, heard.broken) == (200, False)
    assert heard.ended > 400
