"""Single backends: how the gateway reaches them."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from guardrails.keys import carries_key, is_literal, masked
from guardrails.kinds import BACKENDS, is_pool
from guardrails.reading import Node, Resource
from guardrails.rule import CRITICAL, HIGH, MANDATORY, Finding, learn, resource_rule

PAGE = learn("api-management/backends")


class Credential(NamedTuple):
    """A place that may hold a key, and the header or parameter it is sent as."""

    name: str
    place: Node


def credentials(backend: Resource) -> Iterator[Credential]:
    """Everything that may hold a key. A pool must have none of it; the rule on https reports a url that is unknown."""
    if is_pool(backend):
        return
    given, url = backend.props.at("credentials"), backend.props.at("url")
    for group in ("header", "query"):
        for name in given.keys(group):
            for place in given.items(group, name):
                yield Credential(name, place)
    yield Credential("authorization", given.at("authorization", "parameter"))
    yield Credential("password", backend.props.at("proxy", "password"))
    if not url.is_unknown:
        yield Credential("", url)


@resource_rule(
    "apim-backend-url-is-https",
    BACKENDS,
    MANDATORY,
    CRITICAL,
    each=lambda backend: [] if is_pool(backend) else [backend.props.at("url")],
    says="Every backend is reached over https: prompts, completions and the gateway's token travel in each call.",
    fix="Begin the url with https://.",
    link=PAGE,
)
def url_is_https(place: Node) -> Finding:
    url = place.text()
    if url is None or url.lower().startswith("https://"):
        return None
    return f"url is '{url.split('?')[0]}'"


@resource_rule(
    "apim-backend-holds-no-key",
    BACKENDS,
    MANDATORY,
    CRITICAL,
    each=credentials,
    says="No backend holds a key in its url, headers or query: everybody who may read the backend could use it.",
    fix="Use the gateway's managed identity, or a named value that is secret: {{name}}.",
    link=learn("api-management/api-management-howto-properties"),
)
def holds_no_key(credential: Credential) -> Finding:
    name, place = credential
    value = place.text()
    if value is None or not name:
        return _key_in_url(value or "")
    return f"{place.path} is {masked(value)}" if carries_key(name, value) else None


@resource_rule(
    "apim-backend-validates-tls",
    BACKENDS,
    MANDATORY,
    HIGH,
    each=lambda backend: [
        backend.props.at("tls", key) for key in ("validateCertificateChain", "validateCertificateName")
    ],
    says="The gateway validates its backends' certificates: without that anybody on the way can read the calls and "
    "answer in the backend's place.",
    fix="Remove it, or set it to true; add a private authority's certificate to the service instead.",
    link=PAGE,
)
def validates_tls(place: Node) -> Finding:
    return f"{place.path} is false" if place.flag() is False else None


def _key_in_url(url: str) -> Finding:
    parts = urlsplit(url)
    if parts.password and is_literal(parts.password):
        return f"url holds a password, {masked(parts.password)}"
    for name, value in parse_qsl(parts.query):
        if carries_key(name, value):
            return f"url holds a key: its parameter '{name}' is {masked(value)}"
    return None
