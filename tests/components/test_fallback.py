"""The pools that calls turn to, and the promise that they keep: one dead member fails no call."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from components.fallback import FallbackPools, Member, fallback_names, fallback_pools

POOL = "openaiopool"
few = settings(deadline=None, max_examples=40)
REFERENCE = (Member("aoai-eus2-1", 1), Member("aoai-eus-1", 2), Member("aoai-eus-2", 2))


def flat(*names: str) -> tuple[Member, ...]:
    return tuple(Member(name) for name in names)


def test_the_reference_pool_gets_two_ladders_and_a_turned_pool():
    assert fallback_pools(POOL, REFERENCE) == FallbackPools(
        start_elsewhere="openaiopool-turned",
        last="openaiopool-last",
        first="openaiopool-first",
        pools={
            "openaiopool-last": (
                Member("aoai-eus-2", 1),
                Member("aoai-eus-1", 2),
                Member("aoai-eus2-1", 3),
            ),
            "openaiopool-first": (
                Member("aoai-eus2-1", 1),
                Member("aoai-eus-1", 2),
                Member("aoai-eus-2", 3),
            ),
            "openaiopool-turned": (
                Member("aoai-eus-1", 1),
                Member("aoai-eus-2", 1),
                Member("aoai-eus2-1", 2),
            ),
        },
    )


def test_pools_are_made_in_the_same_order_whichever_order_the_members_come_in():
    assert list(fallback_pools(POOL, REFERENCE).pools.items()) == list(
        fallback_pools(POOL, reversed(REFERENCE)).pools.items()
    )


def test_a_flat_pool_has_no_turned_pool_and_starts_elsewhere_at_its_last_member():
    pools = fallback_pools(POOL, flat("a", "b", "c"))
    assert list(pools.pools) == ["openaiopool-last", "openaiopool-first"]
    assert pools.start_elsewhere == "openaiopool-last"


def test_a_ladder_that_equals_the_pool_or_the_turned_pool_is_not_made_again():
    one_per_tier = (Member("a", 5), Member("b", 9, weight=3))
    assert fallback_pools(POOL, one_per_tier) == FallbackPools(
        start_elsewhere="openaiopool-last",
        last="openaiopool-last",
        first="openaiopool",
        pools={"openaiopool-last": (Member("b", 1), Member("a", 2))},
    )


def test_equal_tiers_with_other_weights_are_another_pool():
    tiers = (Member("a", 1, weight=80), Member("b", 1, weight=20), Member("c", 2, weight=7))
    assert fallback_pools(POOL, tiers).pools["openaiopool-turned"] == (
        Member("c", 1),
        Member("a", 2, weight=80),
        Member("b", 2, weight=20),
    )


@pytest.mark.parametrize("members", [(), flat("alone")])
def test_a_pool_without_a_second_member_has_nowhere_to_turn(members: tuple[Member, ...]):
    assert fallback_pools(POOL, members) == FallbackPools(POOL, POOL, POOL, {})


def test_the_names_that_a_pool_reserves_are_those_it_may_give():
    assert set(fallback_pools(POOL, REFERENCE).pools) == set(fallback_names(POOL))


def named(shape: list[tuple[int, int]]) -> list[Member]:
    """Members whose names follow another order than their priorities."""
    return [Member(f"m{7 * index % 31:02}", priority, weight) for index, (priority, weight) in enumerate(shape)]


members_of_a_pool = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), min_size=2, max_size=7).map(named)
THIRTY = named([(index % 4, 1 + index % 3) for index in range(30)])


def choices(members: Iterable[Member], closed: set[str]) -> set[str]:
    """The members of which the pool may choose any: those of the lowest priority with a closed breaker."""
    left = [member for member in members if member.name in closed]
    return {member.name for member in left if member.priority == min(other.priority for other in left)}


def all_pools(members: list[Member], fallback: FallbackPools) -> Mapping[str, Iterable[Member]]:
    return {POOL: members, **fallback.pools}


def served(members: list[Member], closed: set[str], dead: str, start: str) -> bool:
    """Whether a call that starts with this pool finds a member that is not dead, however the pools weigh theirs."""
    fallback = fallback_pools(POOL, members)
    pools = all_pools(members, fallback)
    turns = (fallback.first, fallback.last) if start == fallback.last else (fallback.last, fallback.first)
    return any(dead not in choices(pools[pool], closed) for pool in (start, *turns))


@few
@given(members_of_a_pool, st.sets(st.integers(0, 6), min_size=2), st.integers(0, 6))
@example(THIRTY, set(range(30)), 29)
@example(THIRTY, {3, 17, 21}, 17)
def test_with_one_dead_member_no_call_fails_wherever_it_starts_and_whichever_breakers_are_open(
    members: list[Member], closed: set[int], dead: int
):
    names = [member.name for member in members]
    open_to_calls = {names[index] for index in closed if index < len(names)}
    assume(len(open_to_calls) > 1)
    for start in all_pools(members, fallback_pools(POOL, members)):
        assert served(members, open_to_calls, names[dead % len(names)], start)


def test_with_two_dead_members_a_call_may_fail():
    """So the promise says no more than is true."""
    pools = fallback_pools(POOL, flat("a", "b", "c")).pools
    everyone = {"a", "b", "c"}
    assert choices(pools["openaiopool-last"], everyone) | choices(pools["openaiopool-first"], everyone) == {"a", "c"}


@few
@given(members_of_a_pool)
def test_every_pool_has_the_same_members_within_what_azure_allows(members: list[Member]):
    for made in fallback_pools(POOL, members).pools.values():
        assert {member.name for member in made} == {member.name for member in members}
        assert len(made) == len(members) <= 30
        assert all(1 <= member.priority <= 30 and 1 <= member.weight <= 100 for member in made)


@few
@given(members_of_a_pool)
def test_no_two_pools_choose_alike(members: list[Member]):
    def order(pool: Iterable[Member]) -> list[frozenset[tuple[str, int]]]:
        tiers = [
            [member for member in pool if member.priority == priority]
            for priority in sorted({member.priority for member in pool})
        ]
        return [frozenset((member.name, member.weight if len(tier) > 1 else 1) for member in tier) for tier in tiers]

    fallback = fallback_pools(POOL, members)
    orders = [order(pool) for pool in all_pools(members, fallback).values()]
    assert all(orders.count(one) == 1 for one in orders)
    assert {fallback.last, fallback.first, fallback.start_elsewhere} <= {POOL, *fallback.pools}
    assert set(fallback.pools) <= {fallback.last, fallback.first, fallback.start_elsewhere}


@few
@given(members_of_a_pool)
def test_starting_elsewhere_leaves_the_first_tier_where_there_is_another(members: list[Member]):
    fallback = fallback_pools(POOL, members)
    everyone = {member.name for member in members}
    first_tier = choices(members, everyone)
    elsewhere = choices(all_pools(members, fallback)[fallback.start_elsewhere], everyone)
    if first_tier != everyone:
        assert not elsewhere & first_tier
    else:
        assert elsewhere == {max(everyone)}
