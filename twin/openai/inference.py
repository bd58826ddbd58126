"""What each kind of inference answers: as one JSON object, or as the events of a stream. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from . import answers, responses
from .answers import DONE, Asked, event
from .operations import Kind

_WHOLE: Final[Mapping[Kind, Callable[[Asked], dict[str, Any]]]] = {
    Kind.CHAT: answers.chat_completion,
    Kind.COMPLETION: answers.completion,
    Kind.EMBEDDING: answers.embeddings,
    Kind.RESPONSE: responses.response,
}


def whole(kind: Kind, asked: Asked) -> bytes:
    return json.dumps(_WHOLE[kind](asked), separators=(",", ":")).encode()


def streams(kind: Kind, asked: Asked) -> bool:
    """Whether the answer is to come as events; embeddings never do."""
    return asked.body.get("stream") is True and kind is not Kind.EMBEDDING


def events(kind: Kind, asked: Asked) -> Iterator[bytes]:
    """The events of a stream, in order. That of a response ends with its last event, the others with `[DONE]`."""
    if kind is Kind.RESPONSE:
        for told in responses.response_events(asked):
            yield event(told, told["type"])
        return
    chunks = answers.chat_chunks if kind is Kind.CHAT else answers.completion_chunks
    yield from map(event, chunks(asked))
    yield DONE


def answer_tokens(kind: Kind, asked: Asked) -> int:
    return 0 if kind is Kind.EMBEDDING else asked.answer_tokens
