"""Uri and WebUtility."""

import html
import re
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urljoin, urlsplit

from .. import types as t
from ..errors import Thrown, argument_null
from ..values import Array

_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def _invalid(message: str = "The format of the URI could not be determined.") -> Thrown:
    return Thrown("System.UriFormatException", f"Invalid URI: {message}")


class Uri:
    """A System.Uri with its parts."""

    __slots__ = ("original", "parts", "port")
    net_type = t.make("Uri")

    def __init__(self, text: str) -> None:
        if text is None:
            raise argument_null("uriString")
        stripped = text.strip()
        if not stripped:
            raise _invalid("The URI is empty.")
        if not _SCHEME.match(stripped):
            raise _invalid()
        self.original = text
        self.parts = urlsplit(stripped)
        try:
            port = self.parts.port
        except ValueError:
            raise _invalid("Invalid port specified.") from None
        if self.parts.scheme in _PORTS and not self.parts.hostname:
            raise _invalid("The hostname could not be parsed.")
        self.port = port if port is not None else _PORTS.get(self.parts.scheme, -1)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Uri) and self._compared == other._compared

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> str:
        return f"{self.parts.scheme}://{self.authority}{self.path}{self.query}" if self.parts.netloc else self.original

    @property
    def path(self) -> str:
        path = quote(self.parts.path, safe="/%:@!$&'()*+,;=~-._")
        return (_without_dots(path) or "/") if self.parts.netloc else path

    @property
    def query(self) -> str:
        return f"?{quote(self.parts.query, safe=_QUERY)}" if self.parts.query else ""

    @property
    def fragment(self) -> str:
        return f"#{self.parts.fragment}" if self.parts.fragment else ""

    @property
    def authority(self) -> str:
        host = self.parts.hostname or ""
        default = self.port in (-1, _PORTS.get(self.parts.scheme))
        return host if default else f"{host}:{self.port}"

    @property
    def left(self) -> str:
        user = f"{self.user}@" if self.user else ""
        return f"{self.parts.scheme}://{user}{self.authority}"

    @property
    def user(self) -> str:
        return self.parts.netloc.rpartition("@")[0]

    @property
    def absolute(self) -> str:
        return f"{self.left}{self.path}{self.query}{self.fragment}" if self.parts.netloc else self.original

    def net_string(self) -> str:
        return _shown(self.absolute)


def _without_dots(path: str) -> str:
    """A path with `.` and `..` worked out, as RFC 3986 says in section 5.2.4."""
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif part != ".":
            kept.append(part)
    return "/".join([*kept, ""] if parts[-1] in (".", "..") else kept)


_QUERY = "/%:@!$&'()*+,;=~-._?"


def _shown(text: str) -> str:
    """Uri.ToString unescapes what is harmless."""
    return re.sub(r"(?:%[0-9A-Fa-f]{2})+", lambda m: _harmless(m.group()), text)


def _harmless(escaped: str) -> str:
    plain = unquote(escaped)
    return escaped if any(char in "%#?/\\" or ord(char) < 32 or char == "\ufffd" for char in plain) else plain


_LATIN = re.compile("[\xa0-\xff\U00010000-\U0010ffff]")


def _combined(base: Uri, relative: str) -> Uri:
    return Uri(urljoin(base.absolute, relative))


def _left_part(uri: Uri, part: int) -> str:
    scheme = f"{uri.parts.scheme}://"
    return (scheme, uri.left, uri.left + uri.path, uri.left + uri.path + uri.query)[part]


def _segments(uri: Uri) -> Array:
    return Array(re.findall(r"[^/]*/|[^/]+$", uri.path), t.STRING)


def _escape_data(text: str) -> str:
    return quote(text, safe="-._~")


def _escape_uri(text: str) -> str:
    return quote(text, safe="-._~:/?#[]@!$&'()*+,;=")


def _url_encode(text: str | None) -> str | None:
    """WebUtility.UrlEncode: space becomes plus; these marks stay."""
    return None if text is None else quote_plus(text, safe="-_.!*()").replace("~", "%7E")


def _relative(_uri: Uri) -> bool:
    return True


MEMBERS: dict[str, Any] = {
    "new Uri(string! uriString)": Uri,
    "new Uri(Uri! baseUri, string relativeUri)": _combined,
    "string Uri.AbsoluteUri": lambda uri: uri.absolute,
    "string Uri.AbsolutePath": lambda uri: uri.path,
    "string Uri.LocalPath": lambda uri: unquote(uri.path),
    "string Uri.OriginalString": lambda uri: uri.original,
    "string Uri.Scheme": lambda uri: uri.parts.scheme,
    "string Uri.Host\nstring Uri.DnsSafeHost": lambda uri: uri.parts.hostname or "",
    "string Uri.Authority": lambda uri: uri.authority,
    "int Uri.Port": lambda uri: uri.port,
    "bool Uri.IsDefaultPort": lambda uri: uri.port == _PORTS.get(uri.parts.scheme),
    "bool Uri.IsAbsoluteUri": _relative,
    "bool Uri.IsLoopback": lambda uri: (uri.parts.hostname or "") in ("localhost", "127.0.0.1", "::1"),
    "bool Uri.IsFile": lambda uri: uri.parts.scheme == "file",
    "bool Uri.IsBaseOf(Uri! uri)": lambda uri, other: other.absolute.startswith(uri.left + uri.path.rpartition("/")[0]),
    "static string Uri.SchemeDelimiter": lambda: "://",
    "static string Uri.UriSchemeHttp": lambda: "http",
    "static string Uri.UriSchemeHttps": lambda: "https",
    "string Uri.Query": lambda uri: uri.query,
    "string Uri.Fragment": lambda uri: uri.fragment,
    "string Uri.PathAndQuery": lambda uri: uri.path + uri.query,
    "string Uri.UserInfo": lambda uri: uri.user,
    "string[] Uri.Segments": _segments,
    "string Uri.GetLeftPart(UriPartial part)": _left_part,
    "string Uri.ToString()": Uri.net_string,
    "static string Uri.EscapeDataString(string! stringToEscape)": _escape_data,
    "static string Uri.EscapeUriString(string! stringToEscape)": _escape_uri,
    "static string Uri.UnescapeDataString(string! stringToUnescape)": unquote,
    "static string WebUtility.UrlEncode(string value)": _url_encode,
    "static string WebUtility.UrlDecode(string encodedValue)": lambda text: (
        None if text is None else unquote_plus(text)
    ),
    "static string WebUtility.HtmlEncode(string value)": (
        lambda text: (
            None
            if text is None
            else _LATIN.sub(lambda m: f"&#{ord(m[0])};", html.escape(text, quote=True)).replace("&#x27;", "&#39;")
        )
    ),
    "static string WebUtility.HtmlDecode(string value)": lambda text: None if text is None else html.unescape(text),
}
