"""How long a refused caller is told to wait, against the breakers themselves: with one gateway unit it is exact."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pools import names, pool
from tests.support.trial import Trial

# What an account does for a while: status, and seconds of Retry-After or none.
TROUBLE = st.tuples(st.sampled_from([429, 429, 502, 503, 504]), st.none() | st.integers(1, 90))
STEPS = st.lists(st.tuples(st.floats(0, 15), st.integers(1, 3), TROUBLE), min_size=3, max_size=15)


@settings(max_examples=25, deadline=None)
@given(trouble=st.lists(TROUBLE, min_size=3, max_size=3), steps=STEPS)
def test_the_time_is_that_until_the_first_breaker_closes(trouble: Sequence[tuple[int, int | None]], steps: list):
    """Accounts that are never well, each with trouble of its own that changes while breakers open and close."""
    trial = Trial(pool("3 tiered"))
    for number, (status, seconds) in enumerate(trouble, start=1):
        trial.fault(f"aoai-{number}", status=status, retry_after=seconds)
    seen: dict[str, int] = {}
    for waited, number, (status, seconds) in steps:
        heard = trial.call()
        seen |= {attempt.backend: attempt.status for attempt in heard.attempts}
        first = min(trial.seconds_open(name) for name in names(pool("3 tiered")))
        assert int(heard.headers.get("retry-after-ms")) == pytest.approx(first * 1000, abs=1)
        assert int(heard.headers.get("Retry-After")) == max(1, math.ceil(first - 1e-6))
        assert heard.status == (429 if 429 in seen.values() else 503)
        trial.heal(f"aoai-{number}")
        trial.fault(f"aoai-{number}", status=status, retry_after=seconds)
        trial.wait(waited)
        seen = {name: status for name, status in seen.items() if trial.seconds_open(name) > 0}


def test_a_member_that_is_long_away_makes_nobody_wait_for_it():
    trial = Trial(pool("3 tiered"))
    for name, seconds in (("aoai-1", 60), ("aoai-2", 5), ("aoai-3", 30)):
        trial.fault(name, status=429, retry_after=seconds)
    waits = []
    for _ in range(4):
        heard = trial.call()
        waits.append(int(heard.headers.get("Retry-After")))
        trial.wait(waits[-1])
    assert waits == [5, 5, 5, 5], "each time the one that is back soonest"
    trial.heal("aoai-3")
    trial.fault("aoai-2", status=429, retry_after=600)
    trial.wait(0.001)
    assert [int(trial.call().headers.get("Retry-After")), trial.seconds_open("aoai-3")] == [
        10,
        pytest.approx(10, abs=0.1),
    ]


@pytest.mark.parametrize("units", [2, 3])
def test_with_several_units_it_is_between_a_second_and_the_longest_trip(units: int):
    trial = Trial(pool("3 tiered"), units=units)
    for name, seconds in (("aoai-1", 20), ("aoai-2", 7), ("aoai-3", 12)):
        trial.fault(name, status=429, retry_after=seconds)
    for _ in range(60):
        heard = trial.call()
        assert heard.status == 429
        assert 1 <= int(heard.headers.get("Retry-After")) <= 20
        trial.wait(0.5)


@pytest.mark.parametrize(("answers", "told"), [({"S12": "present"}, 7), ({"S12": "absent"}, 10)])
def test_where_the_cache_loses_everything_the_gateways_own_header_counts_else_the_trip_duration(
    answers: dict[str, str], told: int
):
    trial = Trial(pool("3 tiered"), {"S21": "lost", **answers})
    trial.fault(status=429, retry_after=7)
    assert trial.call().headers.get("Retry-After") == "7"
    assert trial.call().headers.get("Retry-After") == str(told)


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_caller_is_never_told_to_come_back_at_once(seconds: int):
    trial = Trial(pool("3 tiered"))
    trial.fault(status=429, retry_after=seconds)
    heard = trial.call()
    assert (heard.status, heard.headers.get("Retry-After"), heard.headers.get("retry-after-ms")) == (429, "1", "1000")


def test_times_that_have_passed_leave_room_for_those_to_come():
    trial = Trial(pool("3 tiered"), policy={"recoveryWait": 0})
    trial.fault(status=429, retry_after=1)
    for _ in range(110):  # more closing times than are kept
        heard = trial.call()
        assert len(heard.asked) == 3
        trial.wait(1.001)
    trial.heal()
    trial.fault(status=429, retry_after=5)
    assert [trial.call().headers.get("Retry-After") for _ in range(2)] == ["5", "5"]


def test_breakers_that_do_not_accept_retry_after_make_callers_wait_for_the_trip_duration():
    trial = Trial(pool("3 tiered"), breaker={"acceptRetryAfter": False})
    trial.fault(status=429, retry_after=99)
    assert trial.call().headers.get("Retry-After") == "10"
    assert trial.seconds_open("openaiopool") == pytest.approx(10)
