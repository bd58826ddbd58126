"""The soak for a few seconds: that it notices what it is for, and finds nothing."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.soak.__main__ import problems
from benchmarks.soak.calls import ANSWERED, LOST, WRONG, Tally, WrongAnswer, check
from benchmarks.soak.run import Report, soak
from benchmarks.soak.twin import Holdings, running

HELD = Holdings(megabytes=100, tasks=1, descriptors=10, callers=0)


def report(*, tally: Tally | None = None, after: Holdings = HELD, **changes: object) -> Report:
    whole = tally or Tally(Counter({ANSWERED: 10}), Counter({200: 10}), started=10)
    return replace(Report(200, 100, whole, HELD, after, memory=[100.0] * 8), **changes)


def test_a_short_soak_finds_nothing() -> None:
    said: list[str] = []
    with running() as twin:
        found = asyncio.run(soak(twin, seconds=2, warm_up=0.5, say=said.append))
    assert problems(found) == []
    assert found.tally.started == found.tally.ends.total() > 0
    assert said


def test_a_run_without_trouble_has_no_problems() -> None:
    assert problems(report()) == []


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (report(tally=Tally(Counter({ANSWERED: 9, LOST: 1}), started=10)), "Calls without an answer: 1."),
        (report(tally=Tally(Counter({ANSWERED: 9}), started=10)), "Calls without an answer: 1."),
        (report(tally=Tally(Counter({WRONG: 2}), started=2)), "Answers that no caller should get: 2."),
        (report(twice=["7"]), "Calls answered by more than one account: 1."),
        (
            report(memory=[90.0, 90.0, 100.0, 100.0, 101.0, 103.0, 105.2, 105.4]),
            "Memory grew by 5.3 MB; 5 are allowed.",
        ),
        (report(after=replace(HELD, callers=3)), "Connections of callers left open: 3."),
        (report(after=replace(HELD, tasks=3)), "Asyncio tasks left behind: 2."),
        (report(after=replace(HELD, descriptors=12)), "File descriptors left behind: 2."),
    ],
)
def test_each_kind_of_failure_is_told(found: Report, problem: str) -> None:
    assert problems(found) == [problem]


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
