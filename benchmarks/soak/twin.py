"""The process under test, seen from outside: its URLs, its accounts, and what it holds."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

import psutil

ACCOUNTS = ("aoai-eus2-1", "aoai-eus-1", "aoai-eus-2")


@dataclass(frozen=True)
class Holdings:
    """What a process holds. `tasks` and `descriptors` leave out what open connections need, which `connections` counts
    with both of their ends; `callers` are those from outside. `blocks` are what Python has allocated and not freed,
    `objects` those of them that it collects; `megabytes` is what the process has of the system, in use or not."""

    megabytes: float
    blocks: int
    objects: int
    tasks: int
    descriptors: int
    connections: int
    callers: int


@dataclass(frozen=True)
class Twin:
    arm: str
    gateway: str
    key: str
    process: psutil.Process
    lines: tuple[IO[str], IO[str]]

    def control(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.arm + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def break_(self, account: str, **fault: Any) -> None:
        self.control("POST", f"/_twin/accounts/{account}/faults", fault)

    def heal(self) -> None:
        self.control("DELETE", "/_twin/faults/accounts")

    def take_visits(self) -> list[dict[str, Any]]:
        """What the accounts have received since the last time. The few that come in between are not told."""
        taken: list[dict[str, Any]] = []
        for account in ACCOUNTS:
            path = f"/_twin/accounts/{account}/requests"
            taken += self.control("GET", path)
            self.control("DELETE", path)
        return taken

    def holdings(self) -> Holdings:
        told, asked = self.lines
        asked.write("\n")
        asked.flush()
        held = json.loads(told.readline())
        connections = self.process.net_connections("tcp")
        sockets = [one for one in connections if one.status == psutil.CONN_ESTABLISHED]
        listening = {one.laddr[1] for one in connections if one.status == psutil.CONN_LISTEN}
        served = [one for one in sockets if one.laddr[1] in listening]  # each has a task
        gateway = urlsplit(self.gateway).port
        return Holdings(
            megabytes=self.process.memory_info().rss / 1e6,
            blocks=held["blocks"],
            objects=held["objects"],
            tasks=held["tasks"] - len(served),
            descriptors=self.process.num_fds() - len(sockets),
            connections=len(sockets),
            callers=sum(1 for one in served if one.laddr[1] == gateway),
        )


@contextmanager
def running() -> Iterator[Twin]:
    command = [sys.executable, "-m", "benchmarks.processes.twin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        told = json.loads(process.stdout.readline())
        lines = (process.stdout, process.stdin)
        yield Twin(told["arm"], told["gateway"], told["key"], psutil.Process(process.pid), lines)
        process.stdin.close()
