"""Loads: how many calls come when, and how large they are."""

import itertools
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.chance import Chance
from twin.simulation import Arrival, Sizes, poisson, steady

RATES = st.floats(0.1, 50)
SECONDS = st.floats(0, 100)


@given(rate=RATES, seconds=SECONDS, begin=st.floats(0, 1000), seed=st.integers(0, 9))
def test_calls_come_in_order_and_within_their_time(rate: float, seconds: float, begin: float, seed: int):
    moments = [one.at for one in poisson(rate, seconds, Chance(seed).stream("calls"), begin=begin)]
    assert moments == sorted(moments)
    assert all(begin <= moment < begin + seconds for moment in moments)


@given(tokens=st.floats(10, 10_000), spread=st.floats(0, 1), share=st.floats(0.01, 0.9), seed=st.integers(0, 9))
def test_every_call_asks_something_and_wants_an_answer(tokens: float, spread: float, share: float, seed: int):
    prompt, answer = Sizes(tokens, spread, share).draw(Chance(seed).stream("sizes"))
    assert prompt >= 1
    assert answer >= 1


def test_a_seed_gives_the_same_calls_each_time():
    first, again, other = (list(poisson(5, 60, Chance(seed).stream("calls"))) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_independent_callers_come_at_the_rate_and_as_irregularly_as_chance_has_it():
    moments = [one.at for one in poisson(20, 1000, Chance(0).stream("calls"))]
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    assert len(moments) == pytest.approx(20_000, rel=0.02)
    assert statistics.stdev(gaps) == pytest.approx(1 / 20, rel=0.02)  # an exponential distribution's is its mean


def test_sizes_have_the_mean_that_was_asked_for_and_the_answer_its_share():
    drawn = list(poisson(100, 500, Chance(0).stream("calls"), Sizes(1082, 0.6, 0.185)))
    assert statistics.mean(one.tokens for one in drawn) == pytest.approx(1082, rel=0.01)
    assert statistics.mean(one.answer for one in drawn) == pytest.approx(1082 * 0.185, rel=0.01)
    assert max(one.tokens for one in drawn) > 5000


def test_nobody_calls_at_a_rate_of_nothing():
    assert list(poisson(0, 60, Chance(0).stream("calls"))) == []
    assert list(steady(0, 60)) == []


def test_a_steady_load_has_calls_of_one_size_at_equal_distances():
    assert list(steady(2, 1.5, begin=10, prompt=3, answer=4)) == [
        Arrival(10, 3, 4),
        Arrival(10.5, 3, 4),
        Arrival(11, 3, 4),
    ]
