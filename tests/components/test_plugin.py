"""The components as a Pulumi plugin, as programs in other languages meet them.

`python -m tests.components.test_plugin` prints the schema as it is.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

import components
from tests.support.interface import changes
from tests.support.plugin import SECRET, SPECIAL, Plugin, output
from tests.support.reference import PRINCIPAL, ROOT, account, service

FOLDER = ROOT / "components"
GOLDEN_SCHEMA = Path(__file__).parent / "golden" / "schema.json"
GATEWAY = "apim-ai-gateway:index:AIGateway"
MAKER = "urn:pulumi:dev::elsewhere::test:index:Endpoint::west"
INPUTS: dict[str, Any] = {
    "service": {"existing": {"resourceGroup": "rg-shared", "name": "apim-shared"}},
    "backends": [
        {
            "name": "east",
            "account": {"name": "aoai-east", "resourceGroup": "rg-openai"},
            "priority": 1.0,
            "breaker": {"count": 2.0, "statusRanges": [{"min": 429.0, "max": 429.0}]},
        },
        {"name": "west", "url": output("https://west.example.com/openai", secret=True, of=[MAKER]), "priority": 2.0},
    ],
    "subscriptions": ["team-a"],
}


@pytest.fixture(scope="module")
def plugin() -> Iterator[Plugin]:
    with start() as started:
        yield started


def start() -> Plugin:
    answers = {
        "cognitiveservices:getAccount": account({"accountName": "aoai-east", "resourceGroupName": "rg-openai"}),
        "apimanagement:getApiManagementService": service(
            {"serviceName": "apim-shared", "resourceGroupName": "rg-shared"}
        ),
        "apimanagement:listSubscriptionSecrets": {"primaryKey": "the key"},
    }
    return Plugin(FOLDER, answers=answers)


def test_the_schema_is_the_one_that_programs_in_other_languages_were_written_for(plugin: Plugin) -> None:
    golden, schema = json.loads(GOLDEN_SCHEMA.read_text()), plugin.schema()
    assert schema == golden, "\n".join(
        [
            "The schema is the interface of the SDKs that are generated from it. It changed:",
            *(f"  - {change}" for change in changes(golden, schema)),
            "docs/upgrading.md tells what a change asks of a release. To accept it:",
            "  python -m tests.components.test_plugin > tests/components/golden/schema.json",
        ]
    )


def test_every_component_input_and_output_is_described(plugin: Plugin) -> None:
    schema = plugin.schema()
    assert set(schema["resources"]) == {
        f"apim-ai-gateway:index:{name}"
        for name in ("AIGateway", "ApimService", "BackendPool", "OpenAIApi", "OpenAIBackend")
    }
    for token, described in {**schema["resources"], **schema["types"]}.items():
        for kind in ("inputProperties", "properties"):
            for name, of in described.get(kind, {}).items():
                assert of.get("description", "").strip(), f"{token} {name}"


def test_a_component_has_one_version_everywhere(plugin: Plugin) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    schema = plugin.schema()
    assert plugin.version() == schema["version"] == project["version"] == components.__version__
    assert (schema["name"], schema["namespace"]) == ("apim-ai-gateway", "platform")


def test_a_gateway_is_made_from_what_another_language_sends(plugin: Plugin) -> None:
    gateway = plugin.construct(GATEWAY, "main", INPUTS)

    assert set(gateway.outputs) == {"endpoint", "gatewayUrl", "poolId", "principalId", "keys", "missingRoles"}
    assert gateway.outputs["endpoint"] == "https://apim-shared.azure-api.net/openai"
    assert gateway.outputs["principalId"] == PRINCIPAL
    assert gateway.outputs["missingRoles"] == []
    assert set(gateway.made) == {
        *("main-east", "main-west", "main-pool", "main-pool-last"),
        *("main-api", "main-api-post", "main-api-policy", "main-rg-openai-aoai-east-role", "main-team-a"),
    }
    (rule,) = gateway.inputs("main-east")["circuitBreaker"]["rules"]
    assert rule["failureCondition"]["count"] == 2


def test_an_output_that_another_language_sends_stays_a_secret_and_keeps_its_dependencies(plugin: Plugin) -> None:
    gateway = plugin.construct(GATEWAY, "other", INPUTS)
    assert gateway.inputs("other-west")["url"] == {SPECIAL: SECRET, "value": "https://west.example.com/openai"}
    assert MAKER in gateway.made["other-west"].dependencies


def test_parent_and_protection_reach_what_is_made(plugin: Plugin) -> None:
    parent = "urn:pulumi:dev::elsewhere::test:index:Team::team"
    gateway = plugin.construct(GATEWAY, "third", INPUTS, parent=parent, protect=True)

    assert gateway.registered[0].type == GATEWAY
    assert gateway.registered[0].parent == parent
    assert all(made.protect for made in gateway.made.values())


def test_all_problems_reach_a_program_in_another_language(plugin: Plugin) -> None:
    bad = {**INPUTS, "subscriptions": ["a", "A"], "pool": {"name": "a.b"}}
    with pytest.raises(grpc.RpcError) as refused:
        plugin.construct(GATEWAY, "bad", bad)
    assert isinstance(refused.value, grpc.Call)
    told = refused.value.details() or ""
    assert 'AIGateway "bad" has 2 problems:' in told
    assert "pool.name" in told
    assert "subscriptions[1]" in told


@pytest.mark.parametrize(
    ("backend", "told"),
    [
        ({"account": {"name": "a", "resourceGroup": "b"}}, "Missing required input 'backends[0].name'"),
        ({"name": "a", "account": {"name": "a"}}, "Missing required input 'backends[0].account.resourceGroup'"),
        ({"name": "a", "priority": "first"}, "for integer property backends[0].priority"),
    ],
)
def test_an_input_that_is_missing_or_of_another_type_is_named(plugin: Plugin, backend: object, told: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        plugin.construct(GATEWAY, "bad", {**INPUTS, "backends": [backend]})
    assert isinstance(refused.value, grpc.Call)
    assert told in str(refused.value.trailing_metadata())


if __name__ == "__main__":
    with start() as started:
        print(json.dumps(started.schema(), indent=2, sort_keys=True))  # noqa: T201
