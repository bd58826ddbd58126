import json
from typing import Any

import pytest

from tests.support.world import Gateway
from twin.messages import Headers, Request, Response, Url
from twin.policy.usage import Usage, asked, when_answered

JSON, EVENTS = "application/json; charset=utf-8", "text/event-stream"


def usage(kind: str, body: bytes | str | dict[str, Any]) -> list[Usage]:
    """What is told of an answer of a media type to a prompt of 3 tokens."""
    data = json.dumps(body) if isinstance(body, dict) else body
    gateway, told = Gateway(), []
    exchange = gateway.exchange(Request("POST", Url("/chat")))
    content = data.encode() if isinstance(data, str) else data
    exchange.respond(Response(200, headers=Headers([("Content-Type", kind)]), body=content))

    async def work() -> None:
        await when_answered(exchange, 3, told.append)

    gateway.clock.start(work())
    gateway.clock.run()
    return told


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 9}}, [Usage(1, 2)]),
        ({"usage": {"prompt_tokens": 5, "total_tokens": 5}}, [Usage(5, 0)]),
        ({"usage": {"input_tokens": 4, "output_tokens": 6}}, [Usage(4, 6)]),
        ({"usage": None}, []),
        ({"error": {"code": "429"}}, []),
        ("[]", []),
        ("no json", []),
        (b"\xff\xfe", []),
    ],
)
def test_an_answer_tells_its_usage_or_nothing(body: bytes | str | dict[str, Any], expected: list[Usage]) -> None:
    assert usage(JSON, body) == expected


def test_an_answer_that_is_no_json_tells_nothing() -> None:
    assert usage("text/html", {"usage": {"prompt_tokens": 1, "completion_tokens": 2}}) == []


@pytest.mark.parametrize(
    ("events", "tokens"),
    [
        (['{"choices":[{"delta":{"content":"abcd"}},{"delta":{"content":"abcd"}}]}'], 2),
        (['{"choices":[{"delta":{"content":"ab"}}]}', '{"choices":[{"delta":{"content":"cde"}}]}'], 2),
        (['{"choices":[{"text":"abcdefgh"}]}', "[DONE]"], 2),
        (['{"type":"response.output_text.delta","delta":"abcde"}', '{"type":"response.completed"}'], 2),
        (['{"choices":[{"delta":{"role":"assistant","content":null}}]}', '{"choices":[{"delta":null}]}'], 0),
        (['{"choices":null,"usage":{"prompt_tokens":9,"completion_tokens":9}}'], 0),
        ([], 0),
    ],
)
def test_a_stream_is_estimated_from_its_texts(events: list[str], tokens: int) -> None:
    body = "".join(f"data: {event}\n\n" for event in events)
    assert usage(EVENTS, body) == [Usage(3, tokens)]


@pytest.mark.parametrize(
    ("body", "prompt", "streamed"),
    [
        (b'{"messages":[{"content":"abcdefgh"}],"stream":true}', 2, True),
        (b'{"prompt":"abcd","stream":false}', 1, False),
        (b'{"input":["abcd","abcd"],"stream":"true"}', 2, False),
        (b"", 0, False),
        (b"[1]", 0, False),
    ],
)
def test_a_prompt_is_estimated_from_its_characters(body: bytes, prompt: int, streamed: bool) -> None:
    found = asked(Request("POST", Url("/chat"), body=body))
    assert (found.prompt, found.streamed) == (prompt, streamed)
