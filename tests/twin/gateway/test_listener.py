"""What goes through the gateway, byte by byte: a caller on one side, a backend on the other, no library between."""

import threading
from collections.abc import Iterator

import pytest

from tests.support.servers import Loop, Proxy, proxying
from tests.support.simulated import reference_store
from tests.support.sockets import Backend, Head, Peer, backend, connection

CHAT = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
MEBIBYTE = 1024**2


@pytest.fixture
def account() -> Iterator[Backend]:
    with backend() as made:
        yield made


@pytest.fixture
def proxy(loop: Loop, account: Backend) -> Iterator[Proxy]:
    with proxying(loop, account.url) as running:
        yield running


@pytest.fixture
def caller(proxy: Proxy) -> Iterator[Peer]:
    with connection(proxy.url) as peer:
        yield peer


def head(proxy: Proxy, *fields: str, target: str = CHAT, method: str = "POST") -> str:
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: gateway", f"api-key: {proxy.key}", *fields, "", ""])


def ask(caller: Peer, proxy: Proxy, *fields: str, body: bytes = b"{}", target: str = CHAT) -> None:
    caller.send(head(proxy, *fields, f"Content-Length: {len(body)}", target=target), body)


def answer(peer: Peer, *fields: str, status: str = "200 OK", body: bytes = b"") -> None:
    peer.send("\r\n".join([f"HTTP/1.1 {status}", *fields, f"Content-Length: {len(body)}", "", ""]), body)


def begin_events(peer: Peer) -> None:
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")


def send_chunk(peer: Peer, data: bytes) -> None:
    peer.send(f"{len(data):x}\r\n", data, "\r\n")


class TestRequests:
    """What the backend gets."""

    def seen(self, caller: Peer, account: Backend) -> tuple[Head, bytes]:
        peer = account.accept()
        request = peer.read_request()
        answer(peer)
        assert caller.read_head().status == 200
        return request

    @pytest.mark.parametrize(
        "written",
        [
            "/deployments/a%2Fb/%7e/~/%C3%A9",
            "/deployments//two//slashes/",
            "/deployments/x?api-version=1&a=b+c&d=e%20f&g=%2f:/?&h&=&a=2",
            "/a;b=c,d/(e)*'!$@?q=a;b",
        ],
    )
    def test_path_and_query_come_as_they_were_written(
        self, caller: Peer, proxy: Proxy, account: Backend, written: str
    ) -> None:
        ask(caller, proxy, target=f"/openai{written}")
        assert self.seen(caller, account)[0].line == f"POST /openai{written} HTTP/1.1"

    def test_the_key_leaves_the_query_and_the_rest_of_it_stays_as_it_was_written(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        caller.send(f"POST /openai/x?a=b+c&api-key={proxy.key}&d=%2f HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
        assert self.seen(caller, account)[0].line == "POST /openai/x?a=b+c&d=%2f HTTP/1.1"

    def test_the_host_is_the_accounts(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        ask(caller, proxy)
        assert self.seen(caller, account)[0].get_all("Host") == ["aoai-eus2-1.openai.azure.com"]

    def test_what_concerns_the_callers_connection_stays_behind(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        ask(caller, proxy, "Connection: keep-alive, X-Mine", "X-Mine: 1", "Keep-Alive: timeout=5", "TE: trailers")
        seen, _ = self.seen(caller, account)
        assert [name for name in ("Connection", "X-Mine", "Keep-Alive", "TE") if seen.get(name)] == []

    def test_other_headers_pass_with_all_their_values_and_none_is_added(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        ask(caller, proxy, "X-Many: one", "X-Many: two", "User-Agent: mine", "X-Empty:")
        seen, _ = self.seen(caller, account)
        assert sorted((name, value) for name, value in seen.fields if name not in ("Authorization", "Host")) == [
            ("Content-Length", "2"),
            ("User-Agent", "mine"),
            ("X-Empty", ""),
            ("X-Many", "one"),
            ("X-Many", "two"),
        ]

    def test_the_trace_context_passes_through(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        ask(caller, proxy, f"traceparent: {trace}", "tracestate: a=1,b=2", "baggage: k=v")
        seen, _ = self.seen(caller, account)
        assert [seen.get(name) for name in ("traceparent", "tracestate", "baggage")] == [trace, "a=1,b=2", "k=v"]

    def test_a_body_in_chunks_arrives_whole(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        caller.send(head(proxy, "Transfer-Encoding: chunked"), "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        assert self.seen(caller, account)[1] == b"hello world"

    def test_a_packed_body_arrives_packed(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        ask(caller, proxy, "Content-Encoding: gzip", body=b"\x1f\x8b not unpacked")
        seen, body = self.seen(caller, account)
        assert (seen.get("Content-Encoding"), body) == ("gzip", b"\x1f\x8b not unpacked")

    def test_a_caller_that_asks_before_it_sends_is_told_to_go_on(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        caller.send(head(proxy, "Expect: 100-continue", "Content-Length: 5"))
        assert caller.read_head().line == "HTTP/1.1 100 Continue"
        caller.send("hello")
        seen, body = self.seen(caller, account)
        assert (seen.get("Expect"), body) == ("", b"hello")

    def test_a_body_of_50_mebibytes(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        body = bytes(range(256)) * (50 * MEBIBYTE // 256)
        ask(caller, proxy, body=body)
        assert self.seen(caller, account)[1] == body

    def test_a_body_that_a_policy_sets_has_its_own_length(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        proxy.policy(inbound='<base/><set-body>changed</set-body><set-backend-service backend-id="openaiopool" />')
        ask(caller, proxy, body=b"a longer one than that")
        seen, body = self.seen(caller, account)
        assert (seen.get_all("Content-Length"), body) == (["7"], b"changed")

    def test_a_retried_request_is_sent_whole_again(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        body = b'{"messages": []}' + b" " * 2 * MEBIBYTE
        ask(caller, proxy, body=body)
        refusing = account.accept()
        first = refusing.read_request()
        answer(refusing, "Retry-After: 7", status="429 Too Many Requests")
        second = refusing.read_request()  # to another account, over the same connection: all lead here
        answer(refusing)
        assert caller.read_head().status == 200
        assert first[1] == second[1] == body
        assert (first[0].get("Host"), second[0].get("Host")) == (
            "aoai-eus2-1.openai.azure.com",
            second[0].get("Host"),
        )
        assert second[0].get("Host") in ("aoai-eus-1.openai.azure.com", "aoai-eus-2.openai.azure.com")


class TestAnswers:
    """What the caller gets."""

    def test_headers_pass_with_all_their_values_but_those_of_the_backends_connection(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        answer(peer, "Set-Cookie: a=1", "Set-Cookie: b=2", "Connection: X-Hop", "X-Hop: 1", "Keep-Alive: timeout=5")
        seen = caller.read_head()
        assert seen.get_all("Set-Cookie") == ["a=1", "b=2"]
        assert [name for name in ("X-Hop", "Keep-Alive", "Connection", "Transfer-Encoding") if seen.get(name)] == []

    @pytest.mark.parametrize("line", ["404 Not Found", "418 I am a teapot", "299 Whatever"])
    def test_status_and_reason_pass(self, caller: Peer, proxy: Proxy, account: Backend, line: str) -> None:
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        answer(peer, status=line, body=b"said")
        assert caller.read_head().line == f"HTTP/1.1 {line}"
        assert caller.read(4) == b"said"

    def test_an_answer_without_a_body_has_none(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        """And the connection goes on."""
        for _ in range(2):
            ask(caller, proxy)
            peer = account.accept()
            peer.read_request()
            peer.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            peer.close()
            assert caller.read_head().status == 204

    def test_a_packed_answer_passes_packed(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        answer(peer, "Content-Encoding: gzip", body=b"\x1f\x8b not unpacked")
        assert caller.read_head().get("Content-Encoding") == "gzip"
        assert caller.read(15) == b"\x1f\x8b not unpacked"

    def test_events_come_one_by_one(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        """Each is here before the next one is sent."""
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        begin_events(peer)
        assert caller.read_head().get("Content-Type") == "text/event-stream"
        for number in range(5):
            send_chunk(peer, f"data: {number}\n\n".encode())
            assert caller.read_chunk() == f"data: {number}\n\n".encode()
        send_chunk(peer, b"")
        assert caller.read_chunk() == b""

    def test_a_buffered_stream_comes_in_lumps_of_8_kilobytes(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        proxy.policy(
            inbound='<base/><set-backend-service backend-id="openaiopool" />',
            backend='<forward-request buffer-response="true" />',
        )
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        begin_events(peer)
        for _ in range(9):
            send_chunk(peer, b"x" * 1024)
        caller.read_head()
        assert caller.read_chunk() == b"x" * 8192
        send_chunk(peer, b"")
        assert caller.read_chunk() == b"x" * 1024

    def test_50_mebibytes_pass(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        body = bytes(range(256)) * (50 * MEBIBYTE // 256)
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        sending = threading.Thread(target=answer, args=(peer,), kwargs={"body": body})
        sending.start()
        assert caller.read_head().get("Content-Length") == str(len(body))
        assert caller.read(len(body)) == body
        sending.join()

    def test_a_caller_that_does_not_read_stops_the_backend(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        """Sockets hold some megabytes; the gateway holds no more of an answer than a connection's buffer."""
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        begin_events(peer)
        assert caller.read_head().status == 200
        peer.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            peer.send(f"{64 * MEBIBYTE:x}\r\n", b"x" * 64 * MEBIBYTE)


class TestBreaks:
    def test_a_stream_that_breaks_off_never_looks_complete(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        begin_events(peer)
        send_chunk(peer, b"data: 1\n\n")
        caller.read_head()
        assert caller.read_chunk() == b"data: 1\n\n"
        peer.close()
        assert caller.read_to_the_end() == (b"", True)
        assert account.nobody_waits()  # nothing was tried again

    def test_a_stream_whose_connection_is_reset_never_looks_complete(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        begin_events(peer)
        send_chunk(peer, b"data: 1\n\n")
        caller.read_head()
        assert caller.read_chunk() == b"data: 1\n\n"
        peer.reset()
        assert caller.read_to_the_end() == (b"", True)

    def test_an_answer_shorter_than_announced_never_looks_complete(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        assert caller.read_head().get("Content-Length") == "10"
        assert caller.read(4) == b"half"
        peer.close()
        assert caller.read_to_the_end() == (b"", True)
        assert account.nobody_waits()

    def test_a_connection_that_ends_before_an_answer_is_tried_elsewhere(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        ask(caller, proxy, body=b"asked")
        peer = account.accept()
        assert peer.read_request()[1] == b"asked"
        peer.reset()
        another = account.accept()
        assert another.read_request()[1] == b"asked"
        answer(another, body=b"said")
        assert caller.read_head().status == 200
        assert caller.read(4) == b"said"

    def test_a_caller_that_hangs_up_ends_the_connection_to_the_backend(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        caller.close()
        assert peer.read_to_the_end()[0] == b""

    def test_a_caller_that_hangs_up_in_a_stream_ends_the_connection_to_the_backend(
        self, caller: Peer, proxy: Proxy, account: Backend
    ) -> None:
        ask(caller, proxy)
        peer = account.accept()
        peer.read_request()
        begin_events(peer)
        send_chunk(peer, b"data: 1\n\n")
        caller.read_head()
        caller.close()
        assert peer.read_to_the_end()[0] == b""


class TestMethods:
    def test_what_has_no_operation_is_404_and_calls_nobody(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        for method in ("OPTIONS", "PUT", "GET"):
            caller.send(head(proxy, method=method))
            seen = caller.read_head()
            caller.read(int(seen.get("Content-Length")))
            assert seen.status == 404
        assert account.nobody_waits()

    def test_head_has_the_head_of_an_answer_only(self, caller: Peer, proxy: Proxy, account: Backend) -> None:
        caller.send(head(proxy, method="HEAD"), head(proxy, method="HEAD"))
        assert [caller.read_head().status for _ in range(2)] == [404, 404]

    def test_head_of_an_api_that_has_it_passes_the_length_and_no_body(self, loop: Loop, account: Backend) -> None:
        store = reference_store(api={"methods": ["POST", "HEAD"]})
        with proxying(loop, account.url, store) as proxy, connection(proxy.url) as caller:
            for _ in range(2):
                caller.send(head(proxy, method="HEAD"))
                peer = account.accept()
                assert peer.read_head().line.startswith("HEAD /openai/deployments/")
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 123\r\nConnection: close\r\n\r\n")
                assert caller.read_head().get("Content-Length") == "123"
