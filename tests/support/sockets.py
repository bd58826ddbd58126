"""Both ends of HTTP connections byte by byte, for what a client library would hide.

A test is caller and backend at once and does one thing after the other: what it has received was sent before, and no
clock is needed to tell.
"""

import contextlib
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

HOST = "127.0.0.1"
PATIENCE = 10.0  # seconds; nothing takes that long unless it hangs
_AT_ONCE = 1024**2  # bytes
_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Head:
    """The first line and the header fields of a message, in their order."""

    line: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        line, *fields = raw.decode("latin-1").split("\r\n")
        return cls(line, tuple((name, value.strip()) for name, _, value in (one.partition(":") for one in fields)))

    @property
    def status(self) -> int:
        return int(self.line.split()[1])

    def get_all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name: str) -> str:
        return ",".join(self.get_all(name))


class Peer:
    """One end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.socket.settimeout(PATIENCE)
        self._read = bytearray()

    def send(self, *parts: bytes | str) -> None:
        self.socket.sendall(b"".join(part.encode() if isinstance(part, str) else part for part in parts))

    def read_head(self) -> Head:
        while _END not in self._read:
            self._receive()
        return Head.parse(self.read(self._read.index(_END) + len(_END))[: -len(_END)])

    def read(self, size: int) -> bytes:
        """Exactly so many bytes."""
        while len(self._read) < size:
            self._receive()
        read = bytes(self._read[:size])
        del self._read[:size]
        return read

    def read_request(self) -> tuple[Head, bytes]:
        """A whole request whose length is given."""
        head = self.read_head()
        return head, self.read(int(head.get("Content-Length") or 0))

    def read_chunk(self) -> bytes:
        """One chunk of a chunked body; none is left after an empty one."""
        while (size := re.match(rb"([0-9a-fA-F]+)\r\n", self._read)) is None:
            self._receive()
        before, length = len(size[0]), int(size[1], 16)
        return self.read(before + length + 2)[before:-2]

    def read_to_the_end(self) -> tuple[bytes, bool]:
        """All that still comes, and whether the connection was reset."""
        try:
            while data := self.socket.recv(_AT_ONCE):
                self._read += data
        except ConnectionResetError:
            return bytes(self._read), True
        return bytes(self._read), False

    def reset(self) -> None:
        """End the connection in the middle of whatever is under way."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def close(self) -> None:
        self.socket.close()

    def _receive(self) -> None:
        data = self.socket.recv(_AT_ONCE)
        if not data:
            raise ConnectionError(f"the connection ended after {bytes(self._read[:200])!r}")
        self._read += data


class Backend:
    """Takes connections where an account would."""

    def __init__(self) -> None:
        self._server = socket.create_server((HOST, 0))
        self._server.settimeout(PATIENCE)
        self._peers: list[Peer] = []

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.getsockname()[1]}"

    def accept(self) -> Peer:
        peer = Peer(self._server.accept()[0])
        self._peers.append(peer)
        return peer

    def nobody_waits(self) -> bool:
        """Whether there is no connection that was not accepted yet."""
        self._server.settimeout(0)
        try:
            self._server.accept()[0].close()
        except BlockingIOError:
            return True
        finally:
            self._server.settimeout(PATIENCE)
        return False

    def close(self) -> None:
        for peer in self._peers:
            peer.close()
        self._server.close()


@contextlib.contextmanager
def backend() -> Iterator[Backend]:
    with contextlib.closing(Backend()) as made:
        yield made


@contextlib.contextmanager
def connection(url: str) -> Iterator[Peer]:
    """A connection to a server, as a caller."""
    parts = urlsplit(url)
    with contextlib.closing(Peer(socket.create_connection((parts.hostname, parts.port), PATIENCE))) as peer:
        yield peer
