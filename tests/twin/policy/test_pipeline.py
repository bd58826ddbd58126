"""What data does not say well: callers that hang up, and answers that nobody wants any more."""

from collections.abc import Coroutine
from typing import Any

import pytest

from tests.support.backends import Scripted
from tests.support.world import Gateway, policy
from twin.backends.forwarder import Target
from twin.clock import TimeUp
from twin.messages import Request, Response, Url
from twin.policy import pipeline
from twin.policy.program import Program

STREAM = Scripted(chunks=((1, b"a"), (1, b"b"), (1, b"c")))
TOKENS = '<llm-token-limit counter-key="k" tokens-per-minute="9" estimate-prompt-tokens="true" />'


def do(gateway: Gateway, work: Coroutine[Any, Any, None]) -> None:
    gateway.clock.start(work)
    gateway.clock.run()


def answered(gateway: Gateway, program: Program) -> Response:
    """The answer of a call, whose body nobody has read yet."""
    answers: list[Response] = []

    async def call() -> None:
        answers.append(await pipeline.run(program, gateway.exchange(Request("POST", Url("/chat"), body=b"hello"))))

    do(gateway, call())
    return answers[0]


def hung_up_after(gateway: Gateway, seconds: float, program: Program) -> None:
    async def call() -> None:
        work = pipeline.run(program, gateway.exchange(Request("POST", Url("/chat"), body=b"hello")))
        with pytest.raises(TimeUp):
            await gateway.clock.within(seconds, work)

    do(gateway, call())


@pytest.mark.parametrize("backend", ["<forward-request />", '<forward-request buffer-response="false" />'])
@pytest.mark.parametrize("inbound", ["", TOKENS])
def test_a_caller_that_never_reads_the_body_ends_the_backends_work(backend: str, inbound: str) -> None:
    stream = Scripted(headers=(("Content-Type", "text/event-stream"),), chunks=STREAM.chunks)
    gateway = Gateway({"origin.example": [stream]})
    response = answered(gateway, policy(inbound, backend))
    assert gateway.backends.ended == []
    do(gateway, response.close())
    assert gateway.backends.ended == ["origin.example"]


def test_a_caller_that_hangs_up_before_the_answer_leaves_nothing_in_the_cache() -> None:
    gateway = Gateway({"origin.example": [Scripted(after=10)]})
    hung_up_after(gateway, 5, policy('<cache-store-value key="k" value="v" duration="60" />'))
    assert gateway.region.cache.get("k", gateway.clock.now()) is None


def test_a_caller_that_hangs_up_while_a_retry_waits_ends_the_call() -> None:
    gateway = Gateway({"origin.example": [STREAM]})
    retry = '<retry condition="@(true)" count="9" interval="10"><forward-request buffer-response="false" /></retry>'
    hung_up_after(gateway, 5, policy(backend=retry))
    assert [sent.at for sent in gateway.backends.sent] == [0]
    assert gateway.backends.ended == ["origin.example"]


@pytest.mark.parametrize("buffered", ["true", "false"])
def test_an_answer_that_is_tried_again_is_ended_at_its_backend(buffered: str) -> None:
    gateway = Gateway({"origin.example": [Scripted(503, chunks=STREAM.chunks), Scripted(200)]})
    retry = f"""<retry condition="@(context.Response.StatusCode == 503)" count="1" interval="0">
        <forward-request buffer-response="{buffered}" /></retry>"""
    outcome = gateway.call(policy(backend=retry))
    assert (outcome.status, outcome.answered, gateway.backends.ended) == (200, 0, ["origin.example"])


@pytest.mark.parametrize(
    "sections",
    [
        {"outbound": "<return-response />"},
        {"outbound": "<mock-response />"},
        {"outbound": "<set-body>mine</set-body>"},
        {"outbound": '<set-variable name="x" value="@(int.Parse("x"))" />'},
    ],
    ids=lambda sections: sections["outbound"].split()[0].strip("</>"),
)
def test_an_answer_that_is_replaced_is_ended_at_its_backend(sections: dict[str, str]) -> None:
    gateway = Gateway({"origin.example": [STREAM]})
    outcome = gateway.call(policy(**sections))
    assert (outcome.answered, outcome.chunks, gateway.backends.ended) == (0, [], ["origin.example"])


def test_a_redirect_that_is_followed_is_ended_at_its_backend() -> None:
    there = (("Location", "https://other.example/"),)
    gateway = Gateway(
        {"origin.example": [Scripted(302, headers=there, chunks=STREAM.chunks)], "other.example": [Scripted(204)]}
    )
    outcome = gateway.call(policy(backend='<forward-request follow-redirects="true" />'))
    assert (outcome.status, gateway.backends.ended) == (204, ["origin.example"])


def test_an_api_without_a_service_needs_a_policy_that_names_a_backend() -> None:
    gateway = Gateway()
    exchange = gateway.exchange(Request("POST", Url("/chat")))
    exchange.target = Target()
    statuses: list[int] = []

    async def call() -> None:
        statuses.append((await pipeline.run(policy(), exchange)).status)

    do(gateway, call())
    error = exchange.context.last_error
    assert (statuses, error and error.reason) == ([500], "BackendServiceNotSet")


def test_a_body_that_breaks_off_while_a_policy_reads_it_is_a_connection_failure() -> None:
    gateway = Gateway({"origin.example": [Scripted(chunks=((1, b"half"),), breaks=True)]})
    outcome = gateway.call(
        policy(
            outbound='<set-variable name="x" value="@(context.Response.Body.As<string>())" />',
            on_error='<set-variable name="reason" value="@(context.LastError.Reason)" />',
        )
    )
    assert (outcome.status, outcome.variables["reason"], outcome.broken) == (500, "BackendConnectionFailure", False)
