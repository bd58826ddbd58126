"""Which calls a rate limit counts together; tests/cases/rate-limit has the rest."""

import pytest

from tests.support.world import SUBSCRIPTION, Gateway, document, program
from twin.messages import Request, Url
from twin.policy import context as c
from twin.policy import pipeline

LIMIT = document({"inbound": '<rate-limit calls="1" renewal-period="10" />'})


def statuses(scope: str, *calls: tuple[str, str, str]) -> list[int]:
    """The statuses of calls to (product, API, operation) with one subscription, the limit being in this scope."""
    gateway, limited, found = Gateway(), program((scope, LIMIT)), []

    async def call(product: str, api: str, operation: str) -> None:
        exchange = gateway.exchange(Request("GET", Url("/")), SUBSCRIPTION)
        exchange.context.product = c.Product(product, product)
        exchange.context.api = c.Api(api, api, api)
        exchange.context.operation = c.Operation(operation, operation, "GET", "/")
        found.append((await pipeline.run(limited, exchange)).status)

    for one in calls:
        gateway.clock.start(call(*one))
        gateway.clock.run()
    return found


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("product", [200, 429, 429, 200]),
        ("api", [200, 429, 200, 200]),
        ("operation", [200, 200, 200, 200]),
    ],
)
def test_calls_in_the_scope_of_the_policy_are_counted_together(scope: str, expected: list[int]) -> None:
    assert statuses(scope, ("p", "a", "o"), ("p", "a", "other"), ("p", "b", "o"), ("q", "c", "o")) == expected


def test_the_same_operation_of_another_api_is_another_one() -> None:
    assert statuses("operation", ("p", "a", "o"), ("p", "a", "o"), ("p", "b", "o")) == [200, 429, 200]
