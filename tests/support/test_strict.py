"""The checker itself: each kind of mistake that mocks accept is found. It reads private parts of Pulumi's SDK."""

from typing import Any

import pulumi
import pytest
from pulumi_azure_native import apimanagement

from tests.support.deployment import deploy
from tests.support.strict import all_problems

POOL = {"services": [{"id": "/backends/east", "priority": 1, "weight": 1}]}
RULE = {
    "name": "rule",
    "trip_duration": "PT10S",
    "failure_condition": {"count": 1, "interval": "PT10S", "status_code_ranges": [{"min": 429, "max": 429}]},
}


def found(**inputs: Any) -> list[str]:
    def program() -> None:
        apimanagement.Backend("east", resource_group_name="rg", service_name="apim", **inputs)

    return all_problems(deploy(program))


def test_inputs_that_fit_have_no_problem() -> None:
    assert found(url="https://east.example.com", protocol="http", circuit_breaker={"rules": [RULE]}) == []
    assert found(type="Pool", pool=POOL) == []


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({"protocol": "gopher"}, "east: Backend.protocol: 'gopher' is not one of http, soap"),
        ({"url": 3}, "east: Backend.url: expected str, got 3"),
        (
            {"pool": {"services": [{"id": "/backends/east", "weigth": 1}]}},
            "east: Backend.pool.services[0].weigth: BackendPoolItemArgs has no such property;"
            " it has id, priority, weight",
        ),
        (
            {"pool": {"services": [{"priority": 1}]}},
            "east: Backend.pool.services[0].id: BackendPoolItemArgs requires it",
        ),
        (
            {"pool": {"services": [{"id": "/backends/east", "priority": True}]}},
            "east: Backend.pool.services[0].priority: expected int, got True",
        ),
        (
            {"circuit_breaker": {"rules": [{**RULE, "failure_condition": {"status_code_ranges": [{"min": "429"}]}}]}},
            "east: Backend.circuitBreaker.rules[0].failureCondition.statusCodeRanges[0].min: expected int, got '429'",
        ),
        ({"tls": "on"}, "east: Backend.tls: expected BackendTlsPropertiesArgs, got 'on'"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(inputs: dict[str, Any], problem: str) -> None:
    assert problem in found(**inputs)


def test_a_secret_is_looked_into() -> None:
    def program() -> None:
        url: Any = pulumi.Output.secret(3)
        apimanagement.Backend("east", resource_group_name="rg", service_name="apim", url=url)

    assert all_problems(deploy(program)) == ["east: Backend.url: expected str, got 3"]


def test_values_of_mappings_are_checked_as_well() -> None:
    def program() -> None:
        apimanagement.ApiManagementService(
            "apim",
            resource_group_name="rg",
            publisher_email="me@example.com",
            publisher_name="Me",
            sku={"name": apimanagement.SkuType.DEVELOPER, "capacity": 1},
            tags={"a": 1},  # pyright: ignore[reportArgumentType]
        )

    assert all_problems(deploy(program)) == ["apim: ApiManagementService.tags[a]: expected str, got 1"]
