"""What expressions see of messages that may still change: live views in the shape of twin/policy/context.py."""

from collections.abc import Iterator, Mapping, Sequence

from .. import messages
from . import context as c

_PORTS = {"http": 80, "https": 443}


class HeaderView(Mapping[str, Sequence[str]]):
    """Headers by name, whatever the case, each with all its values. Query parameters are seen the same way."""

    __slots__ = ("_headers",)

    def __init__(self, headers: messages.Headers) -> None:
        self._headers = headers

    def __getitem__(self, name: str) -> Sequence[str]:
        values = self._headers.get_all(name)
        if not values:
            raise KeyError(name)
        return values

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._headers

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers.names())

    def __len__(self) -> int:
        return len(self._headers.names())


class BodyView:
    """The body of a message. Once read without `preserve` it is gone, for the backend or the caller as well."""

    __slots__ = ("message",)

    def __init__(self, message: messages.Request | messages.Response) -> None:
        self.message = message

    def read(self, *, preserve: bool) -> bytes:
        body = self.message.body
        if not preserve:
            self.message.body = b""
        return body


def url_view(url: messages.Url, scheme: str = "https", host: str = "") -> c.Url:
    """`scheme` and `host` stand in where the URL has none."""
    scheme, authority = url.scheme or scheme, url.host or host
    name, _, port = authority.partition(":")
    text = f"?{url.query_string}" if url.query else ""
    number = int(port) if port.isdecimal() else _PORTS.get(scheme, 443)
    return c.Url(scheme, name, number, url.path, text, HeaderView(messages.Headers(url.query)))


def response_view(response: messages.Response) -> c.Response:
    return c.Response(response.status, response.reason, HeaderView(response.headers), BodyView(response))
