"""Inputs made complete, and their keys in two spellings."""

import copy

import pytest

from components.checks import (
    APIM_SERVICE,
    GATEWAY,
    OPENAI_BACKEND,
    camel_case,
    normalised,
    problems,
    snake_case,
)
from components.checks.durations import canonical, seconds
from tests.support.inputs import GOOD, REMOVED, changed

BREAKER = {
    "count": 1,
    "interval": "PT10S",
    "tripDuration": "PT10S",
    "statusRanges": [{"min": 429, "max": 429}, {"min": 502, "max": 504}],
    "acceptRetryAfter": True,
}


def test_everything_that_was_left_out_has_its_default() -> None:
    assert normalised(GOOD) == {
        "location": "eastus2",
        "resourceGroup": {"name": "rg-gateway", "existing": False},
        "service": {
            "publisherEmail": "platform@example.com",
            "publisherName": "Platform team",
            "sku": "Developer",
            "capacity": 1,
        },
        "backends": [
            {
                "name": "east",
                "account": {"name": "aoai-east", "resourceGroup": "rg-openai"},
                "priority": 1,
                "weight": 1,
                "breaker": BREAKER,
                "assignRoles": True,
            },
            {
                "name": "west",
                "url": "https://aoai-west.openai.azure.com/openai",
                "priority": 1,
                "weight": 1,
                "breaker": BREAKER,
                "assignRoles": True,
            },
        ],
        "breaker": BREAKER,
        "pool": {"name": "openaiopool"},
        "api": {
            "name": "openai",
            "path": "openai",
            "displayName": "Azure OpenAI",
            "methods": ["POST"],
            "subscriptionRequired": True,
        },
        "policy": {
            "scope": "api",
            "recoveryWait": 3,
            "requestTimeout": 230,
            "replayBody": True,
            "retryAmbiguous": False,
            "managedIdentity": True,
            "exposeAttempts": False,
            "failover": True,
            "importExisting": False,
        },
        "subscriptions": [],
        "tags": {},
    }


def test_what_was_given_is_left_as_it_was() -> None:
    before = copy.deepcopy(GOOD)
    complete = normalised(GOOD)
    complete["breaker"]["statusRanges"].clear()
    complete["api"]["methods"].clear()
    assert before == GOOD
    assert normalised(GOOD)["breaker"] == BREAKER
    assert normalised(GOOD)["api"]["methods"] == ["POST"]


def test_a_backend_has_the_gateways_breaker_changed_by_its_own() -> None:
    changes = {"breaker": {"count": 3, "interval": "PT1M"}, "backends[1].breaker": {"count": 5}}
    east, west = (backend["breaker"] for backend in normalised(changed(GOOD, changes))["backends"])
    assert east == BREAKER | {"count": 3, "interval": "PT1M"}
    assert west == BREAKER | {"count": 5, "interval": "PT1M"}


def test_what_exists_already_gets_no_defaults() -> None:
    existing = {"existing": {"resourceGroup": "rg", "name": "apim"}}
    complete = normalised(changed(GOOD, {"service": existing, "api": {"existing": "openai"}}))
    assert complete["service"] == existing
    assert complete["api"] == {"existing": "openai"}


def test_whole_doubles_become_whole_numbers() -> None:
    complete = normalised(changed(GOOD, {"backends[0].weight": 2.0, "breaker.count": 3.0}))
    weight, count = complete["backends"][0]["weight"], complete["breaker"]["count"]
    assert (weight, type(weight), count, type(count)) == (2, int, 3, int)


def test_slashes_at_the_end_of_a_url_are_removed() -> None:
    complete = normalised(changed(GOOD, {"backends[1].url": "https://aoai-west.openai.azure.com/openai//"}))
    assert complete["backends"][1]["url"] == "https://aoai-west.openai.azure.com/openai"


def test_consumption_has_no_units_to_count() -> None:
    args = {"resourceGroupName": "rg", "location": "eastus2", **GOOD["service"], "sku": "Consumption"}
    assert problems(args, APIM_SERVICE) == []
    assert normalised(args, APIM_SERVICE)["capacity"] == 0


@pytest.mark.parametrize(
    ("given", "shortest"),
    [
        ("PT10S", "PT10S"),
        ("PT60S", "PT1M"),
        ("PT90S", "PT1M30S"),
        ("PT3600S", "PT1H"),
        ("PT24H", "P1D"),
        ("PT0H5M0S", "PT5M"),
        ("P0DT1S", "PT1S"),
    ],
)
def test_durations_are_written_as_azure_writes_them(given: str, shortest: str) -> None:
    complete = normalised(changed(GOOD, {"breaker.tripDuration": given}))
    assert complete["breaker"]["tripDuration"] == shortest
    assert canonical(shortest) == shortest
    assert seconds(given) == seconds(shortest)


class TestSpelling:
    def test_arguments_in_python_are_the_same_inputs(self) -> None:
        args = {
            "resource_group": {"name": "rg-gateway"},
            "backends": [
                {"name": "east", "assign_roles": True, "breaker": {"status_ranges": [{"min": 429, "max": 429}]}}
            ],
            "tags": {"cost_centre": "12"},
        }
        assert camel_case(GATEWAY, args) == {
            "resourceGroup": {"name": "rg-gateway"},
            "backends": [
                {"name": "east", "assignRoles": True, "breaker": {"statusRanges": [{"min": 429, "max": 429}]}}
            ],
            "tags": {"cost_centre": "12"},
        }
        assert snake_case(GATEWAY, camel_case(GATEWAY, args)) == args

    def test_an_argument_that_is_none_was_left_out(self) -> None:
        assert camel_case(OPENAI_BACKEND, {"name": "east", "url": None, "account": {}}) == {
            "name": "east",
            "account": {},
        }

    def test_unknown_arguments_stay_to_be_told_of(self) -> None:
        inputs = camel_case(GATEWAY, changed(GOOD, {"backends[0].assign_role": True}) | {"resource_grup": {}})
        assert [problem.partition(":")[0] for problem in problems(inputs)] == [
            "resource_grup",
            'backends[0].assign_role ("east")',
        ]

    def test_an_argument_in_both_spellings_is_told_of(self) -> None:
        breaker = {"trip_duration": "PT10S", "tripDuration": "PT20S"}
        inputs = camel_case(GATEWAY, GOOD | {"breaker": breaker})
        assert inputs["breaker"] == breaker
        assert len(problems(inputs)) == 1

    def test_what_is_no_mapping_stays_what_it_is(self) -> None:
        assert camel_case(GATEWAY, {"breaker": 3, "backends": {"a": 1}}) == {"breaker": 3, "backends": {"a": 1}}


def test_what_does_not_fit_is_left_for_the_checks() -> None:
    inputs = changed(GOOD, {"backends[0]": "east", "breaker": None, "api": [], "backends[1].url": 3})
    complete = normalised(inputs)
    assert complete["backends"][0] == "east"
    assert complete["breaker"] is None
    assert complete["api"] == []
    assert complete["backends"][1]["url"] == 3
    assert normalised(changed(GOOD, {"location": REMOVED, "backends": 3}))["backends"] == 3
