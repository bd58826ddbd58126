"""What is recorded of calls, and who is told."""

from collections.abc import Iterator
from functools import partial

from pulumi_policy.proxy import UnknownValueError

from guardrails.accounts import account_of
from guardrails.documents import Document, Element, documents, read
from guardrails.kinds import API_DIAGNOSTICS, APIS, BACKENDS, DIAGNOSTICS, POLICIES
from guardrails.members import pools
from guardrails.reading import Node, Resource, any_true
from guardrails.rule import ADVISORY, HIGH, LOW, MANDATORY, MEDIUM, Finding, learn, resource_rule, stack_rule
from guardrails.scopes import operation_policies_of, policies_of, reached
from guardrails.stack import Placed, Stack

STREAMS_PAGE = learn("api-management/how-to-server-sent-events")
INSIGHTS_PAGE = learn("api-management/api-management-howto-app-insights")
MODEL_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
KEY_HEADERS = ("api-key", "authorization", "ocp-apim-subscription-key")
RECORDERS = ("log-to-eventhub", "trace", "emit-metric", "send-request", "send-one-way-request")
# `insights` is the module's name in version 2 of the provider.
ALERTS = ("monitor:MetricAlert", "monitor:ScheduledQueryRule", "insights:MetricAlert", "insights:ScheduledQueryRule")
EVENT_SUBSCRIPTIONS = ("eventgrid:EventSubscription", "eventgrid:SystemTopicEventSubscription")
OPENED = "Microsoft.ApiManagement.CircuitBreaker.Opened"


def first_pool(backend: Placed) -> list[Placed]:
    """The stack's first pool: what is missing in the whole stack is said once."""
    # The engine lists resources in any order; the same pool is named in every run.
    first = min((pool.resource.urn for pool in pools(backend.stack)), default=None)
    return [backend] if backend.resource.urn == first else []


def recorded_headers(diagnostic: Resource) -> Iterator[Node]:
    for side in ("frontend", "backend"):
        for message in ("request", "response"):
            yield from diagnostic.props.items(side, message, "headers")


@stack_rule(
    "apim-streaming-api-logs-no-response-body",
    (*API_DIAGNOSTICS, *DIAGNOSTICS),
    MANDATORY,
    HIGH,
    says="No response body of an API that streams is logged: to record it the gateway holds the stream back, and the "
    "log holds what users were told.",
    fix="Set bytes: 0 for the response body, in frontend and backend.",
    link=STREAMS_PAGE,
)
def streaming_api_logs_no_response_body(diagnostic: Placed) -> Finding:
    logged = [place for place in _response_bodies(diagnostic.resource) if (place.number("bytes") or 0) > 0]
    if not logged:
        return None
    for api in _apis_of(diagnostic):
        if _streams(api):
            return f"{logged[0].path}.bytes is {logged[0].shown('bytes')}, and {api.resource.label} streams"
    return None


@resource_rule(
    "apim-policy-records-no-streamed-body",
    POLICIES,
    MANDATORY,
    HIGH,
    each=documents,
    says="A policy that lets answers stream does not record their body: reading it makes the gateway wait for the end.",
    fix="Record status, headers and token counts (llm-emit-token-metric) instead of context.Response.Body.",
    link=STREAMS_PAGE,
)
def policy_records_no_streamed_body(document: Document) -> Finding:
    if not any(map(_is_unbuffered, document.root.every("forward-request"))):
        return None
    for recorder in document.root.every(*RECORDERS):
        texts = [text for each in recorder.every() for text in (each.text, *each.attributes.values())]
        if any("context.Response.Body" in text for text in texts):
            return f"{recorder.place} reads context.Response.Body"
    return None


@resource_rule(
    "apim-diagnostic-records-no-key",
    (*API_DIAGNOSTICS, *DIAGNOSTICS),
    MANDATORY,
    HIGH,
    each=recorded_headers,
    says="No diagnostic records the headers that hold keys and tokens: whoever reads the log could use them.",
    fix="Take the header out of the list.",
    link=INSIGHTS_PAGE,
)
def diagnostic_records_no_key(header: Node) -> Finding:
    return f"{header.path} is {header.shown()}" if (header.text() or "").lower() in KEY_HEADERS else None


@stack_rule(
    "apim-api-has-diagnostics",
    APIS,
    ADVISORY,
    LOW,
    says="Every API has diagnostics: without them nobody sees which backend answered, how often it refused and why.",
    fix="Add an ApiDiagnostic with a logger, sampled, without bodies.",
    link=INSIGHTS_PAGE,
)
def api_has_diagnostics(api: Placed) -> Finding:
    if api.stack.referring(API_DIAGNOSTICS, "apiId", api.resource):
        return None
    if any(not api.stack.apart(each, api.resource) for each in api.stack.of(DIAGNOSTICS)):
        return None
    return "neither it nor its service has a diagnostic in this stack"


@stack_rule(
    "apim-breaker-open-is-alerted",
    BACKENDS,
    ADVISORY,
    MEDIUM,
    each=first_pool,
    says="Somebody is told when a circuit breaker opens: calls go on succeeding on the other members, so an account "
    "that is out stays unnoticed until the last one is.",
    fix=f"Subscribe to {OPENED} (Event Grid), or alert on the gateway's logs.",
    link=learn("event-grid/event-schema-api-management"),
)
def breaker_open_is_alerted(pool: Placed) -> Finding:
    hears = [partial(_hears_breakers, subscription) for subscription in pool.stack.of(EVENT_SUBSCRIPTIONS)]
    if any(pool.stack.of(ALERTS)) or any_true(hears):
        return None
    return "nothing in this stack tells anyone when a member's circuit breaker opens"


def _hears_breakers(subscription: Resource) -> bool:
    types = [each.text() for each in subscription.props.items("filter", "includedEventTypes")]
    return not types or OPENED in types


def _response_bodies(diagnostic: Resource) -> list[Node]:
    return [diagnostic.props.at(side, "response", "body") for side in ("frontend", "backend")]


def _apis_of(diagnostic: Placed) -> list[Placed]:
    stack = diagnostic.stack
    if diagnostic.resource.kind in API_DIAGNOSTICS:
        api = stack.referred(diagnostic.resource, "apiId", APIS)
        return [Placed(api, stack)] if api else []
    return [Placed(api, stack) for api in stack.of(APIS) if not stack.apart(api, diagnostic.resource)]


def _streams(api: Placed) -> bool:
    policies = [*policies_of(api), *operation_policies_of(api)]
    of_policies = [
        question
        for policy in policies
        for question in (partial(_lets_stream, policy), partial(_reaches_models, api.stack, policy))
    ]
    return any_true([lambda: _is_model_url(api.resource.props.text("serviceUrl")), *of_policies])


def _lets_stream(policy: Resource) -> bool:
    root = read(policy)
    return root is not None and any(map(_is_unbuffered, root.every("forward-request")))


def _is_unbuffered(forward: Element) -> bool:
    return forward.attributes.get("buffer-response", "true").lower() == "false"


def _reaches_models(stack: Stack, policy: Resource) -> bool:
    root = read(policy)
    routes = root.every("set-backend-service") if root else ()
    if any(_is_model_url(route.attributes.get("base-url")) for route in routes):
        return True
    return any(_serves_models(Placed(backend, stack)) for backend in reached(Placed(policy, stack)))


def _serves_models(backend: Placed) -> bool:
    if account_of(backend) is not None:
        return True
    try:
        return _is_model_url(backend.resource.props.text("url"))
    except UnknownValueError:
        return False


def _is_model_url(url: str | None) -> bool:
    return any(host in (url or "").lower() for host in MODEL_HOSTS)
