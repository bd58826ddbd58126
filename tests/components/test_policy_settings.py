"""Limits that follow from the settings."""

from typing import Any

import pytest

from components.fallback import FallbackPools, Member, fallback_pools
from components.policy import PolicySettings


def settings(members: int, **others: Any) -> PolicySettings:
    fallback = fallback_pools("pool", [Member(f"m{index:02}") for index in range(members)])
    return PolicySettings("pool", members, fallback, **others)


@pytest.mark.parametrize(
    ("members", "trip_retries", "retries"),
    [(1, 0, 0), (2, 1, 3), (3, 2, 4), (4, 3, 5), (5, 4, 5), (6, 5, 5), (7, 5, 5), (9, 5, 5), (30, 5, 5)],
)
def test_the_budget_grows_with_the_members_up_to_five(members: int, trip_retries: int, retries: int):
    assert settings(members).trip_retries == trip_retries
    assert settings(members).retries == retries == (0 if members == 1 else min(members + 1, 5))


@pytest.mark.parametrize(
    ("budget", "trip_retries", "retries"), [(0, 0, 2), (1, 1, 3), (2, 2, 4), (3, 3, 5), (4, 3, 5), (5, 3, 5)]
)
def test_a_budget_counts_attempts_after_trips_and_no_more_than_there_are_further_members(
    budget: int, trip_retries: int, retries: int
):
    assert settings(4, retry_budget=budget).trip_retries == trip_retries
    assert settings(4, retry_budget=budget).retries == retries


def test_without_the_body_nothing_is_tried_twice():
    assert settings(3, replay_body=False).retries == 0
    assert settings(3, replay_body=False).starts


@pytest.mark.parametrize(
    ("others", "waits"),
    [
        ({}, 3),
        ({"recovery_wait": 0}, 0),
        ({"recovery_wait": 5}, 5),
        ({"replay_body": False}, 0),
        ({"retry_budget": 0}, 0),
    ],
)
def test_a_call_waits_only_where_it_may_be_sent_again(others: dict[str, Any], waits: int):
    assert settings(3, **others).waits == waits
    assert settings(1, **others).waits == 0


def test_one_member_has_nowhere_else_to_start():
    assert not settings(1).starts
    assert settings(2).starts


@pytest.mark.parametrize(
    ("count", "statuses", "at_once"),
    [
        (1, ((429, 429), (502, 504)), True),
        (1, ((400, 599),), True),
        (2, ((429, 429),), False),
        (1, ((502, 504),), False),
        (1, ((200, 428), (430, 599)), False),
        (1, (), False),
    ],
)
def test_a_breaker_opens_at_once_if_one_failure_will_do_and_429_is_one(
    count: int, statuses: tuple[tuple[int, int], ...], at_once: bool
):
    assert settings(2, breaker_count=count, breaker_statuses=statuses).opens_at_once is at_once


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"members": 0}, "members is 0; 1 or more is needed."),
        ({"trip_duration": 0}, "trip_duration is 0; 1 or more is needed."),
        ({"breaker_count": 0}, "breaker_count is 0; 1 or more is needed."),
        ({"request_timeout": -1}, "request_timeout is -1; 1 or more is needed."),
        ({"retry_budget": -1}, "retry_budget is -1; 0 to 5 further attempts are possible."),
        ({"recovery_wait": -1}, "recovery_wait is -1; 0 to 5 seconds are possible."),
        ({"recovery_wait": 6}, "recovery_wait is 6; 0 to 5 seconds are possible."),
        ({"retry_budget": 6}, "retry_budget is 6; 0 to 5 further attempts are possible."),
        ({"members": 2}, "2 members need fallback pools; take them from fallback_pools()."),
    ],
)
def test_numbers_that_no_policy_can_be_made_of_are_refused(wrong: dict[str, int], message: str):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared
        PolicySettings(**{"pool": "pool", "members": 1, "fallback": FallbackPools("pool", "pool", "pool"), **wrong})
    assert str(refused.value) == message
