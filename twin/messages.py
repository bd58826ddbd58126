"""Our own request and response: what listeners make, what the gateway works on, what accounts answer.

They know no connection, so the same messages travel over sockets and in-process. Times are in seconds.
"""

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote, unquote_plus, urlencode, urlsplit

from multidict import CIMultiDict, MultiMapping

# What concerns one connection only. https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
_HOP_BY_HOP: Final = (
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
    *("te", "trailer", "transfer-encoding", "upgrade"),
)


class Headers:
    """Header fields in their order and spelling; looked up without regard to case. A name may stand several times.

    `fields` holds them as aiohttp takes them, so that at a socket nothing has to be translated.
    """

    __slots__ = ("fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] | MultiMapping[str] = ()) -> None:
        self.fields: CIMultiDict[str] = CIMultiDict(fields)

    def get_all(self, name: str) -> list[str]:
        return self.fields.getall(name, [])

    def get(self, name: str, default: str = "") -> str:
        """The values of that name, joined by commas as HTTP allows."""
        values = self.fields.getall(name, None)
        return default if values is None else ",".join(values)

    def set(self, name: str, *values: str) -> None:
        """Put these values in place of all that stand under `name`."""
        self.remove(name)
        for value in values:
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        self.fields.add(name, value)

    def remove(self, name: str) -> None:
        self.fields.popall(name, None)

    def copy(self) -> "Headers":
        return Headers(self.fields)

    def copy_without(self, names: Iterable[str]) -> "Headers":
        """All but the fields of those names."""
        kept = self.copy()
        for name in names:
            kept.fields.popall(name, None)
        return kept

    def end_to_end(self) -> "Headers":
        """All but what concerns one connection only: the known ones, and those that Connection names."""
        named = (name.strip() for name in self.get("Connection").split(","))
        return self.copy_without((*_HOP_BY_HOP, *named))

    def names(self) -> list[str]:
        """Each name once, in the spelling of its first field."""
        spelled: dict[str, str] = {}
        for name in self.fields:
            spelled.setdefault(name.lower(), name)
        return list(spelled.values())

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields.items())

    def __len__(self) -> int:
        return len(self.fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and list(self) == list(other)

    def __repr__(self) -> str:
        return f"Headers({list(self)!r})"


class Parameter(tuple[str, str]):
    """One query parameter as (name, value), which knows how it was written: it is sent on as it came."""

    written: str

    @classmethod
    def read(cls, written: str) -> "Parameter":
        name, _, value = written.partition("=")
        made = cls((unquote_plus(name), unquote_plus(value)))
        made.written = written
        return made


@dataclass(frozen=True)
class Url:
    """An absolute or origin-relative URL; `path` is kept as it was sent, percent-encoding and all.

    `query` holds names and values decoded.
    """

    path: str
    query: tuple[tuple[str, str], ...] = ()
    scheme: str = ""
    host: str = ""

    @classmethod
    def parse(cls, text: str) -> "Url":
        parts = urlsplit(text)
        query = tuple(Parameter.read(one) for one in parts.query.split("&") if one)
        return cls(parts.path or "/", query, parts.scheme, parts.netloc)

    @property
    def query_string(self) -> str:
        """As it is sent: what was read as it was written, what was added encoded."""
        return "&".join(_written(one) for one in self.query)

    @property
    def segments(self) -> tuple[str, ...]:
        """The decoded parts of the path between its slashes."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))

    def below(self, base: "Url") -> "Url":
        """This path and query under those of a base address."""
        above = base.path.strip("/")  # "https://host//openai" has been seen to work: such doubles do no harm
        path = (f"/{above}/" if above else "/") + self.path.lstrip("/")
        return Url(path, base.query + self.query, base.scheme, base.host)

    def parameter(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.query if key.lower() == name.lower()), default)

    def __str__(self) -> str:
        origin = f"{self.scheme}://{self.host}" if self.host else ""
        return origin + self.path + (f"?{self.query_string}" if self.query else "")


def _written(parameter: tuple[str, str]) -> str:
    return parameter.written if isinstance(parameter, Parameter) else urlencode([parameter], quote_via=quote)


@dataclass
class Request:
    """What a caller sends, or what the gateway sends on. `body` is whole: replaying it needs it in one piece."""

    method: str
    url: Url
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


class Lost(Exception):
    """No connection was made (unknown name, refused, TLS), or it ended before an answer began. The text says which."""


class Broken(Exception):
    """The body of a message ended before it was complete; it must never look like a whole one."""


Stream = AsyncGenerator[bytes, None]
"""The body of a message. Who makes one lets it begin (`anext`): a generator that has not begun has no end to run."""


@dataclass
class Response:
    """An answer: its head is complete, its body may still be on its way as `stream`.

    `url` is the address that gave it, None where the gateway did. `stream` raises Broken when the sender breaks off.
    Whoever stops reading early closes the response, which ends the work behind it.
    """

    status: int
    reason: str = ""
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    stream: Stream | None = None
    url: Url | None = None
    _sources: tuple[Stream, ...] = field(default=(), repr=False, compare=False)

    def pass_through(self, change: Callable[[Stream], Stream]) -> None:
        """Put a change of the stream in its place, a generator that reads it."""
        if self.stream is not None:
            self._sources = (self.stream, *self._sources)
            self.stream = change(self.stream)

    async def read(self) -> bytes:
        """The whole body, which is kept: it can be read again. Raises Broken."""
        if self.stream is not None:
            self.body = b"".join([chunk async for chunk in self.stream])
            self.stream = None
        return self.body

    async def close(self) -> None:
        """Nobody wants the rest."""
        if self.stream is not None:
            await self.stream.aclose()
            for source in self._sources:
                await source.aclose()
            self.stream = None
