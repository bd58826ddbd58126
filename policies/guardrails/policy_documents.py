"""Policy documents: whether they are well-formed, keep no keys, and retry in a way that helps."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.documents import SECTIONS, Element, Malformed, documents, parse, written
from guardrails.keys import carries_key, holds_key, is_literal, masked
from guardrails.kinds import BACKENDS, POLICIES, SERVICE_POLICY, WORKSPACE_POLICY
from guardrails.reading import Resource
from guardrails.rule import CRITICAL, HIGH, MANDATORY, MEDIUM, Finding, Setting, learn, resource_rule, stack_rule
from guardrails.scopes import named_backends
from guardrails.stack import Placed

POLICIES_PAGE = learn("api-management/api-management-howto-policies")
RETRY_PAGE = learn("api-management/retry-policy")
NAMED_VALUES_PAGE = learn("api-management/api-management-howto-properties")
SETTERS = ("set-header", "set-query-parameter", "check-header", "set-variable")  # what has a name and values


@dataclass(frozen=True)
class Routing(Placed):
    """A policy that names a backend outright."""

    element: Element
    backend_id: str


def elements(policy: Resource) -> Iterator[Element]:
    return (element for document in documents(policy) for element in document.root.every())


def key_places(policy: Resource) -> Iterator[Element]:
    """Every element; one that sets a header or a parameter together with its values."""

    def walk(element: Element) -> Iterator[Element]:
        yield element
        for child in element.children if element.tag not in SETTERS else ():
            yield from walk(child)

    return (element for document in documents(policy) for element in walk(document.root))


def retries(policy: Resource) -> Iterator[Element]:
    """The `<retry>` elements that send a request again."""
    return (it for it in elements(policy) if it.tag == "retry" and any(it.every("forward-request")))


def routings(policy: Placed) -> list[Routing]:
    if written(policy.resource) is None or not documents(policy.resource):
        return []
    return [Routing(policy.resource, policy.stack, element, id_) for element, id_ in named_backends(policy)]


@resource_rule(
    "apim-policy-is-well-formed",
    POLICIES,
    MANDATORY,
    HIGH,
    says="A policy is well-formed and has only the sections that API Management knows: Azure refuses others, "
    "in the middle of a deployment.",
    fix="Correct the text; an expression with quotes, & or < needs format rawxml, or entities.",
    link=POLICIES_PAGE,
)
def is_well_formed(policy: Resource) -> Finding:
    place = written(policy)
    if place is None:
        return None
    try:
        root = parse(place.text() or "", policy.props.text("format") or "xml")
    except Malformed as problem:
        return f"its text is not well-formed: {problem}"
    wanted = "fragment" if "Fragment" in policy.kind else "policies"
    if root.tag != wanted:
        return f"its text begins with <{root.tag}>, not <{wanted}>"
    strange = [child for child in root.children if wanted == "policies" and child.tag not in SECTIONS]
    return f"{strange[0].place} is no section of a policy" if strange else None


@resource_rule(
    "apim-policy-holds-no-key",
    POLICIES,
    MANDATORY,
    CRITICAL,
    each=key_places,
    says="No policy holds a key: everybody who may read the policy, its state file or its history could use it.",
    fix="Use authentication-managed-identity, or a named value that is secret: {{name}}.",
    link=NAMED_VALUES_PAGE,
)
def holds_no_key(element: Element) -> Finding:
    name = element.attributes.get("name", "")
    for value in _values(element):
        if carries_key(name, value):
            return f"{element.place} writes out '{name}', {masked(value)}"
    for attribute, value in element.attributes.items():
        if holds_key(value) or (attribute == "password" and value and is_literal(value)):
            return f"{element.place} holds a key in {attribute}"
    text = element.text.strip()
    signing_key = element.tag == "key" and text and is_literal(text)  # of validate-jwt
    return f"{element.place} holds a key" if signing_key or any(map(holds_key, [text, *_values(element)])) else None


@stack_rule(
    "apim-policy-backend-exists",
    POLICIES,
    MANDATORY,
    HIGH,
    each=routings,
    says="The backend that a policy names exists in its service: Azure refuses a policy that names another, "
    "in the middle of a deployment.",
    fix="Correct backend-id, or add the backend; let the policy depend on it.",
    link=learn("api-management/set-backend-service-policy"),
)
def backend_exists(routing: Routing) -> Finding:
    stack, policy = routing.stack, routing.resource
    service = routing.service
    if stack.named(BACKENDS, routing.backend_id, policy) or service is None or not service.props.is_asked:
        return None  # what an existing service holds is not seen here
    return f"{routing.element.place} names backend '{routing.backend_id}', which {service.label} does not have"


@resource_rule(
    "apim-policy-url-is-https",
    POLICIES,
    MANDATORY,
    CRITICAL,
    each=elements,
    says="A policy sends calls over https only: prompts, completions and the gateway's token travel in each of them.",
    fix="Begin base-url with https://, or name a backend with backend-id.",
    link=learn("api-management/set-backend-service-policy"),
)
def url_is_https(element: Element) -> Finding:
    url = element.attributes.get("base-url", "") if element.tag == "set-backend-service" else ""
    return f"{element.place} sends calls to '{url}'" if url.lower().startswith("http://") else None


@resource_rule(
    "apim-policy-retry-replays-body",
    POLICIES,
    MANDATORY,
    HIGH,
    each=retries,
    says="A request that is retried keeps its body: without buffer-request-body the second attempt is sent empty.",
    fix='Set buffer-request-body="true" on the <forward-request> inside the <retry>.',
    link=learn("api-management/forward-request-policy"),
)
def retry_replays_body(retry: Element) -> Finding:
    for forward in retry.every("forward-request"):
        if forward.attributes.get("buffer-request-body", "false").lower() != "true":
            return f"{forward.place} is retried and does not buffer the request's body"
    return None


@resource_rule(
    "apim-policy-retry-does-not-wait",
    POLICIES,
    MANDATORY,
    MEDIUM,
    each=retries,
    says="A retry goes to the next member at once, and only a retry around that one waits, for a breaker to close and "
    "not for long: a call that waits inside the gateway holds its memory and a connection.",
    fix='Set interval="0" and no delta: the pool passes over open breakers. Around such a retry keep count times '
    "interval small.",
    link=RETRY_PAGE,
    settings={"maximum_wait": Setting(5, "Seconds that a retry around another may wait in all.")},
)
def retry_does_not_wait(retry: Element, maximum_wait: int) -> Finding:
    if not _sends_itself(retry) and "delta" not in retry.attributes:
        seconds = math.prod(_number(retry.attributes.get(name, "")) or 0 for name in ("count", "interval"))
        return f"{retry.place} waits {seconds:g} seconds in all" if seconds > maximum_wait else None
    once_at_once = retry.attributes.get("first-fast-retry") == "true" and retry.attributes.get("count") == "1"
    for name in ("interval", "delta"):
        value = retry.attributes.get(name, "0")
        if (_number(value) or 0) > 0 and not once_at_once:
            return f"{retry.place} has {name} '{value}'"
    return None


def _sends_itself(element: Element) -> bool:
    """Whether a request in it is sent outside of any `<retry>` further in."""
    return element.tag == "forward-request" or any(
        _sends_itself(child) for child in element.children if child.tag != "retry"
    )


@resource_rule(
    "apim-policy-retry-is-short",
    POLICIES,
    MANDATORY,
    MEDIUM,
    each=retries,
    says="A retry has a small count: each attempt costs the account tokens or a refusal, and in an outage retries "
    "multiply the load.",
    fix="Use the number of members minus one, five at most.",
    link=RETRY_PAGE,
    settings={"maximum_count": Setting(5, "The largest count of a retry around forward-request.")},
)
def retry_is_short(retry: Element, maximum_count: int) -> Finding:
    count = _number(retry.attributes.get("count", ""))
    return f"{retry.place} has count {count:g}" if count is not None and count > maximum_count else None


@resource_rule(
    "apim-policy-cors-names-origins",
    (SERVICE_POLICY, WORKSPACE_POLICY),
    MANDATORY,
    HIGH,
    each=elements,
    says="The service-wide policy does not allow every origin: with * any web page may call every API with the key or "
    "token that its visitor's browser holds.",
    fix="Name the origins, or move <cors> to the API that needs it.",
    link=learn("api-management/cors-policy"),
)
def cors_names_origins(element: Element) -> Finding:
    if element.tag != "cors" or all(origin.text.strip() != "*" for origin in element.every("origin")):
        return None
    return f"{element.place} allows origin *"


@resource_rule(
    "apim-policy-checks-signatures",
    POLICIES,
    MANDATORY,
    CRITICAL,
    each=elements,
    says="A policy that validates tokens demands signed ones: anybody can write a token that is not signed.",
    fix='Remove require-signed-tokens="false".',
    link=learn("api-management/validate-jwt-policy"),
)
def checks_signatures(element: Element) -> Finding:
    unsigned = element.attributes.get("require-signed-tokens", "true").lower() == "false"
    return f"{element.place} accepts tokens without a signature" if unsigned else None


def _values(element: Element) -> list[str]:
    """What an element that gives something a value gives it."""
    if element.tag not in SETTERS:
        return []
    return [value.text.strip() for value in element.every("value")] + [element.attributes.get("value", "")]


def _number(text: str) -> float | None:
    """A number, written as such or as an expression of nothing else: `@(5)`."""
    try:
        return float(text.strip().removeprefix("@(").removesuffix(")"))
    except ValueError:
        return None
