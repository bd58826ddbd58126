"""Circuit breakers. Bounds are those of azurerm's validators (apim_facts A6) where Microsoft's model has none.

Azure's own words for these refusals are not published; only that it refuses is. The target is the property.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..errors import Refusal, ValidationError
from .backends import is_pool
from .proposal import Proposal, View, service_of

_RULE_NAME: Final = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,78}[a-zA-Z0-9])?")
# What .NET's XmlConvert.ToTimeSpan reads: an xsd:duration, which has no weeks.
_DURATION: Final = re.compile(r"P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")


def breaker_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a backend's circuit breaker."""
    breaker = proposal.properties.get("circuitBreaker")
    if breaker is None or is_pool(proposal.properties):
        return
    service = view.get(service_of(proposal.path))
    if service is not None and (service.body.get("sku") or {}).get("name") == "Consumption":
        # Sources disagree (X15): the documentation lists no breakers for Consumption, one provider's test configures
        # one. Refused here, because a breaker that never opens must not pass for a working one.
        yield _wrong("Circuit breakers are not supported in the Consumption tier.")
    rules = breaker.get("rules") or []
    if len(rules) > 1:
        # The contract says 15, the service takes one: MicrosoftDocs/azure-docs#123514.
        yield _wrong(f"Only one circuit breaker rule is supported for a backend, and this one has {len(rules)}.")
    for rule in rules:
        yield from _of_rule(rule)


def is_duration(value: object) -> bool:
    """Whether a value is an ISO 8601 duration that Azure reads, longer than nothing."""
    return isinstance(value, str) and bool(_DURATION.fullmatch(value)) and bool(re.search(r"[1-9]", value))


def _of_rule(rule: Mapping[str, Any]) -> Iterator[Refusal]:
    name, condition = rule.get("name"), rule.get("failureCondition")
    if name is None or not _RULE_NAME.fullmatch(str(name)):
        yield _wrong(f"The rule name '{name or ''}' is not valid: 1 to 80 letters, digits and inner hyphens.")
    yield from _of_duration(rule, "tripDuration")
    if condition is None:
        yield _wrong("A circuit breaker rule must have a failureCondition.")
        return
    yield from _of_duration(condition, "interval")
    yield from _of_threshold(condition)
    ranges = condition.get("statusCodeRanges") or []
    if not ranges and not condition.get("errorReasons"):
        yield _wrong("A failureCondition must have statusCodeRanges or errorReasons.")
    for entry in ranges:
        low, high = entry.get("min"), entry.get("max")
        if low is None or high is None:
            yield _wrong("A status code range must have min and max.")
        elif low > high:
            yield _wrong(f"The status code range {low} to {high} is reversed: min must not exceed max.")


def _of_threshold(condition: Mapping[str, Any]) -> Iterator[Refusal]:
    count, percentage = condition.get("count"), condition.get("percentage")
    if (count is None) == (percentage is None):
        found = "neither" if count is None else "both"
        yield _wrong(f"A failureCondition must have exactly one of count and percentage, and this one has {found}.")
    if count is not None and not 1 <= count <= 10000:
        yield _wrong(f"count is {count}: it must be 1 to 10000.")
    if percentage is not None and not 1 <= percentage <= 100:
        yield _wrong(f"percentage is {percentage}: it must be 1 to 100.")


def _of_duration(holder: Mapping[str, Any], name: str) -> Iterator[Refusal]:
    value = holder.get(name)
    if value is None:
        yield _wrong(f"{name} is required.")
    elif not is_duration(value):
        yield _wrong(f"{name} is '{value}': it must be an ISO 8601 duration above zero, such as 'PT10S'.")


def _wrong(message: str) -> Refusal:
    return ValidationError.of("circuitBreaker", message)
