import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policy.counters import MOST_KEYS, Quotas, Rates


def test_what_was_counted_longer_ago_than_the_window_is_counted_no_more() -> None:
    rates = Rates()
    for now in (0, 4, 9):
        rates.add("k", 1, 10, now)
    assert [rates.count("k", 10, now) for now in (9, 9.99, 10, 13.99, 14, 19)] == [3, 3, 2, 2, 1, 0]


def test_the_time_left_is_that_of_the_oldest() -> None:
    rates = Rates()
    assert rates.seconds_left("k", 10, 0) == 0
    rates.add("k", 1, 10, 2)
    rates.add("k", 1, 10, 7)
    assert [rates.seconds_left("k", 10, now) for now in (7, 11, 12, 16)] == [5, 1, 5, 1]


def test_keys_are_counted_apart() -> None:
    rates = Rates()
    rates.add("k", 5, 10, 0)
    assert rates.count("l", 10, 0) == 0


def test_a_correction_never_makes_the_count_negative() -> None:
    rates = Rates()
    rates.add("k", 5, 10, 0)
    rates.add("k", -3, 10, 5)
    assert [rates.count("k", 10, now) for now in (6, 11, 15)] == [2, 0, 0]


def test_another_window_begins_anew() -> None:
    rates = Rates()
    rates.add("k", 5, 10, 0)
    assert rates.count("k", 20, 1) == 0


def test_keys_of_which_nothing_is_counted_any_more_make_room() -> None:
    rates = Rates()
    rates.add("kept", 1, 1000, 0)
    for number in range(MOST_KEYS - 1):
        rates.add(f"{number}", 1, 10, 0)
    rates.add("new", 1, 10, 20)
    assert (rates.count("kept", 1000, 20), rates.count("new", 10, 20)) == (1, 1)


def test_the_oldest_key_makes_room_then() -> None:
    rates = Rates()
    for number in range(MOST_KEYS + 1):
        rates.add(f"{number}", 1, 10, 0)
    assert [rates.count(key, 10, 0) for key in (f"{MOST_KEYS}", "2", "0")] == [1, 1, 0]


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 50)), max_size=60))
def test_the_count_is_that_of_the_window_to_a_thousandth_of_its_length(calls: list[tuple[float, int]]) -> None:
    rates, counted, now = Rates(), [], 0.0
    for wait, amount in calls:
        now += wait
        rates.add("k", amount, 10, now)
        counted.append((now, amount))
        found = rates.count("k", 10, now)
        least = sum(amount for moment, amount in counted if moment > now - 10 + 0.01)
        assert least <= found <= sum(amount for moment, amount in counted if moment > now - 10)


@pytest.mark.parametrize("calls", [10_000])
def test_a_key_that_is_counted_often_takes_no_more_room_than_a_thousand_steps(calls: int) -> None:
    rates = Rates()
    for number in range(calls):
        rates.add("k", 1, 10, number * 10 / calls)
    assert rates.count("k", 10, 9.999) == calls
    assert len(rates._windows["k"].counted) <= 1001


def test_a_quota_is_counted_in_its_window_only() -> None:
    quotas = Quotas()
    quotas.add("k", 5, began=0)
    quotas.add("k", 2, began=0)
    assert [quotas.count("k", 0), quotas.count("k", 3600), quotas.count("l", 0)] == [7, 0, 0]
    quotas.add("k", 1, began=3600)
    assert quotas.count("k", 3600) == 1


def test_a_quota_never_goes_below_nothing() -> None:
    quotas = Quotas()
    quotas.add("k", 5, began=0)
    quotas.add("k", -8, began=0)
    assert quotas.count("k", 0) == 0
