"""What callers and backends of a gateway write, byte by byte."""

from tests.support.servers import Proxy
from tests.support.sockets import Peer

CHAT = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"


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
