"""What a call through the twin's gateway costs, against a reverse proxy that only forwards.

Both stand in front of the same upstream, each a process of its own, and take turns; the load comes from this process.
"""

import asyncio
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil

from tests.support.simulated import simulate_reference
from twin.simulation import Arrival

from .measuring import in_turn, ratio

CONNECTIONS, SECONDS = 32, 4.0
STREAMS = 50
LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Server:
    """A process that answers on a port of this machine."""

    port: int
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def cpu_seconds(self) -> float:
        """What it has used since it began."""
        times = self.process.cpu_times()
        return times.user + times.system


@contextmanager
def running(name: str, *arguments: str) -> Iterator[Server]:
    command = [sys.executable, "-m", f"benchmarks.processes.{name}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Server(int(process.stdout.readline()), psutil.Process(process.pid))
        finally:
            process.terminate()


def against_a_bare_proxy() -> dict[str, float]:
    """CPU and throughput at 32 connections, each of which sends its next request when its answer has come."""
    taken: dict[str, list[Load]] = {"gateway": [], "bare": []}
    with (
        running("upstream") as upstream,
        running("gateway", upstream.url) as gateway,
        running("bare_proxy", upstream.url) as bare,
    ):
        for server in (gateway, bare):
            load(server, seconds=1)  # what happens once is no part of it

        def measure(name: str, server: Server) -> float:
            taken[name].append(load(server))
            return taken[name][-1].cpu_seconds

        cpu = in_turn({"gateway": lambda: measure("gateway", gateway), "bare": lambda: measure("bare", bare)})
    rates = {name: [one.requests_per_second for one in loads] for name, loads in taken.items()}
    return {
        "gateway.cpu_ratio": ratio(cpu["gateway"], cpu["bare"]),
        "gateway.throughput_ratio": ratio(rates["gateway"], rates["bare"]),
        "gateway.cpu_ms": 1000 * statistics.median(cpu["gateway"]),
        "gateway.requests_per_s": statistics.median(rates["gateway"]),
    }


@dataclass(frozen=True)
class Load:
    """What came of one: requests that were answered in a second, and what each cost the server."""

    requests_per_second: float
    cpu_seconds: float


def load(server: Server, seconds: float = SECONDS) -> Load:
    request = request_for(server, Arrival(0, prompt=400))
    used, began = server.cpu_seconds, time.perf_counter()
    answered = asyncio.run(_calls(server, request, began + seconds))
    return Load(answered / (time.perf_counter() - began), (server.cpu_seconds - used) / answered)


async def _calls(server: Server, request: bytes, until: float) -> int:
    return sum(await asyncio.gather(*(_connection(server, request, until) for _ in range(CONNECTIONS))))


async def _connection(server: Server, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    answered = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        assert head.startswith(b"HTTP/1.1 200 "), head
        assert length, head
        await reader.readexactly(int(length[1]))
        answered += 1
    writer.close()
    return answered


def request_for(server: Server, arrival: Arrival) -> bytes:
    """A chat completion of the first team's, as it goes over the wire."""
    door = simulate_reference().door
    request = door.request(arrival)
    request.headers.set("Host", urlsplit(server.url).netloc)
    request.headers.set("Content-Length", str(len(request.body)))
    lines = [f"{request.method} {request.url} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + request.body


def added_to_events() -> dict[str, float]:
    """How much later an event of a stream arrives through the gateway than straight from the upstream."""
    with running("upstream") as upstream, running("gateway", upstream.url) as gateway:
        ways: dict[str, Callable[[], float]] = {
            "gateway": lambda: delay_of_events(gateway),
            "straight": lambda: delay_of_events(upstream),
        }
        delay_of_events(gateway)
        delays = in_turn(ways, rounds=3)
    added = [through - straight for through, straight in zip(delays["gateway"], delays["straight"], strict=True)]
    return {"gateway.sse_added_ms": statistics.median(added)}


def delay_of_events(server: Server) -> float:
    """The median, in milliseconds, over all events of fifty streams at once."""
    return statistics.median(asyncio.run(_streams(server, request_for(server, Arrival(0, stream=True)))))


async def _streams(server: Server, request: bytes) -> list[float]:
    return [
        delay
        for delays in await asyncio.gather(*(_stream(server, request) for _ in range(STREAMS)))
        for delay in delays
    ]


async def _stream(server: Server, request: bytes) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request)
    delays: list[float] = []
    while (line := await reader.readline()) != b"0\r\n":  # the end of a chunked body
        assert line, "the stream broke off"
        if line.startswith(b"data: "):
            delays.append((time.monotonic_ns() - int(line.removeprefix(b"data: "))) / 1e6)
    writer.close()
    return delays
