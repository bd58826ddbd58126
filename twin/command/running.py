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
from dataclasses import dataclass, field, fields
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
    accounts: str = ""
    units: int = 1
    assume: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """How a twin is asked to run; None: as it does already, or as usual. Ports are on 127.0.0.1, 0 takes any free one.

    `units` is the number of gateway units, `assume` answers to open questions about Azure by id.
    """

    arm_port: int | None = None
    gateway_port: int | None = None
    accounts_port: int | None = None
    units: int | None = None
    assume: dict[str, str] = field(default_factory=dict)

    def words(self) -> list[str]:
        """The options of the command `serve`."""
        given = {
            "--arm-port": self.arm_port,
            "--gateway-port": self.gateway_port,
            "--accounts-port": self.accounts_port,
            "--units": self.units,
        }
        words = [word for option, value in given.items() if value is not None for word in (option, str(value))]
        return words + [word for id, answer in self.assume.items() for word in ("--assume", f"{id}={answer}")]

    def differences(self, running: Running) -> list[str]:
        """What of this a twin that runs does otherwise, a sentence each."""
        ports = {
            "--arm-port": (self.arm_port, running.arm),
            "--gateway-port": (self.gateway_port, running.gateway),
            "--accounts-port": (self.accounts_port, running.accounts),
        }
        found = [
            f"The twin runs already, at {url}; {option} asks for {port}."
            for option, (port, url) in ports.items()
            if port and not url.endswith(f":{port}")
        ]
        if self.units is not None and self.units != running.units:
            found.append(f"The twin runs already, with --units {running.units}; {self.units} are asked for.")
        if self.assume and self.assume != running.assume:
            now = " ".join(f"{id}={answer}" for id, answer in running.assume.items()) or "the defaults"
            found.append(f"The twin runs already, and assumes {now}.")
        return found


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
        return Running(**{one.name: told[one.name] for one in fields(Running)})
    except KeyError as missing:
        raise CommandError(
            f"The twin that runs is of another version: it does not tell its {missing.args[0]}.",
            f"Stop it, then try again: kill {told.get('pid')}",
        ) from missing


def start(state: Path, wanted: Wanted) -> tuple[Running, bool]:
    """The server of a state folder, which exists, and whether it was started by this call.

    Two callers at a time get the same one. Raises CommandError when it cannot start, with its own reason, or when one
    runs that is not as wanted.
    """
    with _starting(state):
        found = find(state)
        if found is None:
            return _start(state, wanted), True
    if differences := wanted.differences(found):
        raise CommandError(*differences, f"Ask for nothing else, or stop the twin first: {COMMAND} down")
    return found, False


def _start(state: Path, wanted: Wanted) -> Running:
    words = ["serve", *wanted.words()]
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
