"""How many tokens a request is estimated at, and the text an account answers with: both depend on the request alone.

Azure estimates a call at arrival, from its prompt and its own limit, before it knows what the answer will need.
https://learn.microsoft.com/azure/ai-foundry/openai/how-to/quota#understanding-rate-limits
"""

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from typing import Any

CHARACTERS_PER_TOKEN = 4  # OpenAI's own rule of thumb for English text
DEFAULT_ANSWER_TOKENS = 16  # what a call is estimated at, and answered with, when it sets no limit of its own

_SHORTEST = 0.3  # of its limit: how long an answer is at least

_TEXT = (
    "the gateway sends each call to an account that can answer it and when one is busy or broken the next one takes "
    "over so that nobody waits for long"
)
_WORDS = tuple(_TEXT.split())


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """The size of what is asked: messages, prompt or input."""
    asked = [body[key] for key in ("messages", "prompt", "input", "instructions", "tools") if key in body]
    return max(1, sum(_characters(value) for value in asked) // CHARACTERS_PER_TOKEN)


def answer_limit(body: Mapping[str, Any]) -> int:
    """The most tokens that one answer may have, by whichever of the three names it is given."""
    for key in ("max_completion_tokens", "max_tokens", "max_output_tokens"):
        limit = body.get(key)
        if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0:
            return limit
    return DEFAULT_ANSWER_TOKENS


def answer_count(body: Mapping[str, Any]) -> int:
    """How many answers are wanted (`n`) or tried (`best_of`)."""
    counts = [body.get(key) for key in ("n", "best_of")]
    return max([count for count in counts if isinstance(count, int) and count > 0], default=1)


def estimated_tokens(body: Mapping[str, Any]) -> int:
    """What a call counts against the limit while it is admitted."""
    return prompt_tokens(body) + answer_limit(body) * answer_count(body)


def answer_words(body: Mapping[str, Any], index: int = 0) -> list[str]:
    """The words of the answer, one a token: fewer than the limit, the same each time for the same request."""
    asked = f"{json.dumps(body, default=str)}/{index}".encode()
    length, start = struct.unpack("<HH", hashlib.blake2b(asked, digest_size=4).digest())
    limit = answer_limit(body)
    share = _SHORTEST + (1 - _SHORTEST) * length / 0xFFFF
    start %= len(_WORDS)
    return list(islice(cycle(_WORDS), start, start + max(1, round(limit * share))))


def _characters(value: Any) -> int:
    match value:
        case str():
            return len(value)
        case Mapping():
            return sum(_characters(part) for part in value.values())
        case Sequence():
            return sum(_characters(part) for part in value)
        case _:
            return 1
