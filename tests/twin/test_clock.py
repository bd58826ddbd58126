from collections.abc import Sequence

import pytest

from twin.chance import Chance
from twin.clock import VirtualClock


async def note(clock: VirtualClock, diary: list[tuple[str, float]], name: str, waits: Sequence[float]) -> None:
    for wait in waits:
        await clock.sleep(wait)
        diary.append((name, clock.now()))


def test_work_is_done_in_the_order_of_its_moments_without_waiting():
    clock, diary = VirtualClock(start=0), []
    clock.start(note(clock, diary, "slow", [3600, 3600]))
    clock.start(note(clock, diary, "fast", [10]), at=100)
    clock.run()
    assert diary == [("fast", 110), ("slow", 3600), ("slow", 7200)]


def test_work_due_at_the_same_moment_runs_in_the_order_in_which_it_was_started():
    clock, diary = VirtualClock(start=0), []
    for name in "abc":
        clock.start(note(clock, diary, name, [5]))
    clock.run()
    assert [name for name, _ in diary] == ["a", "b", "c"]


def test_a_run_up_to_a_moment_leaves_later_work_for_later():
    clock, diary = VirtualClock(start=0), []
    clock.start(note(clock, diary, "work", [10, 10]))
    clock.run(until=15)
    assert (diary, clock.now()) == ([("work", 10)], 15)
    clock.run()
    assert diary == [("work", 10), ("work", 20)]


def test_no_sleep_is_no_turn():
    clock, diary = VirtualClock(start=0), []
    clock.start(note(clock, diary, "a", [0, -1]))
    clock.run()
    assert diary == [("a", 0), ("a", 0)]


def test_work_cannot_begin_in_the_past():
    clock = VirtualClock(start=10)
    work = note(clock, [], "late", [])
    with pytest.raises(ValueError, match="cannot begin at 5: it is 10 already"):
        clock.start(work, at=5)
    work.close()


def test_a_failure_in_any_work_ends_the_run():
    async def fail() -> None:
        raise RuntimeError("broken")

    clock = VirtualClock()
    clock.start(fail())
    with pytest.raises(RuntimeError, match="broken"):
        clock.run()


def test_streams_of_one_seed_do_not_disturb_each_other():
    alone = [Chance(7).stream("arrivals").random() for _ in range(3)]
    chance = Chance(7)
    arrivals, sizes = chance.stream("arrivals"), chance.stream("sizes")
    sizes.random()
    assert arrivals.random() == alone[0]
    assert len({Chance(7).stream("a").random(), Chance(7).stream("b").random(), Chance(8).stream("a").random()}) == 3
