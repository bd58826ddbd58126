import pytest

from twin.assumptions import Assumptions
from twin.backends.backend import AnyBackend, Backend, BackendPool
from twin.backends.breaker import NOTHING_SAID, Rule
from twin.backends.pool import Member
from twin.backends.unit import AllOpen, NoSuchBackend, Unit
from twin.chance import Chance
from twin.messages import Url

RULE = Rule(count=1, interval=10, trip_duration=10, statuses=((429, 429),))


def backend(name: str, rule: Rule | None = RULE) -> Backend:
    return Backend(name, Url("/", scheme="https", host=f"{name}.example"), rule)


def pool(name: str, *members: tuple[str, int]) -> BackendPool:
    return BackendPool(name, tuple(Member(member, priority, 1) for member, priority in members))


TIERED = (backend("one"), backend("two"), pool("Pool", ("One", 1), ("two", 2)), pool("other", ("one", 1)))


def unit(*backends: AnyBackend, **answers: str) -> Unit:
    made = Unit("unit-1", Chance(1), Assumptions().with_answers(answers))
    configure(made, *backends)
    return made


def configure(subject: Unit, *backends: AnyBackend) -> None:
    subject.configure({one.name.lower(): one for one in backends})


def trip(subject: Unit, name: str, now: float) -> None:
    subject.breakers[name].record_response(429, NOTHING_SAID, now)


def test_a_backend_is_found_by_its_name_in_any_case() -> None:
    assert unit(backend("One")).choose("oNE", 0).name == "One"


def test_a_pool_gives_a_member_whose_breaker_is_closed() -> None:
    subject = unit(*TIERED)
    assert subject.choose("pool", 0).name == "one"
    trip(subject, "one", 0)
    assert subject.choose("POOL", 1).name == "two"
    assert subject.choose("pool", 10).name == "one"


def test_a_breaker_is_the_same_in_every_pool_and_for_the_backend_itself() -> None:
    subject = unit(*TIERED)
    trip(subject, "one", 0)
    with pytest.raises(AllOpen):
        subject.choose("other", 1)
    with pytest.raises(AllOpen) as refusal:
        subject.choose("one", 4)
    assert (refusal.value.seconds, str(refusal.value)) == (6, "Backend 'one' is temporarily unavailable.")


def test_a_pool_is_open_until_the_first_of_its_members_closes() -> None:
    subject = unit(*TIERED)
    trip(subject, "one", 0)
    trip(subject, "two", 3)
    with pytest.raises(AllOpen) as refusal:
        subject.choose("pool", 5)
    assert refusal.value.seconds == 5


@pytest.mark.parametrize("name", ["nowhere", "dangling"])
def test_a_name_that_leads_nowhere_is_told(name: str) -> None:
    subject = unit(pool("dangling", ("gone", 1)), backend("one"))
    with pytest.raises(NoSuchBackend, match=f"Backend with id '{name}' could not be found."):
        subject.choose(name, 0)


def test_a_backend_without_a_rule_is_never_open() -> None:
    subject = unit(backend("one", None), backend("two"), pool("pool", ("one", 1), ("two", 2)))
    assert subject.breaker(backend("one")) is None
    assert subject.seconds_open("pool", 0) == subject.seconds_open("one", 0) == 0
    assert {subject.choose("pool", now).name for now in range(5)} == {"one"}


def test_a_breaker_keeps_its_state_while_its_rule_stays_as_it_is() -> None:
    subject = unit(*TIERED)
    trip(subject, "one", 0)
    configure(subject, Backend("one", Url("/v2", scheme="https", host="one.example"), RULE), *TIERED[1:])
    assert subject.choose("pool", 1).name == "two"
    changed = Rule(count=2, interval=10, trip_duration=10, statuses=((429, 429),))
    configure(subject, backend("one", changed), *TIERED[1:])
    assert subject.choose("pool", 1).name == "one"


def test_a_backend_that_is_deleted_and_made_again_begins_anew() -> None:
    subject = unit(*TIERED)
    trip(subject, "one", 0)
    configure(subject, backend("two"))
    configure(subject, *TIERED)
    assert subject.choose("pool", 1).name == "one"


def test_turns_go_on_when_a_pool_is_configured_again_with_the_same_members() -> None:
    flat = (backend("one"), backend("two"), pool("pool", ("one", 1), ("two", 1)))
    alone, configured = unit(*flat), unit(*flat)
    expected = [alone.choose("pool", 0).name for _ in range(6)]
    chosen = []
    for _ in range(6):
        configure(configured, *flat)
        chosen.append(configured.choose("pool", 0).name)
    assert chosen == expected
    assert expected in (["one", "two"] * 3, ["two", "one"] * 3)


def test_units_begin_their_turns_at_phases_of_their_own() -> None:
    flat = (backend("one"), backend("two"), pool("pool", ("one", 1), ("two", 1)))
    first = set()
    for number in range(20):
        subject = Unit(f"unit-{number}", Chance(1), Assumptions())
        configure(subject, *flat)
        first.add(subject.choose("pool", 0).name)
    assert first == {"one", "two"}


def test_members_are_chosen_at_random_where_azure_does_so() -> None:
    flat = (backend("one"), backend("two"), pool("pool", ("one", 1), ("two", 1)))
    subject = unit(*flat, S10="weighted-random")
    chosen = [subject.choose("pool", 0).name for _ in range(40)]
    assert any(chosen[index] == chosen[index + 1] for index in range(39))
