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
from typing import Any

from . import tokens

EMBEDDING_DIMENSIONS = 1536
_SAFE = {"filtered": False, "severity": "safe"}
_FILTERS = {"hate": _SAFE, "self_harm": _SAFE, "sexual": _SAFE, "violence": _SAFE}


@dataclass(frozen=True)
class Asked:
    """One request as an account sees it. `moment` is the epoch second that the answer is dated with."""

    id: str
    model: str
    moment: int
    body: Mapping[str, Any]


def usage(body: Mapping[str, Any], words: int) -> dict[str, int]:
    prompt = tokens.prompt_tokens(body)
    return {"prompt_tokens": prompt, "completion_tokens": words, "total_tokens": prompt + words}


def chat_completion(asked: Asked) -> dict[str, Any]:
    answers = [_message(asked.body, index) for index in range(tokens.answer_count(asked.body))]
    return {
        **_head(asked, "chatcmpl", "chat.completion"),
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": _FILTERS}],
        "choices": [
            {
                "index": i,
                "message": message,
                "finish_reason": finish,
                "logprobs": None,
                "content_filter_results": _FILTERS,
            }
            for i, (message, finish) in enumerate(answers)
        ],
        "usage": usage(asked.body, sum(_length(asked.body, i) for i in range(len(answers)))),
    }


def chat_chunks(asked: Asked) -> Iterator[dict[str, Any]]:
    """The events of a streamed chat completion, in order; the caller adds `[DONE]`."""
    head = _head(asked, "chatcmpl", "chat.completion.chunk")
    yield {
        **head,
        "id": "",
        "model": "",
        "choices": [],
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": _FILTERS}],
    }
    words = tokens.answer_words(asked.body)
    yield {**head, "choices": [_delta({"role": "assistant", "content": "", "refusal": None})]}
    for position, word in enumerate(words):
        yield {**head, "choices": [_delta({"content": word if position == 0 else f" {word}"})]}
    yield {**head, "choices": [_delta({}, finish="stop")]}
    options = asked.body.get("stream_options")
    if isinstance(options, Mapping) and options.get("include_usage"):
        yield {**head, "choices": [], "usage": usage(asked.body, len(words))}


def completion(asked: Asked) -> dict[str, Any]:
    count = tokens.answer_count(asked.body)
    return {
        **_head(asked, "cmpl", "text_completion"),
        "choices": [
            {
                "index": i,
                "text": " ".join(tokens.answer_words(asked.body, i)),
                "finish_reason": "stop",
                "logprobs": None,
            }
            for i in range(count)
        ],
        "usage": usage(asked.body, sum(len(tokens.answer_words(asked.body, i)) for i in range(count))),
    }


def embeddings(asked: Asked) -> dict[str, Any]:
    given = asked.body.get("input", "")
    texts = given if isinstance(given, list) and not all(isinstance(part, int) for part in given) else [given]
    wanted = asked.body.get("dimensions")
    dimensions = wanted if isinstance(wanted, int) and wanted > 0 else EMBEDDING_DIMENSIONS
    as_base64 = asked.body.get("encoding_format") == "base64"
    vectors = [_vector(json.dumps(text), dimensions) for text in texts]
    prompt = tokens.prompt_tokens(asked.body)
    return {
        "object": "list",
        "model": asked.model,
        "data": [
            {"object": "embedding", "index": i, "embedding": _packed(vector) if as_base64 else vector}
            for i, vector in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": prompt, "total_tokens": prompt},
    }


def event(data: Mapping[str, Any], name: str = "") -> bytes:
    """One server-sent event."""
    label = f"event: {name}\n" if name else ""
    return f"{label}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def _head(asked: Asked, prefix: str, kind: str) -> dict[str, Any]:
    return {"id": f"{prefix}-{asked.id}", "object": kind, "created": asked.moment, "model": asked.model}


def _message(body: Mapping[str, Any], index: int) -> tuple[dict[str, Any], str]:
    """One answer and how it ended: a call of the first tool where one is demanded, JSON in JSON mode, else text."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": " ".join(tokens.answer_words(body, index)),
        "refusal": None,
    }
    tool = _demanded_tool(body)
    if tool:
        call = {"id": f"call_{index}", "type": "function", "function": {"name": tool, "arguments": "{}"}}
        return {**message, "content": None, "tool_calls": [call]}, "tool_calls"
    if _wants_json(body):
        message["content"] = json.dumps({"answer": message["content"]})
    return message, "stop"


def _demanded_tool(body: Mapping[str, Any]) -> str:
    choice = body.get("tool_choice")
    if isinstance(choice, Mapping):
        return str(choice.get("function", {}).get("name", ""))
    if choice == "required" and body.get("tools"):
        return str(body["tools"][0].get("function", {}).get("name", ""))
    return ""


def _wants_json(body: Mapping[str, Any]) -> bool:
    form = body.get("response_format")
    return isinstance(form, Mapping) and form.get("type") in ("json_object", "json_schema")


def _length(body: Mapping[str, Any], index: int) -> int:
    return len(tokens.answer_words(body, index))


def _delta(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None, "content_filter_results": {}}


def _vector(text: str, dimensions: int) -> list[float]:
    """A unit vector that depends on the text alone, made of single-precision numbers as the wire form is."""
    material = hashlib.shake_256(text.encode()).digest(dimensions)
    raw = [byte / 127.5 - 1 for byte in material]
    norm = sum(value * value for value in raw) ** 0.5 or 1.0
    return list(struct.unpack(f"<{dimensions}f", struct.pack(f"<{dimensions}f", *(value / norm for value in raw))))


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
