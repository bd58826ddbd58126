"""The address of a backend that is given by its url."""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from .place import Place, quoted

LONGEST_URL = 2000  # Microsoft's client for API Management, BackendContract.url

# RFC 3986: what may stand in a url unencoded.
URL_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*\.?|\[[0-9A-Fa-f:.]+\]")

# Where Azure OpenAI answers, in the public, the US government's and China's cloud. A call to any of these hosts begins
# with /openai; the operation that a caller asks for comes after it.
AZURE_OPENAI_HOSTS = (
    ".openai.azure.com",
    ".openai.azure.us",
    ".openai.azure.cn",
    ".cognitiveservices.azure.com",
    ".cognitiveservices.azure.us",
    ".cognitiveservices.azure.cn",
    ".services.ai.azure.com",
    ".api.cognitive.microsoft.com",
)


def https_url(value: str, place: Place) -> Iterator[str]:
    """An https address without query, fragment and user information. Slashes at its end are removed (without_slash)."""
    parts = _parts(value)
    if parts is None:
        yield place.refuse(
            shown(value), "it is not a url", 'Write for instance "https://my-account.openai.azure.com/openai".'
        )
        return
    host = parts.hostname or ""
    for broken, allowed, advice in (
        (parts.scheme != "https", "only https is allowed", "Begin it with https://."),
        (
            "://" in value and not HOST.fullmatch(_bracketed(host)),
            "its host is not valid",
            "Write the host after https://.",
        ),
        ("@" in parts.netloc, "user information is not allowed in a url", "Remove what stands before the @."),
        (
            "?" in value,
            "a query is not allowed: the caller's own query is passed on",
            "Remove the ? and what follows it.",
        ),
        ("#" in value, "a fragment is not allowed", "Remove the # and what follows it."),
        ("//" in parts.path.rstrip("/"), "an empty path segment is not allowed", "Write one slash in place of two."),
        (len(value) > LONGEST_URL, f"at most {LONGEST_URL} characters are allowed", "Shorten it."),
    ):
        if broken:
            yield place.refuse(shown(value), allowed, advice)


def backend_url(value: str, place: Place) -> Iterator[str]:
    yield from https_url(value, place)
    parts = _parts(value)
    if parts and (parts.hostname or "").rstrip(".").endswith(AZURE_OPENAI_HOSTS):
        yield from _azure_openai_path(value, parts, place)


def without_slash(url: str) -> str:
    """API Management joins this address and the path of the operation with a slash of its own."""
    return url.rstrip("/")


def shown(url: str) -> str:
    """The url as a message may show it: a password or a key in it is nobody's business."""
    address, question, _ = url.partition("?")
    scheme, separator, rest = address.rpartition("://")
    authority, slash, path = rest.partition("/")
    user, at, host = authority.rpartition("@")
    hidden = "…" if user else ""
    return quoted(f"{scheme}{separator}{hidden}{at}{host}{slash}{path}{question}{'…' if question else ''}")


def _azure_openai_path(value: str, parts: SplitResult, place: Place) -> Iterator[str]:
    origin = f"https://{parts.netloc.rpartition('@')[2]}"
    segments = [segment.casefold() for segment in parts.path.split("/") if segment]
    if segments[:1] != ["openai"]:
        yield place.refuse(
            shown(value), "on this host Azure OpenAI answers under /openai only", f'Write "{origin}/openai".'
        )
    elif segments[1:2] == ["openai"]:
        yield place.refuse(shown(value), "/openai stands in it twice", f'Write "{origin}/openai".')


def _parts(value: str) -> SplitResult | None:
    """The parts of a url; None for a text that has none, because of its characters, its brackets or its port."""
    if not URL_CHARACTERS.fullmatch(value):
        return None
    try:
        parts = urlsplit(value)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
