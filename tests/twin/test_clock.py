import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from typing import Any

import pytest

from twin.chance import Chance
from twin.clock import Clock, RealClock, TimeUp, VirtualClock


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


async def give(clock: Clock, value: str, after: float, diary: list[str]) -> str:
    try:
        await clock.sleep(after)
        diary.append(value)
        return value
    finally:
        diary.append(f"end of {value}")


async def fail_after(clock: Clock, seconds: float) -> str:
    await clock.sleep(seconds)
    raise RuntimeError("broken")


def on_virtual_time(work: Callable[[Clock], Coroutine[Any, Any, object]]) -> tuple[object, float]:
    clock, ended = VirtualClock(start=0), []

    async def run() -> None:
        ended.append((await work(clock), clock.now()))

    clock.start(run())
    clock.run()
    return ended[0]


def test_work_that_is_done_within_its_time_gives_its_result_when_it_is_done():
    diary: list[str] = []
    assert on_virtual_time(lambda clock: clock.within(10, give(clock, "a", 3, diary))) == ("a", 3)


def test_work_that_takes_longer_is_ended_and_time_is_up():
    diary: list[str] = []

    async def late(clock: Clock) -> str:
        with pytest.raises(TimeUp):
            await clock.within(10, give(clock, "a", 11, diary))
        return "told"

    assert on_virtual_time(late) == ("told", 10)
    assert diary == ["end of a"]


def test_an_exception_in_work_of_limited_time_reaches_who_waits_for_it():
    async def waiting(clock: Clock) -> str:
        with pytest.raises(RuntimeError, match="broken"):
            await clock.within(10, fail_after(clock, 2))
        return "told"

    assert on_virtual_time(waiting) == ("told", 2)


def test_works_done_together_take_as_long_as_the_longest():
    diary: list[str] = []

    async def both(clock: Clock) -> list[str]:
        return await clock.together(give(clock, "a", 5, diary), give(clock, "b", 2, diary))

    assert on_virtual_time(both) == (["a", "b"], 5)


def test_a_failure_ends_what_is_done_together_with_it():
    diary: list[str] = []

    async def both(clock: Clock) -> str:
        with pytest.raises(RuntimeError, match="broken"):
            await clock.together(give(clock, "a", 5, diary), fail_after(clock, 1))
        return "told"

    assert on_virtual_time(both) == ("told", 1)
    assert diary == ["end of a"]


def test_the_first_of_several_works_ends_the_others():
    diary: list[str] = []

    async def any_of(clock: Clock) -> str:
        return await clock.first(give(clock, "a", 5, diary), give(clock, "b", 2, diary))

    assert on_virtual_time(any_of) == ("b", 2)
    assert diary == ["b", "end of b", "end of a"]


def test_work_that_is_ended_while_it_waits_for_a_stream_ends_the_stream_too():
    clock, diary = VirtualClock(), list[str]()

    async def stream() -> AsyncGenerator[int, None]:
        try:
            while True:
                await clock.sleep(1)
                yield 1
        finally:
            diary.append("the stream has ended")

    async def read(numbers: AsyncGenerator[int, None]) -> None:
        async for _ in numbers:
            diary.append("a piece")

    async def impatient() -> None:
        with pytest.raises(TimeUp):
            await clock.within(2.5, read(numbers))
        diary.append("nobody reads")

    numbers = stream()  # kept, so that nothing else can end it
    clock.start(impatient())
    clock.run()
    assert diary == ["a piece", "a piece", "the stream has ended", "nobody reads"]


def test_work_that_is_ended_may_not_wait_any_longer():
    clock = VirtualClock()

    async def stubborn() -> None:
        try:
            await clock.sleep(10)
        finally:
            await clock.sleep(1)

    clock.start(clock.within(1, stubborn()))
    with pytest.raises(RuntimeError, match="waits although it has been ended"):
        clock.run()


def test_a_run_does_not_go_on_to_a_moment_that_nobody_waits_for_any_longer():
    clock, diary = VirtualClock(start=0), []
    clock.start(clock.within(1000, give(clock, "a", 1, diary)))
    clock.run()
    assert clock.now() == 1


def test_the_machines_clock_keeps_the_same_promises():
    clock, diary = RealClock(), []

    async def story() -> None:
        assert await clock.within(60, give(clock, "a", 0, diary)) == "a"
        with pytest.raises(TimeUp):
            await clock.within(0, give(clock, "b", 60, diary))
        with pytest.raises(TimeoutError):
            await clock.within(60, _times_out_by_itself())
        assert await clock.together(give(clock, "c", 0, diary), give(clock, "d", 0, diary)) == ["c", "d"]
        with pytest.raises(RuntimeError, match="broken"):
            await clock.together(give(clock, "e", 60, diary), fail_after(clock, 0))
        assert await clock.first(give(clock, "f", 60, diary), give(clock, "g", 0, diary)) == "g"

    asyncio.run(story())
    assert diary == [
        "a",
        "end of a",
        "end of b",
        "c",
        "end of c",
        "d",
        "end of d",
        "end of e",
        "g",
        "end of g",
        "end of f",
    ]


async def _times_out_by_itself() -> str:
    raise TimeoutError
