"""Requests over sockets, as the account at the other end sees them."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.sockets import PATIENCE, Backend, backend
from twin.backends.transport import SocketTransport
from twin.messages import Broken, Headers, Lost, Request, Response, Url

URL = Url("/openai/x", scheme="https", host="aoai-1.openai.azure.com")


@pytest.fixture
def account() -> Iterator[Backend]:
    with backend() as made:
        yield made


@contextlib.asynccontextmanager
async def transport_to(address: str) -> AsyncIterator[SocketTransport]:
    transport = SocketTransport(lambda _: address)
    try:
        yield transport
    finally:
        await transport.close()


def exchange(account: Backend, request: Request, *sent: bytes) -> Response:
    """The answer to a request, read to its end, where the account sends this and ends the connection."""

    async def run() -> Response:
        async with asyncio.timeout(PATIENCE), transport_to(account.url) as transport:
            asked = asyncio.create_task(transport.send(request))
            await asyncio.to_thread(serve)
            response = await asked
            await response.read()
            return response

    def serve() -> None:
        peer = account.accept()
        peer.read_request()
        peer.send(*sent)
        peer.close()

    return asyncio.run(run())


def test_an_answer_has_status_reason_headers_and_body(account: Backend) -> None:
    sent = b"HTTP/1.1 207 Some\r\nA: 1\r\na: 2\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nContent-Length: 2\r\n\r\nhi"
    response = exchange(account, Request("POST", URL), sent)
    assert (response.status, response.reason, response.body) == (207, "Some", b"hi")
    assert response.headers == Headers([("A", "1"), ("a", "2"), ("Content-Length", "2")])


def test_a_redirect_is_an_answer_and_a_cookie_is_not_kept(account: Backend) -> None:
    sent = b"HTTP/1.1 302 Found\r\nLocation: /there\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"
    assert exchange(account, Request("GET", URL), sent).headers.get("Location") == "/there"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "POST"])
def test_a_request_whose_connection_is_lost_is_sent_once(account: Backend, method: str) -> None:
    with pytest.raises(Lost, match=r"no answer from aoai-1\.openai\.azure\.com: "):
        exchange(account, Request(method, URL))
    assert account.nobody_waits()


def test_an_answer_that_is_no_http_is_lost(account: Backend) -> None:
    with pytest.raises(Lost):
        exchange(account, Request("GET", URL), b"this is not HTTP\r\n\r\n")


def test_a_refused_connection_is_lost() -> None:
    with backend() as made:
        address = made.url

    async def send() -> None:
        async with transport_to(address) as transport:
            await transport.send(Request("GET", URL))

    with pytest.raises(Lost, match=r"no answer from aoai-1\.openai\.azure\.com: ClientConnectorError"):
        asyncio.run(send())


def test_a_body_that_ends_too_early_is_broken(account: Backend) -> None:
    with pytest.raises(Broken):
        exchange(account, Request("GET", URL), b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")


@pytest.mark.parametrize(("sent", "seen"), [(b"hi", (b"hi", True)), (b"h", (b"", False)), (b"", (b"", False))])
def test_an_answer_that_came_whole_has_a_body_and_no_stream(
    account: Backend, sent: bytes, seen: tuple[bytes, bool]
) -> None:
    async def run() -> tuple[bytes, bool]:
        async with transport_to(account.url) as transport:
            asked = asyncio.create_task(transport.send(Request("GET", URL)))
            peer = await asyncio.to_thread(account.accept)
            await asyncio.to_thread(peer.read_request)
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + sent)
            response = await asked
            has_none = response.stream is None
            await response.close()
            return response.body, has_none

    assert asyncio.run(run()) == seen


def test_closing_an_answer_early_ends_the_connection(account: Backend) -> None:
    async def run() -> tuple[bytes, bool]:
        async with transport_to(account.url) as transport:
            asked = asyncio.create_task(transport.send(Request("GET", URL)))
            peer = await asyncio.to_thread(account.accept)
            await asyncio.to_thread(peer.read_request)
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
            await (await asked).close()
            return await asyncio.to_thread(peer.read_to_the_end)

    assert asyncio.run(run())[0] == b""


def test_a_connection_is_used_again_after_a_whole_answer(account: Backend) -> None:
    async def run() -> list[int]:
        async with transport_to(account.url) as transport:
            statuses = []
            asked = asyncio.create_task(transport.send(Request("GET", URL)))
            peer = await asyncio.to_thread(account.accept)
            for status in (200, 201):
                await asyncio.to_thread(peer.read_request)
                peer.send(f"HTTP/1.1 {status} OK\r\nContent-Length: 2\r\n\r\nhi")
                response = await asked
                await response.read()
                statuses.append(response.status)
                asked = asyncio.create_task(transport.send(Request("GET", URL)))
            await asyncio.to_thread(peer.read_request)
            asked.cancel()
            return statuses

    assert asyncio.run(run()) == [200, 201]


def test_the_place_of_an_account_may_refuse_a_connection() -> None:
    def refuse(_: Request) -> str:
        raise Lost("the connection was refused")

    with pytest.raises(Lost, match="the connection was refused"):
        asyncio.run(SocketTransport(refuse).send(Request("GET", URL)))


def test_a_packed_body_stays_packed(account: Backend) -> None:
    packed = gzip.compress(b'{"id": 1}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    answer = exchange(account, Request("GET", URL), head + packed)
    assert (answer.headers.get("Content-Encoding"), answer.body) == ("gzip", packed)
