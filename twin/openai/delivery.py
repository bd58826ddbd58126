"""An answer on its way to the caller: when it begins, how fast it goes on, and how it may end too early."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from ..clock import Clock
from ..messages import Broken, Headers, Response
from . import errors, inference
from .admission import Admitted
from .answers import Asked
from .operations import Kind
from .visits import ANSWERED, BROKEN, HUNG_UP, Visit

_EVENTS = ("Content-Type", "text/event-stream; charset=utf-8")


@dataclass(frozen=True)
class Pace:
    """Seconds until the first token, and how many come in a second from then on."""

    first_token: float
    tokens_per_second: float


@dataclass(frozen=True)
class Delivery:
    """How one answer is delivered. It is cut after so many events, a whole answer half-way, where `cut_after` is set.

    However it ends, the estimate that the request was let in with is corrected, and its visit told.
    """

    clock: Clock
    pace: Pace
    cut_after: int | None
    admitted: Admitted
    visit: Visit

    async def of(self, kind: Kind, asked: Asked) -> Response:
        """The answer, whose body may be still on its way."""
        if not inference.streams(kind, asked):
            return await self._whole(kind, asked)
        stream = self._events(inference.events(kind, asked), asked)
        # The head leaves with the first token. A generator that has begun, moreover, runs its end when it is closed.
        await anext(stream)
        return Response(200, headers=Headers([_EVENTS, *self._headers()]), stream=stream)

    async def _whole(self, kind: Kind, asked: Asked) -> Response:
        answer_tokens = inference.answer_tokens(kind, asked)
        used = asked.prompt_tokens
        try:
            await self.clock.sleep(self.pace.first_token + answer_tokens / self.pace.tokens_per_second)
            used += answer_tokens
        finally:
            self.admitted.settle(used, self.clock.now())
        body = inference.whole(kind, asked)
        headers = Headers([errors.TYPE, *self._headers()])
        if self.cut_after is None:
            return Response(200, headers=headers, body=body)
        headers.add("Content-Length", str(len(body)))
        stream = self._torn(body)
        await anext(stream)
        return Response(200, headers=headers, stream=stream)

    async def _events(self, events: Iterable[bytes], asked: Asked) -> AsyncGenerator[bytes, None]:
        sent = 0
        try:
            await self.clock.sleep(self.pace.first_token)
            begun = self.clock.now()
            yield b""
            for event in events:
                if sent == self.cut_after:
                    self.visit.end(BROKEN)
                    raise Broken(f"the stream broke off after {sent} events")
                # From the beginning, so that no rounding of the clock adds up over a long answer.
                await self.clock.sleep(begun + sent / self.pace.tokens_per_second - self.clock.now())
                yield event
                sent += 1
            self.visit.end(ANSWERED)
        finally:
            self.visit.end(HUNG_UP)
            self.admitted.settle(asked.prompt_tokens + min(sent, asked.answer_tokens), self.clock.now())

    async def _torn(self, body: bytes) -> AsyncGenerator[bytes, None]:
        try:
            yield b""
            yield body[: len(body) // 2]
            self.visit.end(BROKEN)
            raise Broken("the answer broke off half-way")
        finally:
            self.visit.end(HUNG_UP)

    def _headers(self) -> list[tuple[str, str]]:
        return self.admitted.headers(self.clock.now())
