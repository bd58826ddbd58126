"""What comes back through the gateway, byte by byte, whole or broken off."""

import threading

import pytest

from tests.support.proxied import answer, ask, begin_events, send_chunk
from tests.support.servers import Proxy
from tests.support.sockets import Backend, Peer

MEBIBYTE = 1024**2


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
