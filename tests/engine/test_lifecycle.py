"""The reference deployment from its first preview to its last trace, with the real CLI."""

import hashlib
import json
from pathlib import Path

import pytest
from azure.mgmt.apimanagement import ApiManagementClient

from tests.support.twin import REPOSITORY, Stack, operations, reference_settings

pytestmark = pytest.mark.engine

ACCOUNTS = ("aoai-eus-1", "aoai-eus-2", "aoai-eus2-1")
EVERYTHING = sorted(
    [
        *(f"ai-gateway-{account}" for account in ACCOUNTS),
        *(f"ai-gateway-rg-openai-{account}-role" for account in ACCOUNTS),
        *("ai-gateway-pool", "ai-gateway-pool-first", "ai-gateway-pool-last", "ai-gateway-pool-turned"),
        *("ai-gateway-api", "ai-gateway-api-post", "ai-gateway-api-policy"),
        *("ai-gateway-apim", "ai-gateway-group", "ai-gateway-team-a"),
    ]
)


def test_the_first_preview_plans_everything_and_writes_nothing(stack: Stack):
    report = stack.preview()

    assert operations(report) == [("create", name) for name in EVERYTHING]
    assert stack.writes() == []


def test_up_makes_everything_and_an_up_after_it_nothing(stack: Stack):
    first = stack.up()
    written = stack.writes()
    second = stack.up()

    assert operations(first) == [("create", name) for name in EVERYTHING]
    assert len(written) == len(EVERYTHING)
    assert operations(second) == []
    assert stack.writes() == written


def test_the_service_gets_a_name_of_its_own(deployed: Stack):
    assert deployed.service().startswith(
        f"/subscriptions/{deployed.arm.subscription_id}/resourceGroups/rg-ai-gateway-dev"
        "/providers/Microsoft.ApiManagement/service/ai-gateway-apim"
    )


def test_a_refresh_right_after_up_finds_nothing(deployed: Stack):
    assert operations(deployed.refresh()) == []


def test_a_preview_after_up_plans_nothing(deployed: Stack):
    assert operations(deployed.preview()) == []


def test_the_outputs_say_where_the_gateway_is_and_hide_the_keys(deployed: Stack):
    name = deployed.service().rpartition("/")[2]

    outputs = json.loads(deployed.pulumi("stack", "output", "--json").stdout)

    assert outputs == {
        "endpoint": f"https://{name}.azure-api.net/openai",
        "gateway_url": f"https://{name}.azure-api.net",
        "keys": "[secret]",
        "missing_roles": [],
        "pool_id": f"{deployed.service()}/backends/openaiopool",
        "principal_id": outputs["principal_id"],
    }


def test_the_keys_are_those_of_the_subscriptions_for_whoever_asks_for_secrets(deployed: Stack):
    secrets = deployed.azure("POST", "subscriptions/team-a/listSecrets")

    shown = deployed.pulumi("stack", "output", "keys", "--show-secrets", "--json").stdout

    assert json.loads(shown) == {"team-a": secrets["primaryKey"]}


def test_no_key_is_readable_in_the_state(deployed: Stack):
    secrets = deployed.azure("POST", "subscriptions/team-a/listSecrets")
    state = deployed.pulumi("stack", "export").stdout
    kept = "".join(file.read_text(errors="replace") for file in deployed.folders.state.rglob("*") if file.is_file())

    for key in (secrets["primaryKey"], secrets["secondaryKey"]):
        assert key not in state
        assert key not in kept


def test_microsofts_own_client_reads_back_what_up_wrote(deployed: Stack):
    group, service = "rg-ai-gateway-dev", deployed.service().rpartition("/")[2]
    with deployed.arm.client(ApiManagementClient) as client:
        found = client.api_management_service.get(group, service).as_dict()
        backends = {
            one["name"]: one for one in (each.as_dict() for each in client.backend.list_by_service(group, service))
        }
        api = client.api.get(group, service, "openai").as_dict()
        operation = client.api_operation.get(group, service, "openai", "post-any-path").as_dict()
        policy = client.api_policy.get(group, service, "openai", "policy").as_dict()
        subscription = client.subscription.get(group, service, "team-a").as_dict()

    assert (found["sku"], found["identity"]["type"]) == ({"name": "Developer", "capacity": 1}, "SystemAssigned")
    assert {name: backends[name]["url"] for name in ACCOUNTS} == {
        name: f"https://{name}.openai.azure.com/openai" for name in ACCOUNTS
    }
    [rule] = backends["aoai-eus2-1"]["circuit_breaker"]["rules"]
    assert (rule["accept_retry_after"], rule["trip_duration"]) == (True, "PT10S")
    assert rule["failure_condition"] == {
        "count": 1,
        "interval": "PT10S",
        "status_code_ranges": [{"min": 429, "max": 429}, {"min": 502, "max": 504}],
    }
    members = backends["openaiopool"]["pool"]["services"]
    assert sorted((one["id"].rpartition("/")[2], one["priority"], one["weight"]) for one in members) == [
        ("aoai-eus-1", 2, 1),
        ("aoai-eus-2", 2, 1),
        ("aoai-eus2-1", 1, 1),
    ]
    assert "url" not in backends["openaiopool"]
    assert (api["path"], api["subscription_required"], api["protocols"]) == ("openai", True, ["https"])
    assert api["subscription_key_parameter_names"] == {"header": "api-key", "query": "api-key"}
    assert (operation["method"], operation["url_template"]) == ("POST", "/{*path}")
    assert 'backend-id="openaiopool"' in policy["value"]
    assert (subscription["state"], subscription["scope"]) == ("active", f"{deployed.service()}/apis/openai")


def test_destroy_leaves_nothing_of_ours(stack: Stack):
    before = {resource.id for resource in stack.arm.store.all()}
    stack.settings["service"]["name"] = "apim-to-go"
    stack.up()

    report = stack.destroy()

    left = {resource.id for resource in stack.arm.store.all()} - before
    assert operations(report) == [("delete", name) for name in EVERYTHING]
    # Azure keeps a deleted service's name for 48 hours.
    assert {identifier.rpartition("/providers/")[2] for identifier in left} == {
        "Microsoft.ApiManagement/locations/eastus2/deletedservices/apim-to-go"
    }
    assert json.loads(stack.pulumi("stack", "export").stdout)["deployment"].get("resources", []) == []


def test_the_projects_own_files_stay_as_they_are(deployed: Stack):
    def fingerprints() -> dict[Path, str]:
        files = [*REPOSITORY.glob("*.yaml"), *REPOSITORY.glob("*.py"), *REPOSITORY.glob("components/**/*.py")]
        return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    before, listed = fingerprints(), sorted(file.name for file in REPOSITORY.iterdir())

    deployed.up()
    deployed.pulumi("stack", "output")

    assert fingerprints() == before
    assert sorted(file.name for file in REPOSITORY.iterdir()) == listed


def test_settings_that_are_wrong_are_all_told_and_nothing_is_registered(stack: Stack):
    stack.settings = reference_settings() | {
        "pool": {"name": "bad.name"},
        "backends": [
            {"name": "a", "url": "http://a.example.com"},
            {"name": "A", "account": {"name": "x", "resourceGroup": "rg-openai"}, "weight": 101},
        ],
    }

    report = stack.fail("preview")

    [error] = [one.message for one in report.errors if "unhandled" not in one.message]
    for key in ("pool.name", "backends[0].url", "backends[1].name", "backends[1].weight"):
        assert key in error
    assert "Traceback" not in error
    assert [step.resource.type for step in report.planned.values()] == ["pulumi:Stack"]
    assert stack.arm.requests() == []
