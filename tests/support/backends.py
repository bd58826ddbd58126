"""Backends that answer by a script, on virtual time: a Transport for tests of policies."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from twin.clock import NEVER, VirtualClock
from twin.messages import Broken, Headers, Lost, Request, Response, Stream


@dataclass(frozen=True)
class Scripted:
    """One answer: its head comes `after` seconds, then each chunk, in (seconds after the one before, data).

    `lost` is the text of a connection that is lost instead; `hangs` never answers; `breaks` ends the body too early.
    """

    status: int = 200
    after: float = 0.0
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    chunks: tuple[tuple[float, bytes], ...] = ()
    lost: str = ""
    hangs: bool = False
    breaks: bool = False


@dataclass(frozen=True)
class Sent:
    """A request that reached a backend, `at` seconds after the start."""

    at: float
    request: Request


@dataclass
class ScriptedBackends:
    """Answers by host, in turn; the last one of a host is given again and again, and an unknown host is lost."""

    clock: VirtualClock
    script: dict[str, list[Scripted]]
    sent: list[Sent] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    """The hosts of the streams that came to an end, whole or not."""

    def __post_init__(self) -> None:
        self._began = self.clock.now()
        self._streams: list[Stream] = []

    async def send(self, request: Request) -> Response:
        self.sent.append(Sent(self.clock.now() - self._began, request))
        script = self.script.get(request.url.host)
        if not script:
            raise Lost(f"{request.url.host}: unknown host")
        answer = script.pop(0) if len(script) > 1 else script[0]
        await self.clock.sleep(NEVER if answer.hangs else answer.after)
        if answer.lost:
            raise Lost(answer.lost)
        response = Response(answer.status, answer.reason, Headers(answer.headers), answer.body)
        if answer.chunks or answer.breaks:
            response.stream = self._chunks(request.url.host, answer.chunks, answer.breaks)
            self._streams.append(response.stream)  # so that only who closes it ends it, not a collection of garbage
            await anext(response.stream)
        return response

    async def _chunks(self, host: str, chunks: Sequence[tuple[float, bytes]], breaks: bool) -> Stream:
        try:
            yield b""  # so that it has begun
            for seconds, data in chunks:
                await self.clock.sleep(seconds)
                yield data
            if breaks:
                raise Broken(f"{host}: the connection was reset")
        finally:
            self.ended.append(host)


def answers(*script: Scripted | int) -> list[Scripted]:
    """A script; a number is an empty answer of that status, at once."""
    return [one if isinstance(one, Scripted) else Scripted(one) for one in script]
