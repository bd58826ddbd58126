"""What goes through the gateway to the backend, byte by byte: no library is between caller and backend."""

import pytest

from tests.support.proxied import answer, ask, head
from tests.support.servers import Loop, Proxy, proxying
from tests.support.simulated import reference_store
from tests.support.sockets import Backend, Head, Peer, connection

MEBIBYTE = 1024**2


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
