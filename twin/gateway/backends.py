"""The backends of a service as its ARM resources describe them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import isodate

from ..azure.rules.backends import is_pool, members
from ..azure.store import Resource
from ..backends.backend import AnyBackend, Backend, BackendPool
from ..backends.breaker import Rule
from ..backends.pool import Member
from ..messages import Url
from ..policy.references import NAMED_VALUE


def backends_of(resources: Iterable[Resource], named_values: Mapping[str, str]) -> dict[str, AnyBackend]:
    """All backends by their name in lower case."""
    return {one.name.lower(): _backend(one, named_values) for one in resources}


def _backend(resource: Resource, named_values: Mapping[str, str]) -> AnyBackend:
    properties = resource.properties
    if is_pool(properties):
        return BackendPool(resource.name, tuple(_member(entry) for entry in members(properties)))

    def filled(text: str) -> str:
        return NAMED_VALUE.sub(lambda match: named_values.get(match[1], match[0]), text)

    credentials = properties.get("credentials") or {}
    authorization = credentials.get("authorization") or {}
    return Backend(
        resource.name,
        Url.parse(str(properties["url"])),
        _rule(properties),
        tuple((name, filled(value)) for name, values in (credentials.get("header") or {}).items() for value in values),
        tuple((name, filled(value)) for name, values in (credentials.get("query") or {}).items() for value in values),
        filled(f"{authorization['scheme']} {authorization.get('parameter', '')}".strip()) if authorization else "",
    )


def _member(entry: Mapping[str, Any]) -> Member:
    """A member without priority or weight has 0, as far as is known (facts B11)."""
    name = str(entry["id"]).rpartition("/")[2]
    return Member(name, int(entry.get("priority") or 0), int(entry.get("weight") or 0))


def _rule(properties: Mapping[str, Any]) -> Rule | None:
    """The breaker's rule. One that counts a percentage is none here: how Azure counts it is not known (S9)."""
    rules = (properties.get("circuitBreaker") or {}).get("rules") or []
    condition = rules[0].get("failureCondition") or {} if rules else {}
    if "count" not in condition:
        return None
    return Rule(
        count=int(condition["count"]),
        interval=_seconds(condition["interval"]),
        trip_duration=_seconds(rules[0]["tripDuration"]),
        statuses=tuple((one["min"], one["max"]) for one in condition.get("statusCodeRanges") or []),
        accept_retry_after=bool(rules[0].get("acceptRetryAfter")),
        error_reasons=frozenset(condition.get("errorReasons") or []),
    )


def _seconds(duration: str) -> float:
    """An ISO 8601 duration; a month counts 30 days and a year 365."""
    parsed = isodate.parse_duration(duration)
    if isinstance(parsed, timedelta):
        return parsed.total_seconds()
    return float(parsed.years * 365 + parsed.months * 30) * 86_400 + parsed.tdelta.total_seconds()
