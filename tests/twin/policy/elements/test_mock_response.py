from typing import Any

import pytest

from tests.support.world import Gateway, policy
from twin.messages import Request, Response, Url
from twin.policy import pipeline
from twin.policy.examples import Example, operation_examples

JSON = {"contentType": "application/json", "examples": {"default": {"value": {"a": 1}}, "other": {"value": 2}}}
TEXT = {"contentType": "text/plain", "examples": {"one": {"value": "plain"}}}
BARE = {"contentType": "application/xml"}
RESPONSES = [
    {"statusCode": 200, "representations": [BARE, JSON, TEXT]},
    {"statusCode": 404, "representations": [BARE]},
    {"statusCode": 500},
]


def mocked(attributes: str) -> Response:
    gateway = Gateway()
    exchange = gateway.exchange(Request("GET", Url("/x")))
    exchange.examples = operation_examples(RESPONSES)
    answers: list[Response] = []

    async def call() -> None:
        answers.append(await pipeline.run(policy(inbound=f"<mock-response {attributes} />"), exchange))

    gateway.clock.start(call())
    gateway.clock.run()
    return answers[0]


@pytest.mark.parametrize(
    ("attributes", "status", "kind", "body"),
    [
        ("", 200, "application/json", b'{"a": 1}'),
        ('content-type="text/plain"', 200, "text/plain", b"plain"),
        ('content-type="TEXT/PLAIN"', 200, "TEXT/PLAIN", b"plain"),
        ('content-type="image/png"', 200, "image/png", b""),
        ('status-code="404"', 404, "application/xml", b""),
        ('status-code="500"', 500, "", b""),
        ('status-code="418"', 418, "", b""),
    ],
)
def test_the_example_of_the_status_and_the_media_type_is_answered(
    attributes: str, status: int, kind: str, body: bytes
) -> None:
    response = mocked(attributes)
    assert (response.status, response.headers.get("Content-Type"), response.body) == (status, kind, body)


def test_an_operation_without_answers_has_no_examples() -> None:
    nothing: list[dict[str, Any]] = []
    assert operation_examples(nothing) == ()
    assert operation_examples([{"statusCode": 204, "representations": None}]) == ()
    assert operation_examples([{"statusCode": 200, "representations": [BARE]}]) == (Example(200, "application/xml"),)
