"""The one server process of a state folder: found, started, stopped.

Whether it runs is a question of a lock, not of a process id: the server holds `server.lock` for as long as it lives,
and the system lets go of it however the server ends. A twin.json left behind therefore does no harm.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import psutil

from ..engine.errors import CommandError
from ..engine.plugins import PACKAGE, python_command
from .invocation import invocation

COMMAND = invocation(PACKAGE, sys.executable, os.environ.get("PATH", ""), Path.cwd())  # what a person types
LOG_LINES = 15  # of the server's log, shown when it died
SECONDS_TO_END = 10.0


@dataclass(frozen=True)
class Running:
    """A server that runs, as it describes itself in twin.json."""

    pid: int
    arm: str
    gateway: str
    subscription_id: str
    state_dir: str
    versions: dict[str, str]


def find(state: Path) -> Running | None:
    """The server of a state folder, if it runs."""
    try:
        with (state / "server.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except BlockingIOError:
        pass
    try:
        told = json.loads((state / "twin.json").read_text())
    except FileNotFoundError:
        return None  # it has only just begun, or is just ending
    try:
        return Running(**{field.name: told[field.name] for field in fields(Running)})
    except KeyError as missing:
        raise CommandError(
            f"The twin that runs is of another version: it does not tell its {missing.args[0]}.",
            f"Stop it, then try again: kill {told.get('pid')}",
        ) from missing


def start(state: Path, arm_port: int, gateway_port: int) -> tuple[Running, bool]:
    """The server of a state folder, which exists, and whether it was started by this call.

    Two callers at a time get the same one. Raises CommandError when it cannot start, with its own reason.
    """
    with _starting(state):
        if found := find(state):
            return found, False
        return _start(state, arm_port, gateway_port), True


def _start(state: Path, arm_port: int, gateway_port: int) -> Running:
    words = ["serve", "--arm-port", str(arm_port), "--gateway-port", str(gateway_port)]
    with (state / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*python_command("__main__"), *words],
            cwd=state,
            env={**os.environ, "APIM_TWIN_HOME": str(state)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # it outlives this command and its terminal
        )
    assert process.stdout is not None
    try:
        with process.stdout:
            line = process.stdout.readline()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    told: dict[str, Any] = json.loads(line) if line.startswith("{") else {}
    if "refused" in told:
        process.wait()
        raise CommandError(*told["refused"])
    if not told:
        process.wait()
        raise CommandError(f"The twin's server ended with exit status {process.returncode}.", *end_of_log(state))
    return Running(**told)


def stop(running: Running) -> None:
    """End the server in good order, or by force when it does not react; returns when it is gone."""
    try:
        process = psutil.Process(running.pid)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(SECONDS_TO_END)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()
    except psutil.NoSuchProcess:
        pass
    (Path(running.state_dir) / "twin.json").unlink(missing_ok=True)


def end_of_log(state: Path) -> list[str]:
    """The last lines of the server's log, introduced by a line that says where all of it is."""
    log = state / "server.log"
    if not log.exists():
        return []
    with log.open(errors="replace") as lines:
        last = [f"  {line.rstrip()}" for line in deque(lines, maxlen=LOG_LINES)]
    return [f"The end of its log ({log}):", *last] if last else []


@contextmanager
def _starting(state: Path) -> Iterator[None]:
    with (state / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def announce(message: dict[str, Any]) -> None:
    """What the server tells the process that starts it: one line, either itself or why it cannot run."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
