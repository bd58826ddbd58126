"""What an account answers: bodies of the Azure OpenAI operations, whole or as server-sent events. Pure.

The shapes are those that the official clients insist on: `role` in the first delta, a usage chunk with empty `choices`
at the end, embeddings as base64 on request.
https://learn.microsoft.com/azure/ai-foundry/openai/reference
"""

import base64
import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import forms, tokens

EMBEDDING_DIMENSIONS = 1536
_SAFE = {"filtered": False, "severity": "safe"}
_FILTERS = {"hate": _SAFE, "self_harm": _SAFE, "sexual": _SAFE, "violence": _SAFE}
_PROMPT_FILTERS = [{"prompt_index": 0, "content_filter_results": _FILTERS}]


@dataclass(frozen=True)
class Asked:
    """One request as an account sees it. `moment` is the epoch second that the answer is dated with."""

    id: str
    model: str
    moment: int
    body: Mapping[str, Any]

    @cached_property
    def answers(self) -> list[list[str]]:
        """The words of each answer that is wanted, one a token."""
        return [tokens.answer_words(self.body, index) for index in range(tokens.answer_count(self.body))]

    @cached_property
    def prompt_tokens(self) -> int:
        return tokens.prompt_tokens(self.body)

    @property
    def answer_tokens(self) -> int:
        return sum(map(len, self.answers))

    @property
    def usage(self) -> dict[str, int]:
        prompt, answer = self.prompt_tokens, self.answer_tokens
        return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def chat_completion(asked: Asked) -> dict[str, Any]:
    choices = []
    for index, words in enumerate(asked.answers):
        message, finish = _message(asked.body, words)
        choices.append(
            {
                "index": index,
                "message": message,
                "finish_reason": finish,
                "logprobs": None,
                "content_filter_results": _FILTERS,
            }
        )
    head = _head(asked, "chatcmpl", "chat.completion")
    return {**head, "prompt_filter_results": _PROMPT_FILTERS, "choices": choices, "usage": asked.usage}


def chat_chunks(asked: Asked) -> Iterator[dict[str, Any]]:
    """The parts of a streamed chat completion, in order; of several answers one after the other."""
    head = _head(asked, "chatcmpl", "chat.completion.chunk")
    yield {**head, "id": "", "model": "", "choices": [], "prompt_filter_results": _PROMPT_FILTERS}
    for index, words in enumerate(asked.answers):
        message, finish = _message(asked.body, words)
        yield {**head, "choices": [_delta(index, {"role": "assistant", "content": "", "refusal": None})]}
        for delta in _deltas(message, words):
            yield {**head, "choices": [_delta(index, delta)]}
        yield {**head, "choices": [_delta(index, {}, finish)]}
    yield from _usage_chunk(asked, head)


def completion(asked: Asked) -> dict[str, Any]:
    choices = [_text_choice(index, " ".join(words), "stop") for index, words in enumerate(asked.answers)]
    return {**_head(asked, "cmpl", "text_completion"), "choices": choices, "usage": asked.usage}


def completion_chunks(asked: Asked) -> Iterator[dict[str, Any]]:
    """The parts of a streamed completion of the older kind."""
    head = _head(asked, "cmpl", "text_completion")
    for index, words in enumerate(asked.answers):
        for piece in forms.pieces(" ".join(words), words):
            yield {**head, "choices": [_text_choice(index, piece, None)]}
        yield {**head, "choices": [_text_choice(index, "", "stop")]}
    yield from _usage_chunk(asked, head)


def embeddings(asked: Asked) -> dict[str, Any]:
    given = asked.body.get("input", "")
    texts = given if isinstance(given, list) and not all(isinstance(part, int) for part in given) else [given]
    wanted = asked.body.get("dimensions")
    dimensions = wanted if isinstance(wanted, int) and wanted > 0 else EMBEDDING_DIMENSIONS
    as_base64 = asked.body.get("encoding_format") == "base64"
    vectors = [_vector(json.dumps(text), dimensions) for text in texts]
    return {
        "object": "list",
        "model": asked.model,
        "data": [
            {"object": "embedding", "index": i, "embedding": _packed(vector) if as_base64 else vector}
            for i, vector in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": asked.prompt_tokens, "total_tokens": asked.prompt_tokens},
    }


def event(data: Mapping[str, Any], name: str = "") -> bytes:
    """One server-sent event."""
    label = f"event: {name}\n" if name else ""
    return f"{label}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def _head(asked: Asked, prefix: str, kind: str) -> dict[str, Any]:
    return {"id": f"{prefix}-{asked.id}", "object": kind, "created": asked.moment, "model": asked.model}


def _message(body: Mapping[str, Any], words: list[str]) -> tuple[dict[str, Any], str]:
    """One answer and how it ended: a call of the tool that is demanded, else text in the form that is wanted."""
    message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
    if tool := forms.demanded_tool(body):
        function = {"name": tool, "arguments": forms.arguments(body, tool, words)}
        return {**message, "tool_calls": [{"id": "call_0", "type": "function", "function": function}]}, "tool_calls"
    return {**message, "content": forms.content(body.get("response_format"), words)}, "stop"


def _deltas(message: Mapping[str, Any], words: list[str]) -> Iterator[dict[str, Any]]:
    """A message bit by bit; calls of functions in one piece."""
    if "tool_calls" in message:
        yield {"tool_calls": [{"index": index, **call} for index, call in enumerate(message["tool_calls"])]}
    else:
        yield from ({"content": piece} for piece in forms.pieces(message["content"], words))


def _usage_chunk(asked: Asked, head: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    options = asked.body.get("stream_options")
    if isinstance(options, Mapping) and options.get("include_usage"):
        yield {**head, "choices": [], "usage": asked.usage}


def _delta(index: int, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"index": index, "delta": delta, "finish_reason": finish, "logprobs": None, "content_filter_results": {}}


def _text_choice(index: int, text: str, finish: str | None) -> dict[str, Any]:
    return {"index": index, "text": text, "finish_reason": finish, "logprobs": None}


def _vector(text: str, dimensions: int) -> list[float]:
    """A unit vector that depends on the text alone, made of single-precision numbers as the wire form is."""
    material = hashlib.shake_256(text.encode()).digest(dimensions)
    raw = [byte / 127.5 - 1 for byte in material]
    norm = sum(value * value for value in raw) ** 0.5 or 1.0
    return list(struct.unpack(f"<{dimensions}f", struct.pack(f"<{dimensions}f", *(value / norm for value in raw))))


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
