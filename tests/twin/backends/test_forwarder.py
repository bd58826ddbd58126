from typing import Any

import pytest

from tests.support.backends import Scripted, ScriptedBackends, answers
from twin.assumptions import Assumptions
from twin.backends.backend import Backend
from twin.backends.breaker import RetryAfter, Rule
from twin.backends.forwarder import Forwarder, Target, addressed, retry_after
from twin.backends.unit import AllOpen, Unit
from twin.chance import Chance
from twin.clock import TimeUp, VirtualClock
from twin.journal import Attempt, Event
from twin.messages import Headers, Lost, Request, Response, Url

RULE = Rule(1, 10, 10, ((429, 429), (503, 503)), accept_retry_after=True, error_reasons=frozenset({"Timeout"}))
BACKEND = Backend("one", Url("/openai", scheme="https", host="one.example"), RULE)
REQUEST = Request("POST", Url("/chat"), body=b"hello")
AT_ONE = Target(backend="one")


class Bench:
    """A forwarder for one backend on virtual time, and what it recorded."""

    def __init__(self, *script: Scripted | int, backend: Backend = BACKEND, **assumed: str) -> None:
        assume = Assumptions().with_answers(assumed)
        self.clock = VirtualClock(start=0)
        self.events: list[Event] = []
        self.unit = Unit("unit-1", Chance(1), assume)
        self.unit.configure({backend.name: backend})
        self.backends = ScriptedBackends(self.clock, {"one.example": answers(*script)})
        self.forwarder = Forwarder(self.unit, self.backends, self.clock, assume, self.events.append)

    def send(self, target: Target = AT_ONE, timeout: float = 60, request: Request = REQUEST) -> Any:
        """The response, or the exception that was raised."""
        outcome: list[Any] = []

        async def work() -> None:
            try:
                outcome.append(await self.forwarder.send(request, target, timeout, "call-1"))
            except Exception as error:  # noqa: BLE001  whatever it is, a test looks at it
                outcome.append(error)

        self.clock.start(work())
        self.clock.run()
        return outcome[0]

    def read(self, response: Response) -> None:
        async def work() -> None:
            await response.read()

        self.clock.start(work())
        self.clock.run()

    @property
    def seconds_open(self) -> float:
        return self.unit.seconds_open("one", self.clock.now())


def limited(seconds: str) -> Scripted:
    return Scripted(429, headers=(("Retry-After", seconds),))


def test_a_response_is_given_and_told_to_the_journal() -> None:
    bench = Bench(Scripted(200, after=2, body=b"fine"))
    response = bench.send()
    assert (response.status, response.body) == (200, b"fine")
    assert bench.events == [Attempt(2, "call-1", "unit-1", "one", 200)]


def test_a_counted_status_opens_the_breaker_for_the_time_in_retry_after() -> None:
    bench = Bench(limited("7"))
    assert bench.send().status == 429
    assert bench.seconds_open == 7
    refusal = bench.send()
    assert isinstance(refusal, AllOpen)
    assert (refusal.seconds, len(bench.backends.sent), len(bench.events)) == (7, 1, 1)


def test_a_status_that_is_not_counted_opens_nothing() -> None:
    bench = Bench(500)
    bench.send()
    assert bench.seconds_open == 0


def test_an_address_of_its_own_has_no_breaker_even_if_a_backend_is_called_like_its_host() -> None:
    bench = Bench(503, backend=Backend("one.example", BACKEND.url, RULE))
    assert bench.send(Target(base=Url("/x", scheme="https", host="one.example"))).status == 503
    assert bench.unit.seconds_open("one.example", 0) == 0
    assert bench.events == [Attempt(0, "call-1", "unit-1", "one.example", 503)]


def test_a_response_that_streams_is_counted_when_its_head_comes() -> None:
    bench = Bench(Scripted(503, chunks=((5, b"a"),)))
    bench.send()
    assert bench.seconds_open == 10


def test_a_response_that_streams_is_counted_at_its_end_where_azure_does_so() -> None:
    bench = Bench(Scripted(503, chunks=((5, b"a"), (1, b"b"))), S11="body-end")
    response = bench.send()
    assert bench.seconds_open == 0
    bench.read(response)
    assert (bench.seconds_open, response.body) == (10, b"ab")


def test_a_lost_connection_is_told_and_opens_nothing() -> None:
    bench = Bench(Scripted(after=1, lost="refused"))
    assert isinstance(bench.send(), Lost)
    assert bench.seconds_open == 0
    assert bench.events == [Attempt(1, "call-1", "unit-1", "one", 0, "refused")]


def test_an_answer_that_does_not_come_in_time_is_told_and_opens_nothing() -> None:
    bench = Bench(Scripted(hangs=True))
    assert isinstance(bench.send(timeout=1.5), TimeUp)
    assert bench.seconds_open == 0
    assert bench.events == [Attempt(1.5, "call-1", "unit-1", "one", 0, "no headers within 1.5 s")]


def test_failures_without_a_response_open_the_breaker_by_their_reason_where_azure_counts_them() -> None:
    bench = Bench(Scripted(hangs=True), S7="by-error-reason")
    bench.send(timeout=1)
    assert bench.seconds_open == 10
    bench = Bench(Scripted(lost="refused"), S7="by-error-reason")
    bench.send()
    assert bench.seconds_open == 0


def test_a_caller_that_hangs_up_is_told_and_opens_nothing() -> None:
    bench = Bench(Scripted(hangs=True), S7="by-error-reason")

    async def work() -> None:
        with pytest.raises(TimeUp):
            await bench.clock.within(3, bench.forwarder.send(REQUEST, AT_ONE, 60, "call-1"))

    bench.clock.start(work())
    bench.clock.run()
    assert bench.events == [Attempt(3, "call-1", "unit-1", "one", 0, "ClientConnectionFailure")]
    assert bench.seconds_open == 0


def test_one_request_probes_an_open_breaker_where_azure_does_so() -> None:
    bench = Bench(limited("5"), Scripted(200, after=1), S2="one-probe")
    bench.send()
    bench.clock.run(until=5)
    outcomes: list[object] = []

    async def work() -> None:
        try:
            outcomes.append((await bench.forwarder.send(REQUEST, AT_ONE, 60)).status)
        except AllOpen as refusal:
            outcomes.append(refusal.seconds)

    for _ in range(3):
        bench.clock.start(work())
    bench.clock.run()
    assert outcomes == [0, 0, 200]
    assert bench.send().status == 200


def test_a_request_goes_below_the_backends_path_with_its_query_and_credentials() -> None:
    backend = Backend(
        "one",
        Url("/openai/", (("a", "1"),), "https", "one.example"),
        headers=(("api-key", "of the backend"),),
        query=(("code", "c"),),
        authorization="Bearer of the backend",
    )
    fields = [("Api-Key", "of the caller"), ("Authorization", "Bearer of the caller"), ("X-A", "1"), ("Host", "h")]
    request = Request("PUT", Url("/chat", (("b", "2"),)), Headers(fields), b"body")
    sent = addressed(request, backend)
    assert str(sent.url) == "https://one.example/openai/chat?a=1&b=2&code=c"
    assert sorted(sent.headers) == [
        ("Authorization", "Bearer of the backend"),
        ("X-A", "1"),
        ("api-key", "of the backend"),
    ]
    assert (sent.method, sent.body) == ("PUT", b"body")
    assert request.headers == Headers(fields)


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("/", "/chat", "/chat"),
        ("", "/chat", "/chat"),
        ("/openai", "chat", "/openai/chat"),
        ("/openai/", "/chat/", "/openai/chat/"),
        ("//openai", "/", "/openai/"),
        ("/a/b", "/c%2Fd", "/a/b/c%2Fd"),
    ],
)
def test_paths_are_joined_with_one_slash(base: str, path: str, expected: str) -> None:
    backend = Backend("one", Url(base, scheme="https", host="one.example"))
    assert addressed(Request("GET", Url(path)), backend).url.path == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], RetryAfter(None, None)),
        ([("Retry-After", "7")], RetryAfter(7, None)),
        ([("retry-after", "7.5"), ("Retry-After-Ms", "250")], RetryAfter(7.5, 0.25)),
        ([("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT")], RetryAfter(None, None)),
        ([("Retry-After", "-1"), ("retry-after-ms", "nan")], RetryAfter(None, None)),
        ([("Retry-After", "inf")], RetryAfter(None, None)),
        ([("Retry-After", "1"), ("Retry-After", "2")], RetryAfter(None, None)),
    ],
)
def test_when_to_come_back_is_read_from_numbers_only(headers: list[tuple[str, str]], expected: RetryAfter) -> None:
    assert retry_after(Response(429, headers=Headers(headers))) == expected
