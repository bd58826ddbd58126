"""The pack imports nothing, so what Azure allows of a breaker and a pool is written twice: both must draw one line."""

from typing import Any

import pytest

from components.checks import problems
from policies.tests.parts import backend, pool
from policies.tests.stage import judge
from tests.support.reference import reference_config

BOUNDS = (
    "apim-breaker-counts-in-bounds",
    "apim-breaker-ranges-in-bounds",
    "apim-breaker-has-conditions",
    "apim-breaker-durations-are-valid",
    "apim-pool-member-has-priority-and-weight",
    "apim-backend-url-is-https",
)

DISTINCT = [{"min": status, "max": status} for status in range(500, 511)]


def components_refuse(*, breaker: dict[str, Any] | None = None, **entry: Any) -> bool:
    given = reference_config()
    given["backends"] = [{"name": "one", "url": "https://one.example/openai", **entry}, given["backends"][0]]
    return bool(problems({**given, **({"breaker": breaker} if breaker else {})}))


def pack_refuses(*, breaker: dict[str, Any] | None = None, **entry: Any) -> bool:
    settings = {"count": 1, "interval": "PT10S", "tripDuration": "PT10S", **(breaker or {})}
    ranges = settings.get("statusRanges", [{"min": 429, "max": 429}, {"min": 502, "max": 504}])
    condition = {"count": settings["count"], "interval": settings["interval"], "statusCodeRanges": ranges}
    rule = {"failureCondition": condition, "tripDuration": settings["tripDuration"], "acceptRetryAfter": True}
    member = {"id": "/backends/one", "priority": entry.get("priority", 1), "weight": entry.get("weight", 1)}
    asked = (
        backend("one", url=entry.get("url", "https://one.example/openai"), circuitBreaker={"rules": [rule]}),
        pool(pool={"services": [member]}),
    )
    return any(judge(rule_id, *asked).findings for rule_id in BOUNDS)


@pytest.mark.parametrize(
    "given",
    [
        {"breaker": {"count": 1}},
        {"breaker": {"count": 10_000}},
        {"breaker": {"statusRanges": [{"min": 200, "max": 599}]}},
        {"breaker": {"statusRanges": DISTINCT[:10]}},
        {"breaker": {"interval": "PT1M", "tripDuration": "P1D"}},
        {"priority": 100, "weight": 100},
    ],
    ids=str,
)
def test_what_the_components_accept_the_pack_accepts(given: dict[str, Any]):
    assert (components_refuse(**given), pack_refuses(**given)) == (False, False)


@pytest.mark.parametrize(
    "given",
    [
        {"breaker": {"count": 0}},
        {"breaker": {"count": 10_001}},
        {"breaker": {"count": 2.5}},
        {"breaker": {"statusRanges": [{"min": 199, "max": 300}]}},
        {"breaker": {"statusRanges": [{"min": 500, "max": 600}]}},
        {"breaker": {"statusRanges": [{"min": 504, "max": 502}]}},
        {"breaker": {"statusRanges": []}},
        {"breaker": {"statusRanges": DISTINCT}},
        {"breaker": {"interval": "10s"}},
        {"breaker": {"tripDuration": "PT0S"}},
        {"priority": 101},
        {"weight": -1},
        {"weight": 0.5},
        {"url": "http://one.example/openai"},
    ],
    ids=str,
)
def test_what_the_components_refuse_the_pack_refuses(given: dict[str, Any]):
    assert (components_refuse(**given), pack_refuses(**given)) == (True, True)
