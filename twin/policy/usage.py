"""How many tokens a call uses: what the answer of a language model says, else an estimate.

An answer that is streamed is estimated, as documented, whatever its own last event may say.
https://learn.microsoft.com/azure/api-management/llm-token-limit-policy#usage-notes
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..messages import Request, Response, Stream
from ..openai.tokens import CHARACTERS_PER_TOKEN, prompt_tokens
from .exchange import Exchange


@dataclass(frozen=True)
class Usage:
    prompt: int
    completion: int

    @property
    def total(self) -> int:
        return self.prompt + self.completion


@dataclass(frozen=True)
class Asked:
    """A call to a language model; `body` is empty where it is no JSON object."""

    body: Mapping[str, Any]

    @property
    def streamed(self) -> bool:
        return self.body.get("stream") is True

    @property
    def prompt(self) -> int:
        """The estimated size of the prompt in tokens."""
        return prompt_tokens(self.body) if self.body else 0


def asked(request: Request) -> Asked:
    return Asked(_object(request.body))


async def when_answered(exchange: Exchange, prompt: int, tell: Callable[[Usage], None]) -> None:
    """Tell of the usage as soon as it is known: now, or at the end of a stream. Nothing for an answer that tells none.

    `prompt` is the size of the prompt, for where it is estimated.
    """
    response = exchange.response
    if response is None or not _is_json(response):
        return
    if is_streamed(response):
        if response.stream is not None:
            response.pass_through(lambda stream: _listening(stream, prompt, tell))
        else:
            tell(Usage(prompt, _streamed_tokens(response.body)))
        return
    await exchange.hold_answer()
    usage = _reported(response.body)
    if usage is not None:
        tell(usage)


def is_streamed(response: Response) -> bool:
    return response.headers.get("Content-Type").startswith("text/event-stream")


def _is_json(response: Response) -> bool:
    return is_streamed(response) or "json" in response.headers.get("Content-Type")


async def _listening(stream: Stream, prompt: int, tell: Callable[[Usage], None]) -> Stream:
    """The same stream; what was sent of it is told of at its end, also when it ends early."""
    heard = bytearray()
    try:
        async for chunk in stream:
            heard += chunk
            yield chunk
    finally:
        tell(Usage(prompt, _streamed_tokens(bytes(heard))))


def _reported(body: bytes) -> Usage | None:
    usage = _object(body).get("usage")
    if not isinstance(usage, dict):
        return None
    prompt = usage.get("prompt_tokens", usage.get("input_tokens", 0))
    completion = usage.get("completion_tokens", usage.get("output_tokens", 0))
    return Usage(int(prompt), int(completion))


def _streamed_tokens(body: bytes) -> int:
    """The estimated size of the texts in events of chat, completions and responses."""
    characters = sum(len(text) for event in _events(body) for text in _texts(event))
    return -(-characters // CHARACTERS_PER_TOKEN)


def _events(body: bytes) -> Iterator[Mapping[str, Any]]:
    for line in body.split(b"\n"):
        if line.startswith(b"data:"):
            yield _object(line[5:])


def _texts(event: Mapping[str, Any]) -> Iterator[str]:
    if event.get("type") == "response.output_text.delta":
        yield str(event.get("delta", ""))
    for choice in event.get("choices") or ():
        yield str((choice.get("delta") or {}).get("content") or choice.get("text") or "")


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
