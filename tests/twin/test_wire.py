"""What a server of ours reads and sends, without a gateway or an account behind it."""

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator

import pytest
from aiohttp import web

from tests.support.servers import Loop
from tests.support.sockets import Peer, connection
from twin.loopback import HOST, listen, server
from twin.messages import Broken, Headers, Request, Response, Stream
from twin.wire import received, sent

Answering = Callable[[Request], Response]


@contextlib.contextmanager
def serving(loop: Loop, answering: Answering) -> Iterator[Peer]:
    """A caller of a server that answers like this."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        return await sent(request, answering(await received(request)))

    with handling(loop, handle) as caller:
        yield caller


@contextlib.contextmanager
def handling(loop: Loop, handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> Iterator[Peer]:
    async def start() -> tuple[web.ServerRunner, int]:
        runner = server(handle)
        return runner, await listen(runner, 0)

    runner, port = loop.run(start())
    try:
        with connection(f"http://{HOST}:{port}") as caller:
            yield caller
    finally:
        loop.run(runner.cleanup())


async def stream(*chunks: bytes, breaks: bool = False) -> Stream:
    for chunk in chunks:
        yield chunk
    if breaks:
        raise Broken("it broke off")


def test_a_request_has_its_path_query_headers_and_body_as_they_were_sent(loop: Loop) -> None:
    seen: list[Request] = []

    def answering(request: Request) -> Response:
        seen.append(request)
        return Response(200)

    with serving(loop, answering) as caller:
        caller.send(
            "PUT //a%2f/./b?x=%2f+&y HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 3\r\n\r\nabc"
        )
        caller.read_head()
    [request] = seen
    assert (request.method, str(request.url), request.body) == ("PUT", "//a%2f/./b?x=%2f+&y", b"abc")
    assert request.url.query == (("x", "/ "), ("y", ""))
    assert request.headers.get_all("X-One") == ["1", "2"]


def test_an_absolute_target_is_understood(loop: Loop) -> None:
    with serving(loop, lambda request: Response(200, body=request.url.path.encode())) as caller:
        caller.send("GET http://somewhere/path?q HTTP/1.1\r\nHost: h\r\n\r\n")
        caller.read_head()
        assert caller.read(5) == b"/path"


def test_a_body_has_its_own_length_whatever_the_headers_say(loop: Loop) -> None:
    headers = Headers([("Content-Length", "999"), ("Transfer-Encoding", "chunked"), ("Connection", "X-Hop")])
    with serving(loop, lambda _: Response(201, "Made", headers, b"body")) as caller:
        caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        head = caller.read_head()
        assert head.line == "HTTP/1.1 201 Made"
        assert (head.get_all("Content-Length"), head.get("Transfer-Encoding"), head.get("Connection")) == (
            ["4"],
            "",
            "",
        )
        assert caller.read(4) == b"body"


def test_a_header_that_stands_twice_is_sent_twice(loop: Loop) -> None:
    with serving(loop, lambda _: Response(200, headers=Headers([("X-A", "1"), ("X-A", "2")]))) as caller:
        caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        assert caller.read_head().get_all("X-A") == ["1", "2"]


def test_a_stream_ends_as_a_whole_one(loop: Loop) -> None:
    with serving(loop, lambda _: Response(200, stream=stream(b"one", b"two"))) as caller:
        caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        caller.read_head()
        assert [caller.read_chunk() for _ in range(3)] == [b"one", b"two", b""]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_stream_that_breaks_ends_in_a_reset(loop: Loop, version: str) -> None:
    """To a caller of HTTP/1.0 an ordinary end would be the end of the answer."""
    with serving(loop, lambda _: Response(200, stream=stream(b"one", breaks=True))) as caller:
        caller.send(f"GET / HTTP/{version}\r\nHost: h\r\n\r\n")
        _, reset = caller.read_to_the_end()
        assert reset


def test_a_stream_is_closed_when_its_caller_has_gone(loop: Loop) -> None:
    closed: list[bool] = []

    async def endless() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"x" * 65536
        finally:
            closed.append(True)

    with serving(loop, lambda _: Response(200, stream=endless())) as caller:
        caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        caller.read_head()
        caller.reset()
    assert closed == [True]  # the server has stopped: nothing is left to wait for


def test_a_connection_that_closes_while_a_stream_is_written_is_no_error(
    loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        async def stream() -> AsyncGenerator[bytes, None]:
            yield b"one"
            assert request.transport is not None
            request.transport.close()
            yield b"two"

        return await sent(request, Response(200, stream=stream()))

    with handling(loop, handle) as caller:
        caller.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        body, _ = caller.read_to_the_end()
    assert b"two" not in body
    assert not body.endswith(b"0\r\n\r\n")
    assert caplog.records == []
