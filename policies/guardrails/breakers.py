"""Circuit breakers: what opens them, for how long, and whether Azure accepts them."""

import math
from collections.abc import Iterable
from functools import partial

from pulumi_policy.proxy import UnknownValueError

from guardrails.durations import seconds
from guardrails.kinds import BACKENDS, is_pool
from guardrails.reading import Node, Resource, any_true
from guardrails.rule import ADVISORY, HIGH, LOW, MANDATORY, MEDIUM, Finding, Setting, learn, resource_rule, stack_rule
from guardrails.stack import Placed

BACKENDS_PAGE = learn("api-management/backends#circuit-breaker")


def breaker_rules(backend: Resource) -> list[Node]:
    """The circuit-breaker rules of a single backend (a pool must have none, and another rule says so)."""
    return [] if is_pool(backend) else backend.props.items("circuitBreaker", "rules")


def conditions(backend: Resource) -> list[Node]:
    return [rule.at("failureCondition") for rule in breaker_rules(backend)]


def status_ranges(backend: Resource) -> list[Node]:
    return [span for condition in conditions(backend) for span in condition.items("statusCodeRanges")]


def duration_places(backend: Resource) -> list[Node]:
    rules = breaker_rules(backend)
    return [place for rule in rules for place in (rule.at("failureCondition", "interval"), rule.at("tripDuration"))]


@resource_rule(
    "apim-breaker-watches-429",
    BACKENDS,
    MANDATORY,
    HIGH,
    each=conditions,
    says="Every circuit breaker counts status 429: throttling is what a pool of Azure OpenAI accounts exists for, "
    "and a breaker that does not see it keeps sending calls to the account that is full.",
    fix="Add {min: 429, max: 429} to the rule's failureCondition.statusCodeRanges.",
    link=BACKENDS_PAGE,
)
def watches_429(condition: Node) -> Finding:
    return f"{condition.path} counts {counted(condition)}, not 429" if uncounted(condition, [429]) else None


@resource_rule(
    "apim-breaker-watches-502-to-504",
    BACKENDS,
    MANDATORY,
    HIGH,
    each=conditions,
    says="Every circuit breaker counts statuses 502, 503 and 504: they are how a region that is down answers, "
    "and with a breaker for 429 alone every call in such an outage fails.",
    fix="Add {min: 502, max: 504} to the rule's failureCondition.statusCodeRanges.",
    link=BACKENDS_PAGE,
)
def watches_502_to_504(condition: Node) -> Finding:
    missing = uncounted(condition, [502, 503, 504])
    if not missing:
        return None
    return f"{condition.path} counts {counted(condition)}, not {', '.join(map(str, missing))}"


@resource_rule(
    "apim-breaker-accepts-retry-after",
    BACKENDS,
    MANDATORY,
    MEDIUM,
    each=breaker_rules,
    says="Every circuit breaker accepts Retry-After: a throttled account says when it can serve again, "
    "and a breaker that closes earlier sends it calls that must fail.",
    fix="Set acceptRetryAfter: true on the rule.",
    link=BACKENDS_PAGE,
)
def accepts_retry_after(rule: Node) -> Finding:
    if rule.flag("acceptRetryAfter"):
        return None
    return f"{rule.path}.acceptRetryAfter is {rule.shown('acceptRetryAfter')}"


@resource_rule(
    "apim-breaker-has-one-rule",
    BACKENDS,
    MANDATORY,
    HIGH,
    says="A circuit breaker has one rule: Azure's schema allows fifteen, but the service refuses a second one.",
    fix="Merge the rules into one; it may hold up to ten status code ranges.",
    link=BACKENDS_PAGE,
)
def has_one_rule(backend: Resource) -> Finding:
    rules = breaker_rules(backend)
    return f"circuitBreaker.rules has {len(rules)} rules" if len(rules) > 1 else None


@resource_rule(
    "apim-breaker-counts-in-bounds",
    BACKENDS,
    MANDATORY,
    MEDIUM,
    each=conditions,
    says="A circuit breaker counts failures either by number (1 to 10000) or by percentage (1 to 100), in whole "
    "numbers: Azure accepts nothing else.",
    fix="Give exactly one of count and percentage, as a whole number within these bounds.",
    link=BACKENDS_PAGE,
)
def counts_in_bounds(condition: Node) -> Finding:
    ways = [way for way in ("count", "percentage") if condition.given(way)]
    if len(ways) != 1:
        return f"{condition.path} has {'both count and percentage' if ways else 'neither count nor percentage'}"
    way, most = ways[0], 10_000 if ways[0] == "count" else 100
    value = condition.number(way)
    if isinstance(value, int) and 1 <= value <= most:
        return None
    return f"{condition.path}.{way} is {condition.shown(way)}, not a whole number from 1 to {most}"


@resource_rule(
    "apim-breaker-ranges-in-bounds",
    BACKENDS,
    MANDATORY,
    MEDIUM,
    each=status_ranges,
    says="A circuit breaker's status code ranges run upwards within 200 to 599: Azure refuses others.",
    fix="Correct min and max; one status is a range of one, such as {min: 429, max: 429}.",
    link=BACKENDS_PAGE,
)
def ranges_in_bounds(span: Node) -> Finding:
    def out_of_bounds(bound: str) -> bool:
        status = span.number(bound)
        return not isinstance(status, int) or not 200 <= status <= 599

    def reversed_() -> bool:
        return (span.number("min") or 0) > (span.number("max") or 0)

    wrong = any_true([lambda: out_of_bounds("min"), lambda: out_of_bounds("max"), reversed_])
    return f"{span.path} is {_bounds(span)}, not within 200–599" if wrong else None


@resource_rule(
    "apim-breaker-has-conditions",
    BACKENDS,
    MANDATORY,
    MEDIUM,
    each=conditions,
    says="A circuit breaker's rule names one to ten status code ranges (or error reasons): with none it never "
    "opens, and Azure refuses more than ten.",
    fix="Keep between one and ten entries; neighbouring statuses fit into one range.",
    link=BACKENDS_PAGE,
)
def has_conditions(condition: Node) -> Finding:
    for key in ("statusCodeRanges", "errorReasons"):
        if condition.given(key) and len(condition.items(key)) > 10:
            return f"{condition.path}.{key} has {len(condition.items(key))} entries"
    if any_true(lambda key=key: bool(condition.items(key)) for key in ("statusCodeRanges", "errorReasons")):
        return None
    return f"{condition.path} names no status code range"


@resource_rule(
    "apim-breaker-durations-are-valid",
    BACKENDS,
    MANDATORY,
    MEDIUM,
    each=duration_places,
    says="A circuit breaker's interval and trip duration are ISO 8601 durations longer than zero: they are plain "
    "strings to Pulumi, so a typing mistake shows only when Azure refuses it.",
    fix="Write it like PT10S (ten seconds) or PT1M (a minute).",
    link=BACKENDS_PAGE,
)
def durations_are_valid(place: Node) -> Finding:
    if place.value is None:
        return f"{place.path} is not set"
    if seconds(place.text() or ""):
        return None
    return f"{place.path} is {place.shown()}, not an ISO 8601 duration longer than zero"


@stack_rule(
    "apim-breaker-not-on-consumption",
    BACKENDS,
    MANDATORY,
    HIGH,
    says="No circuit breaker lives in a Consumption service: that tier has none, so its pools cannot fail over.",
    fix="Use another tier for the service, or take the backend out of the pool and remove its circuitBreaker.",
    link=learn("api-management/api-management-gateways-overview"),
)
def not_on_consumption(backend: Placed) -> Finding:
    service = backend.service
    if service is None or (service.props.text("sku", "name") or "").lower() != "consumption":
        return None
    return f"it has a circuit breaker in {service.label}, sku Consumption" if breaker_rules(backend.resource) else None


@resource_rule(
    "apim-breaker-spares-500",
    BACKENDS,
    ADVISORY,
    MEDIUM,
    each=conditions,
    says="A circuit breaker that opens at the first failure does not count status 500: some requests always get a "
    "500 from Azure OpenAI, and one of them, retried, opens every breaker for everyone.",
    fix="Count 429 and 502–504 only, or raise count.",
    link=BACKENDS_PAGE,
)
def spares_500(condition: Node) -> Finding:
    if condition.number("count") != 1 or uncounted(condition, [500]):
        return None
    return f"{condition.path} counts {counted(condition)} with count 1"


@resource_rule(
    "apim-breaker-trips-briefly",
    BACKENDS,
    ADVISORY,
    LOW,
    each=breaker_rules,
    says="A circuit breaker without Retry-After stays open for minutes at most: there is no probe, so a backend that "
    "has recovered stays unused until the trip duration is over.",
    fix="Shorten tripDuration, or raise longestTrip in the pack's configuration.",
    link=BACKENDS_PAGE,
    settings={"longest_trip": Setting("PT5M", "The longest trip duration, as an ISO 8601 duration.")},
)
def trips_briefly(rule: Node, longest_trip: str) -> Finding:
    trip, longest = seconds(rule.text("tripDuration") or ""), seconds(longest_trip)
    if trip is None or longest is None or trip <= longest:
        return None
    return f"{rule.path}.tripDuration is {rule.text('tripDuration')}, longer than {longest_trip}"


def uncounted(condition: Node, statuses: Iterable[int]) -> list[int]:
    """The statuses that no range counts; raises UnknownValueError when unknown bounds alone could count them all."""
    spans = condition.items("statusCodeRanges")
    missing, first_unknown = [], None
    for status in statuses:
        try:
            if not any_true(partial(_counts, span, status) for span in spans):
                missing.append(status)
        except UnknownValueError as unknown:
            first_unknown = first_unknown or unknown
    if first_unknown is not None and not missing:
        raise first_unknown
    return missing


def counted(condition: Node) -> str:
    """What the condition counts, as a message shows it: `429, 502–504`."""
    return ", ".join(map(_bounds, condition.items("statusCodeRanges"))) or "no status"


def _counts(span: Node, status: int) -> bool:
    # One bound that excludes the status decides, even while the other is unknown.
    return not any_true(
        [lambda: (span.number("min") or math.inf) > status, lambda: (span.number("max") or -math.inf) < status]
    )


def _bounds(span: Node) -> str:
    low, high = (_bound(span, key) for key in ("min", "max"))
    return low if low == high else f"{low}–{high}"


def _bound(span: Node, key: str) -> str:
    try:
        return span.shown(key)
    except UnknownValueError:
        return "?"
