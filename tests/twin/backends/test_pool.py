from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from twin.backends.pool import Member, Pool
from twin.chance import Chance

REFERENCE = (Member("aoai-eus2-1", 1, 1), Member("aoai-eus-1", 2, 1), Member("aoai-eus-2", 2, 1))
MEMBERS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 100)), min_size=1, max_size=30).map(
    lambda rows: tuple(Member(f"m{i}", priority, weight) for i, (priority, weight) in enumerate(rows))
)


def pool(members: tuple[Member, ...] = REFERENCE, seed: int = 0, at_random: bool = False) -> Pool:
    return Pool(members, Chance(seed).stream("pool"), at_random=at_random)


def everybody(_: str) -> bool:
    return True


def served(subject: Pool, calls: int, closed: set[str] | None = None) -> Counter[str]:
    chosen = [subject.choose(lambda b: closed is None or b in closed) for _ in range(calls)]
    return Counter(member.backend for member in chosen if member)


@given(MEMBERS, st.data())
def test_no_request_reaches_a_lower_priority_while_a_higher_one_has_a_closed_member(
    members: tuple[Member, ...], data: st.DataObject
):
    closed = data.draw(st.sets(st.sampled_from([m.backend for m in members])))
    chosen = pool(members).choose(closed.__contains__)
    if not closed:
        assert chosen is None
    else:
        assert chosen is not None
        assert chosen.backend in closed
        assert chosen.priority == min(m.priority for m in members if m.backend in closed)


@given(st.lists(st.integers(1, 20), min_size=2, max_size=8), st.integers(0, 1000))
def test_each_member_is_chosen_by_its_weight_to_within_two_in_every_round(weights: list[int], seed: int):
    members = tuple(Member(f"m{i}", 1, weight) for i, weight in enumerate(weights))
    rounds = 5
    shares = served(pool(members, seed), rounds * sum(weights))
    for member in members:
        assert abs(shares[member.backend] - rounds * member.weight) <= 2


def test_members_of_equal_weight_alternate():
    subject = pool((Member("a", 1, 1), Member("b", 1, 1)))
    first, second, third = (subject.choose(everybody) for _ in range(3))
    assert first == third != second


def test_a_member_that_is_out_leaves_the_weights_of_the_others_as_they_are():
    members = (Member("a", 1, 4), Member("b", 1, 1), Member("c", 1, 5))
    shares = served(pool(members), 1000, closed={"a", "b"})
    assert abs(shares["a"] - 800) <= 2
    assert shares["c"] == 0


def test_a_group_of_zero_weights_takes_turns():
    shares = served(pool((Member("a", 1, 0), Member("b", 1, 0))), 10)
    assert shares == {"a": 5, "b": 5}


def test_units_begin_at_a_phase_of_their_own():
    first = {p.choose(everybody) for p in (pool((Member("a", 1, 1), Member("b", 1, 1)), seed) for seed in range(20))}
    assert len(first) == 2


def test_S10_a_random_choice_keeps_the_weights_on_average():
    subject = pool((Member("a", 1, 80), Member("b", 1, 20)), at_random=True)
    assert abs(served(subject, 10_000)["a"] - 8_000) < 150
