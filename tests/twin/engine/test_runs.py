"""A run of the CLI, watched: its events as they come, its end however it comes. (A few lines of sh stand in for it.)"""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from twin.engine.runs import PATIENCE, Ended, run_in_terminal, run_with_events


class Run:
    """What was seen of a run of a shell script."""

    def __init__(self, script: str, folder: Path, *, interrupts_at_work: int = 0) -> None:
        """`interrupts_at_work` says how often this process gets a Ctrl-C when the event `working` comes."""
        self.events: list[str] = []
        self.interrupts = 0
        self.interrupts_at_work = interrupts_at_work
        self.ended = run_with_events(
            ["sh", "-c", script],
            os.environ,
            folder,
            on_event=self.see,
            on_interrupt=self.count,
        )

    def see(self, event: Mapping[str, Any]) -> None:
        [name] = event
        self.events.append(name)
        for _ in range(self.interrupts_at_work if name == "working" else 0):
            os.kill(os.getpid(), signal.SIGINT)

    def count(self) -> None:
        self.interrupts += 1


def test_events_are_handed_over_in_their_order_and_other_lines_are_not(tmp_path: Path):
    run = Run("""echo '{"first": 1}'; echo; echo 'Updating (dev):'; echo '{"second": 2}'""", tmp_path)

    assert run.events == ["first", "second"]
    assert run.ended == Ended(0, "", interrupted=False)


def test_the_end_comes_with_the_status_and_what_was_said(tmp_path: Path):
    run = Run("echo 'error: no stack' >&2; exit 6", tmp_path)

    assert run.ended == Ended(6, "error: no stack\n", interrupted=False)


def test_much_that_is_said_blocks_nothing(tmp_path: Path):
    run = Run("""yes 'a warning' | head -n 20000 >&2; echo '{"last": 1}'""", tmp_path)

    assert run.events == ["last"]
    assert len(run.ended.said) == 20000 * len("a warning\n")


# Ends in good order on the first interrupt, as the engine does.
POLITE = """
trap 'echo "{\\"cancelled\\": 1}"; exit 255' INT
echo '{"working": 1}'
for _ in $(seq 3000); do sleep 0.01; done
"""

# Takes no notice, as an engine does that waits for an operation of minutes.
STUBBORN = """
trap '' INT
sleep 600 &
echo '{"working": 1}'
wait
"""


def test_a_ctrl_c_becomes_the_engines_own_way_to_stop(tmp_path: Path):
    run = Run(POLITE, tmp_path, interrupts_at_work=1)

    assert run.events == ["working", "cancelled"]
    assert run.interrupts == 1
    assert run.ended == Ended(255, "", interrupted=True)


def test_an_engine_can_be_stopped_though_whoever_started_the_twin_ignores_interrupts(tmp_path: Path):
    """As for a job that a script has put into the background; a shell cannot trap what was ignored when it began."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        run = Run(POLITE, tmp_path, interrupts_at_work=1)
    finally:
        signal.signal(signal.SIGINT, before)

    assert run.events == ["working", "cancelled"]


def test_an_engine_that_does_not_stop_is_stopped(tmp_path: Path):
    run = Run(STUBBORN, tmp_path, interrupts_at_work=PATIENCE)

    assert run.interrupts == PATIENCE
    assert run.ended == Ended(-signal.SIGKILL, "", interrupted=True)


def test_a_ctrl_c_at_the_keyboard_does_not_reach_the_engine_by_itself(tmp_path: Path):
    """A terminal sends it to every process of the group in front; twice would mean `at once` to the engine."""
    told: list[str] = []
    script = "import json, os; print(json.dumps({str(os.getpgrp()): 1}))"
    command = [sys.executable, "-c", script]
    run_with_events(command, os.environ, tmp_path, on_event=told.extend, on_interrupt=lambda: None)

    assert told != [str(os.getpgrp())]


def test_a_ctrl_c_afterwards_is_this_processs_own_again(tmp_path: Path):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        Run("true", tmp_path)

        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(("script", "status"), [("exit 0", 0), ("exit 42", 42), ("kill -TERM $$", 143)])
def test_the_status_of_the_real_cli_comes_through_as_a_shell_tells_it(script: str, status: int, tmp_path: Path):
    assert run_in_terminal(["sh", "-c", script], os.environ, tmp_path) == status
