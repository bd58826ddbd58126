"""The soak for a few seconds: that it notices what it is for, and finds nothing."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.soak.__main__ import problems
from benchmarks.soak.calls import ANSWERED, LOST, WRONG, Tally, WrongAnswer, check
from benchmarks.soak.run import Plan, Report, soak
from benchmarks.soak.twin import Holdings, running

HELD = Holdings(megabytes=100, blocks=700_000, objects=200_000, tasks=1, descriptors=10, connections=0, callers=0)


def report(*, tally: Tally | None = None, twice: list[str] | None = None, **last: float) -> Report:
    """A run of two rounds, after the second of which the twin holds something else."""
    whole = tally or Tally(Counter({ANSWERED: 10}), Counter({200: 10}), started=10)
    return Report(200, whole, [HELD, HELD, replace(HELD, **last)], twice=twice or [])


@pytest.mark.clients
def test_a_short_soak_finds_nothing() -> None:
    said: list[str] = []
    with running() as twin:
        found = asyncio.run(soak(twin, Plan(seconds=1.5, rounds=1, rest=3, warm_up=0.5), said.append))
    assert problems(found) == []
    assert found.tally.started == found.tally.ends.total() > 0
    assert found.checked > found.tally.started
    assert said


def test_a_run_without_trouble_has_no_problems() -> None:
    assert problems(report()) == []


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (report(tally=Tally(Counter({ANSWERED: 9, LOST: 1}), started=10)), "Calls without an answer: 1; 0"),
        (report(tally=Tally(Counter({ANSWERED: 9}), started=10)), "Calls without an answer: 1; 0"),
        (report(tally=Tally(Counter({WRONG: 2}), started=2)), "Answers that no caller should get: 2; 0"),
        (report(twice=["7"]), "Calls answered by more than one account: 1; 0"),
        (report(callers=3), "Connections of callers left open: 3; 0"),
        (report(tasks=3), "Asyncio tasks left behind: 2; 0"),
        (report(descriptors=12), "File descriptors left behind: 2; 0"),
        (report(objects=206_000), "Objects more than after the first round: 6000; 5000"),
        (report(blocks=740_000), "Blocks of memory more than after the first round: 40000; 35000"),
        (report(megabytes=135), "Megabytes more than after the first round: 35; 30"),
    ],
)
def test_each_kind_of_failure_is_told(found: Report, problem: str) -> None:
    assert problems(found) == [f"{problem} are allowed."]


@pytest.mark.parametrize(
    ("status", "content", "stream"),
    [
        (200, b'{"choices": []}', False),
        (200, b"data: {}\n\ndata: [DONE]\n\n", True),
        (429, b'{"error": {"code": "429", "message": "Wait."}}', True),
    ],
)
def test_an_answer_of_the_contract_is_right(status: int, content: bytes, stream: bool) -> None:
    check(status, content, stream=stream)


@pytest.mark.parametrize(
    ("status", "content", "stream"),
    [
        (200, b'{"choi', False),
        (200, b"data: {}\n\n", True),
        (500, b"Internal Server Error", False),
        (500, b'{"error": {"code": "gateway_error", "message": ""}}', False),
        (503, b'{"error": null}', False),
    ],
)
def test_any_other_answer_is_wrong(status: int, content: bytes, stream: bool) -> None:
    with pytest.raises(WrongAnswer):
        check(status, content, stream=stream)
