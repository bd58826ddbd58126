"""Circuit breakers."""

import copy
from typing import Any

import pytest

from tests.support.arm import LocalAzure, wrong_fields
from tests.support.service import GROUP, Service, service_body

RULE: dict[str, Any] = {
    "name": "throttled",
    "failureCondition": {"count": 1, "interval": "PT10S", "statusCodeRanges": [{"min": 429, "max": 429}]},
    "tripDuration": "PT10S",
    "acceptRetryAfter": True,
}


def backend_with(*rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "properties": {"url": "https://a.example/openai", "protocol": "http", "circuitBreaker": {"rules": list(rules)}}
    }


def changed(condition: dict[str, Any] | None = None, **rule: Any) -> dict[str, Any]:
    """The rule with other values; None takes a key away."""
    result = copy.deepcopy(RULE)
    for target, changes in ((result, rule), (result["failureCondition"], condition or {})):
        for key, value in changes.items():
            if value is None:
                target.pop(key)
            else:
                target[key] = value
    return result


def messages(service: Service, *rules: dict[str, Any]) -> list[str]:
    found = wrong_fields(service.put("/backends/a", backend_with(*rules)))
    assert {target.partition(".")[0] for target, _ in found} == {"circuitBreaker"}
    return [message for _, message in found]


def test_a_breaker_comes_back_as_it_was_sent(service: Service) -> None:
    assert service.put("/backends/a", backend_with(RULE)).status == 201
    assert service.properties("/backends/a")["circuitBreaker"] == {"rules": [RULE]}


def test_more_than_one_rule_is_refused_although_the_contract_allows_fifteen(service: Service) -> None:
    assert messages(service, RULE, changed(name="other")) == [
        "Only one circuit breaker rule is supported for a backend, and this one has 2."
    ]


def test_count_and_percentage_together_are_refused(service: Service) -> None:
    assert messages(service, changed({"percentage": 50})) == [
        "A failureCondition must have exactly one of count and percentage, and this one has both."
    ]


def test_neither_count_nor_percentage_is_refused(service: Service) -> None:
    assert messages(service, changed({"count": None})) == [
        "A failureCondition must have exactly one of count and percentage, and this one has neither."
    ]


@pytest.mark.parametrize("count", [0, -1, 10001])
def test_a_count_outside_1_to_10000_is_refused(service: Service, count: int) -> None:
    assert messages(service, changed({"count": count})) == [f"count is {count}: it must be 1 to 10000."]


@pytest.mark.parametrize("count", [1, 10000])
def test_the_smallest_and_the_largest_count_are_taken(service: Service, count: int) -> None:
    assert service.put("/backends/a", backend_with(changed({"count": count}))).status == 201


@pytest.mark.parametrize("percentage", [0, 101])
def test_a_percentage_outside_1_to_100_is_refused(service: Service, percentage: int) -> None:
    rule = changed({"count": None, "percentage": percentage})
    assert messages(service, rule) == [f"percentage is {percentage}: it must be 1 to 100."]


def test_a_percentage_alone_is_taken(service: Service) -> None:
    assert service.put("/backends/a", backend_with(changed({"count": None, "percentage": 50}))).status == 201


def test_a_count_that_is_no_whole_number_is_refused(service: Service) -> None:
    path = "circuitBreaker.rules[0].failureCondition.count"
    assert messages(service, changed({"count": 3.5})) == [
        f"'{path}' should be of type 'integer' but got the number 3.5"
    ]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(199, 429, "min' is too low (199 < 200)"), (429, 600, "max' is too high (600 > 599)")],
)
def test_a_status_range_outside_200_to_599_is_refused(service: Service, low: int, high: int, words: str) -> None:
    rule = changed({"statusCodeRanges": [{"min": low, "max": high}]})
    path = "circuitBreaker.rules[0].failureCondition.statusCodeRanges[0]"
    assert messages(service, rule) == [f"'{path}.{words}"]


def test_a_reversed_status_range_is_refused(service: Service) -> None:
    assert messages(service, changed({"statusCodeRanges": [{"min": 504, "max": 502}]})) == [
        "The status code range 504 to 502 is reversed: min must not exceed max."
    ]


def test_half_a_status_range_is_refused(service: Service) -> None:
    assert messages(service, changed({"statusCodeRanges": [{"min": 429}]})) == [
        "A status code range must have min and max."
    ]


def test_more_than_ten_status_ranges_are_refused(service: Service) -> None:
    ranges = [{"min": code, "max": code} for code in range(500, 511)]
    path = "circuitBreaker.rules[0].failureCondition.statusCodeRanges"
    assert messages(service, changed({"statusCodeRanges": ranges})) == [f"'{path}' has 11 items: at most 10 allowed"]


def test_a_condition_that_watches_nothing_is_refused(service: Service) -> None:
    assert messages(service, changed({"statusCodeRanges": None})) == [
        "A failureCondition must have statusCodeRanges or errorReasons."
    ]


def test_error_reasons_alone_are_enough(service: Service) -> None:
    rule = changed({"statusCodeRanges": None, "errorReasons": ["Server errors"]})
    assert service.put("/backends/a", backend_with(rule)).status == 201


@pytest.mark.parametrize(
    "value", ["10s", "PT", "P", "PT10", "T10S", "PT0S", "P0D", "P1W", "PT-1S", "-PT1S", "00:00:10"]
)
def test_a_malformed_or_zero_duration_is_refused(service: Service, value: str) -> None:
    words = "it must be an ISO 8601 duration above zero, such as 'PT10S'."
    assert messages(service, changed({"interval": value}, tripDuration=value)) == [
        f"tripDuration is '{value}': {words}",
        f"interval is '{value}': {words}",
    ]


@pytest.mark.parametrize("value", ["PT10S", "PT1M", "PT30M", "PT1H", "P1D", "P1DT2H3M4.5S", "PT90S"])
def test_the_durations_of_the_samples_are_taken(service: Service, value: str) -> None:
    rule = changed({"interval": value}, tripDuration=value)
    assert service.put("/backends/a", backend_with(rule)).status == 201


def test_missing_durations_are_refused(service: Service) -> None:
    assert messages(service, changed({"interval": None}, tripDuration=None)) == [
        "tripDuration is required.",
        "interval is required.",
    ]


@pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "a.b", "a" * 81])
def test_a_rule_name_that_azure_does_not_take_is_refused(service: Service, name: str) -> None:
    assert messages(service, changed(name=name)) == [
        f"The rule name '{name}' is not valid: 1 to 80 letters, digits and inner hyphens."
    ]


def test_a_rule_without_a_condition_is_refused(service: Service) -> None:
    rule = {key: value for key, value in RULE.items() if key != "failureCondition"}
    assert messages(service, rule) == ["A circuit breaker rule must have a failureCondition."]


def test_a_breaker_in_the_consumption_tier_is_refused(azure: LocalAzure) -> None:
    azure.made(GROUP, {"location": "eastus2"})
    path = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-serverless"
    azure.made(path, service_body("Consumption", 0))
    assert wrong_fields(azure.put(f"{path}/backends/a", backend_with(RULE))) == [
        ("circuitBreaker", "Circuit breakers are not supported in the Consumption tier.")
    ]


def test_accept_retry_after_that_is_no_boolean_is_refused(service: Service) -> None:
    assert messages(service, changed(acceptRetryAfter="yes")) == [
        "'circuitBreaker.rules[0].acceptRetryAfter' should be of type 'boolean' but got a string"
    ]
