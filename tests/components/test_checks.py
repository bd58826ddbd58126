"""Bad inputs and what people are told of them; the table is in bad_inputs/, one family of inputs a file."""

from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.checks import message, problems, warnings
from components.fallback import fallback_names
from tests.support.inputs import GOOD, GROUP_ID, REMOVED, changed

TABLES = sorted((Path(__file__).parent / "bad_inputs").glob("*.yaml"))
CASES = [
    pytest.param(case, id=f"{table.stem}: {title}")
    for table in TABLES
    for title, case in yaml.safe_load(table.read_text()).items()
]


@pytest.mark.parametrize("case", CASES)
def test_bad_inputs_are_told_with_their_place_and_a_way_out(case: dict[str, Any]) -> None:
    removed = dict.fromkeys(case.get("remove", []), REMOVED)
    assert problems(changed(GOOD, case.get("change", {}) | removed)) == case["problems"]


def test_every_case_of_the_table_has_a_title_of_its_own() -> None:
    titles = [line for table in TABLES for line in table.read_text().splitlines() if line and line[0] not in " #"]
    assert len(titles) == len(set(titles)) == len(CASES)


def test_all_problems_are_told_at_once() -> None:
    inputs = changed(
        GOOD,
        {
            "location": "East US",
            "service.sku": "developer",
            "backends[0].priority": "1",
            "backends[1].url": "http://west.example.com/openai/?key=hunter2",
            "backends[1].weigth": 2,
            "breaker.interval": "10s",
            "api.path": "/openai",
            "subscriptions": ["team-a", "Team-A"],
        },
    )
    places = [problem.partition(":")[0] for problem in problems(inputs)]
    assert places == [
        "location",
        "service.sku",
        'backends[0].priority ("east")',
        'backends[1].weigth ("west")',
        'backends[1].url ("west")',
        'backends[1].url ("west")',
        "breaker.interval",
        "api.path",
        "subscriptions[1]",
    ]
    assert "hunter2" not in message(problems(inputs))


def test_nothing_at_all_is_told_as_four_problems() -> None:
    assert message(problems({})) == (
        "The configuration has 4 problems:\n"
        "  - service: found nothing; it is needed. Add the service to make (publisherEmail, publisherName, sku), "
        "or existing.\n"
        "  - backends: found nothing; it is needed. Add a list of 1 to 30 backends, each with a name and an account "
        "or a url.\n"
        '  - location: found nothing; a new service needs a region. Write for instance "eastus2".\n'
        "  - resourceGroup: found nothing; a new service needs a resource group. Add {name}, and existing: true when "
        "the group is there already.\n"
        "Every key, what it allows and its default are described in Pulumi.yaml and in the README's configuration "
        "table."
    )


def test_one_problem_is_told_in_the_singular_and_of_whom_it_is() -> None:
    assert message(["a: b"], 'OpenAIBackend "east"').splitlines()[:2] == [
        'OpenAIBackend "east" has 1 problem:',
        "  - a: b",
    ]


def test_a_pool_of_thirty_is_full() -> None:
    backends = [{"name": f"east-{number}", "url": f"https://east-{number}.example.com"} for number in range(31)]
    assert problems(changed(GOOD, {"backends": backends[:30]})) == []
    assert problems(changed(GOOD, {"backends": backends})) == [
        "backends: found 31 entries; a pool has at most 30 members. "
        "Use a second gateway, or one backend for each account."
    ]


def test_a_name_has_at_most_eighty_letters() -> None:
    assert problems(changed(GOOD, {"backends[0].name": "x" * 80})) == []
    (problem,) = problems(changed(GOOD, {"backends[0].name": "x" * 81}))
    assert problem.endswith(f'Write "{"x" * 80}".')


@pytest.mark.parametrize(
    ("tier", "least", "most"),
    [
        ("Developer", 1, 1),
        ("Basic", 1, 2),
        ("Standard", 1, 4),
        ("Premium", 1, 12),
        ("BasicV2", 1, 10),
        ("StandardV2", 1, 10),
        ("PremiumV2", 1, 30),
    ],
)
def test_each_tier_has_its_units(tier: str, least: int, most: int) -> None:
    counts = range(most + 2)
    good = [count for count in counts if not problems(changed(GOOD, {"service.sku": tier, "service.capacity": count}))]
    assert good == [*range(least, most + 1)]


def test_every_name_that_a_pool_for_failures_may_have_is_taken() -> None:
    for name in ("openaiopool", *fallback_names("openaiopool")):
        assert len(problems(changed(GOOD, {"backends[1].name": name}))) == 1, name


def test_a_long_url_is_refused_and_cut_in_the_message() -> None:
    (problem,) = problems(changed(GOOD, {"backends[1].url": "https://west.example.com/" + "x" * 2000}))
    assert "at most 2000 characters are allowed" in problem
    assert len(problem) < 300


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan"), 10**400, -(10**400)])
def test_numbers_beyond_all_bounds_are_refused(number: float) -> None:
    (problem,) = problems(changed(GOOD, {"backends[0].weight": number}))
    assert "a whole number from 0 to 100 is allowed" in problem


def test_tags_have_azures_limits() -> None:
    assert problems(changed(GOOD, {"tags": {f"tag{number}": "" for number in range(50)}})) == []
    found = problems(changed(GOOD, {"tags": {f"tag{number}": "x" * 257 for number in range(51)} | {"y" * 513: ""}}))
    assert found.count("tags.tag7: found 257 characters; at most 256 are allowed. Shorten it.") == 1
    assert "tags: found 52 tags; a resource has at most 50. Remove some." in found
    assert sum("1 to 512 characters" in problem for problem in found) == 1


def test_what_control_characters_would_do_to_a_terminal_is_not_done() -> None:
    (problem,) = problems(changed(GOOD, {"backends[0].name": "east\x1b[31m"}))
    assert problem.startswith('backends[0].name: found "east\\u001b[31m";')


@pytest.mark.parametrize("inputs", [None, [], "backends", 3, True])
def test_inputs_that_are_no_mapping_are_refused_as_a_whole(inputs: Any) -> None:
    (problem,) = problems(inputs)
    assert problem.startswith("inputs: found ")


class TestOutputs:
    """Values that are known only during the deployment."""

    def test_texts_may_be_outputs_of_other_resources(self, later: pulumi.Output[str]) -> None:
        inputs = changed(
            GOOD,
            {
                "location": later,
                "resourceGroup.name": later,
                "service.publisherEmail": later,
                "service.identity": {"resourceId": later, "clientId": later, "principalId": later},
                "backends[0].account": {"name": later, "resourceGroup": later},
                "backends[1].url": later,
                "api.displayName": later,
                "applicationInsights": later,
                "tags": {"team": later},
            },
        )
        assert problems(inputs) == []

    def test_an_output_is_refused_as_a_whole(self, later: Any) -> None:
        (problem,) = problems(later)
        assert problem.startswith("inputs: found ")

    @pytest.mark.parametrize(
        "path",
        ["backends", "backends[0]", "backends[0].name", "backends[0].weight", "breaker.acceptRetryAfter", "pool.name"],
    )
    def test_what_decides_the_resources_may_not(self, path: str, later: pulumi.Output[str]) -> None:
        (problem,) = problems(changed(GOOD, {path: later}))
        assert problem.partition(": ")[2] == (
            "found the output of a resource; it must be known before the deployment, as names and the number of "
            "resources depend on it. Give it as plain data."
        )


GOOD_CHANGES: dict[str, dict[str, Any]] = {
    "nothing more than needed": {},
    "whole doubles": {"backends[0].priority": 2.0, "breaker.count": 3.0, "policy.requestTimeout": 60.0},
    "the bounds of priority and weight": {"backends[0].priority": 0, "backends[1].priority": 100},
    "weight 0 beside a member that takes traffic": {"backends[0].weight": 0, "backends[1].weight": 100},
    "two backends of one account": {"backends[1]": {"name": "b", "account": GOOD["backends"][0]["account"]}},
    "an address with slashes at its end": {"backends[1].url": "https://aoai-west.openai.azure.com/openai//"},
    "an address of one deployment": {"backends[1].url": "https://a.openai.azure.com/openai/deployments/openai"},
    "an address of the v1 API": {"backends[1].url": "HTTPS://A.OpenAI.Azure.com/openai/v1"},
    "an address with a port": {"backends[1].url": "https://10.0.0.4:8443"},
    "an address of version 6": {"backends[1].url": "https://[fd00::4]/openai"},
    "a breaker of one backend": {"backends[0].breaker": {"count": 2}},
    "one second": {"breaker.interval": "PT1S"},
    "one day": {"breaker.interval": "P1D", "breaker.tripDuration": "PT24H"},
    "ten ranges": {"breaker.statusRanges": [{"min": 500 + i, "max": 500 + i} for i in range(10)]},
    "ranges that touch": {"breaker.statusRanges": [{"min": 429, "max": 429}, {"min": 430, "max": 599}]},
    "twelve units of Premium": {"service.sku": "Premium", "service.capacity": 12},
    "thirty units of PremiumV2": {"service.sku": "PremiumV2", "service.capacity": 30.0},
    "texts as long as they may be": {
        "service.publisherName": "x" * 100,
        "api.displayName": "x" * 300,
        "api.path": "x" * 400,
    },
    "a name for the service": {"service.name": "apim-1"},
    "an existing service": {"service": {"existing": {"resourceGroup": "rg", "name": "apim"}}},
    "an existing service and nothing to make it from": {
        "service": {"existing": {"resourceGroup": "rg", "name": "apim"}},
        "location": REMOVED,
        "resourceGroup": REMOVED,
    },
    "an existing API by its id": {
        "service": {"existing": {"resourceGroup": "RG", "name": "Apim"}},
        "api.existing": f"{GROUP_ID}/providers/microsoft.apimanagement/service/apim/apis/openai",
        "policy": {"existing": "<policies><inbound /></policies>", "failover": False, "importExisting": False},
    },
    "an existing API by a name that a new one could not have": {
        "service": {"existing": {"resourceGroup": "rg", "name": "apim"}},
        "api.existing": "open.ai v1;rev=2",
    },
    "an existing API with a long name": {
        "service": {"existing": {"resourceGroup": "rg", "name": "apim"}},
        "api.existing": "x" * 256,
    },
    "an existing resource group": {"resourceGroup": {"name": "rg_(1).x", "existing": True}},
    "a path of several segments": {"api.path": "team-a/v1.0/openai"},
    "every method": {"api.methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]},
    "a policy on the operation": {"policy": {"scope": "operation", "retryBudget": 0, "failover": True}},
    "a pool of another name": {"pool.name": "x" * 73},
    "subscriptions": {"subscriptions": ["team-a", "team_b", "C"]},
    "Application Insights": {"applicationInsights": f"{GROUP_ID}/providers/microsoft.insights/components/logs (dev)"},
    "tags": {"tags": {"cost centre": "12 34", "owner": ""}},
}


@pytest.mark.parametrize("changes", GOOD_CHANGES.values(), ids=GOOD_CHANGES)
def test_good_inputs_have_no_problems(changes: dict[str, Any]) -> None:
    assert problems(changed(GOOD, changes)) == []


def test_the_inputs_of_these_tests_are_not_even_warned_about() -> None:
    assert warnings(GOOD) == []
