from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policy.budgets import PerMinute, Quota, window
from twin.policy.counters import Quotas, Rates


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("period", "now", "began", "ends"),
    [
        ("Hourly", "2024-02-29T23:59:59", "2024-02-29T23:00", "2024-03-01T00:00"),
        ("daily", "2024-12-31T00:00", "2024-12-31", "2025-01-01"),
        ("Weekly", "2024-03-03T12:00", "2024-02-26", "2024-03-04"),
        ("Weekly", "2024-03-04T00:00", "2024-03-04", "2024-03-11"),
        ("Monthly", "2024-01-31T12:00", "2024-01-01", "2024-02-01"),
        ("Monthly", "2024-12-01T00:00", "2024-12-01", "2025-01-01"),
        ("Yearly", "2024-02-29T12:00", "2024-01-01", "2025-01-01"),
    ],
)
def test_periods_begin_with_their_unit_in_utc(period: str, now: str, began: str, ends: str) -> None:
    assert window(period, moment(now)) == (moment(began), moment(ends))


@given(st.sampled_from(["Hourly", "Daily", "Weekly", "Monthly", "Yearly"]), st.floats(0, 4e9))
def test_every_moment_lies_in_its_period_and_the_next_one_begins_where_it_ends(period: str, now: float) -> None:
    began, ends = window(period, now)
    assert began <= now < ends
    assert window(period, ends)[0] == ends


def test_what_is_spent_in_a_minute_comes_back_after_a_minute() -> None:
    budget = PerMinute(Rates(), "k", 100)
    budget.spend(70, 0)
    budget.spend(50, 10)
    assert budget.seconds_left(20) == 40
    assert [budget.left(now) for now in (20, 59, 60, 70)] == [0, 0, 50, 100]


def test_a_call_that_spends_nothing_leaves_no_mark() -> None:
    budget = PerMinute(Rates(), "k", 100)
    budget.spend(0, 0)
    budget.spend(100, 5)
    assert budget.seconds_left(10) == 55


def test_what_is_spent_of_a_quota_comes_back_when_its_period_ends() -> None:
    quotas = Quotas()
    budget = Quota(quotas, "k", 100, 0, 3600)
    budget.spend(70, 10)
    assert (budget.left(20), budget.seconds_left(20)) == (30, 3580)
    assert Quota(quotas, "k", 100, 3600, 7200).left(3600) == 100
