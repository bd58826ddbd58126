"""Runs the CLI: with its events read as they come, or with the terminal handed over to it."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

# From this Ctrl-C on, the engine is no longer asked to stop.
PATIENCE = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Ended:
    """How a run of the CLI ended: its exit status, what it wrote to stderr, and whether a person cut it short."""

    status: int
    said: str
    interrupted: bool


def run_with_events(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    on_event: Callable[[Mapping[str, Any]], object],
    on_interrupt: Callable[[], None],
) -> Ended:
    """Run the CLI with `--json` and hand over each event. Ctrl-C becomes the engine's own way to stop in good order.

    The engine finishes what is under way, saves what it did, and ends; nothing that it started outlives it.
    """
    interrupts, under_way = 0, None

    def interrupt() -> None:
        nonlocal interrupts
        interrupts += 1
        if under_way is not None:
            _stop(under_way.pid, hard=interrupts >= PATIENCE)
        on_interrupt()

    # Signals are caught before the CLI begins: then it begins with none of them ignored, as a job of a script's would.
    with (
        _on_signals(interrupt),
        subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a Ctrl-C at the keyboard reaches this process only, which passes it on
        ) as process,
    ):
        under_way = process
        if interrupts:
            _stop(process.pid, hard=False)
        assert process.stdout is not None
        assert process.stderr is not None
        said: list[str] = []
        errors = threading.Thread(target=lambda stream: said.append(stream.read()), args=(process.stderr,))
        errors.start()
        for line in process.stdout:
            if line.startswith("{"):
                on_event(json.loads(line))
        process.wait()
        errors.join()
    return Ended(process.returncode, "".join(said), interrupted=interrupts > 0)


def run_in_terminal(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> int:
    """Run the CLI as if the person had started it, terminal and all. Returns its exit status as a shell would."""
    process = subprocess.Popen(command, env=environment, cwd=folder)
    # The keyboard's Ctrl-C reaches the CLI by itself; a signal to this process alone has to be passed on.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN), signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        status = process.wait()
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status


def run_quietly(
    command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a short command of the CLI and return what it said."""
    return subprocess.run(
        command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


@contextmanager
def _on_signals(act: Callable[[], None]) -> Iterator[None]:
    before = [signal.signal(number, lambda *_: act()) for number in SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)


def _stop(pid: int, *, hard: bool) -> None:
    try:
        if not hard:
            os.kill(pid, signal.SIGINT)
            return
        process = psutil.Process(pid)
        started = process.children(recursive=True)
        process.kill()  # first, so that it does not take the end of its plugins for their answer
        for child in started:
            child.kill()
    except (psutil.NoSuchProcess, ProcessLookupError):
        pass  # it ended by itself meanwhile
