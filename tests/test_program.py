"""The program at the repository's root, as a whole: every kind of configuration, on mocks."""

from pathlib import Path
from typing import Any

import pytest

from components.access import command
from tests.support import strict
from tests.support.deployment import NAMED_BY, Deployment, Secret, Unknown, refusal
from tests.support.reference import (
    ACCOUNTS,
    ANSWERS,
    PRINCIPAL,
    PROGRAM,
    SUBSCRIPTION,
    as_config,
    deploy_reference,
    reference_config,
)

GOLDEN_URNS = Path(__file__).parent / "golden" / "urns.txt"

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-shared/providers"
EXISTING_SERVICE = {
    "location": None,
    "resourceGroup": None,
    "service": {"existing": {"resourceGroup": "rg-shared", "name": "apim-shared"}},
}
IDENTITY = {
    "resourceId": f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/id-gateway",
    "clientId": "00000000-0000-0000-0000-0000000000c1",
    "principalId": "00000000-0000-0000-0000-0000000000b1",
}
INSIGHTS = f"{GROUP}/Microsoft.Insights/components/appi-shared"


def backends(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": name, "account": {"name": name, "resourceGroup": "rg-openai"}, **more} for name in names]


def urls(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "url": f"https://{name}.example.com/openai"} for name in names]


CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "reference": {},
    "one member": {"backends": backends("aoai-eus-1")},
    "nine members in tiers": {
        "backends": [
            {**backend, "priority": 1 + index // 4, "weight": 1 + index % 4}
            for index, backend in enumerate(backends(*(f"aoai-{number}" for number in range(1, 10))))
        ]
    },
    "existing group": {"resourceGroup": {"name": "rg-shared", "existing": True}},
    "existing service": EXISTING_SERVICE,
    "existing API": {**EXISTING_SERVICE, "api": {"existing": "chat"}},
    "identity off": {"policy": {"managedIdentity": False}},
    "user-assigned identity": {"service": {**reference_config()["service"], "identity": IDENTITY}},
    "roles assigned by others": {"backends": backends("aoai-eus-1", "aoai-eus-2", assignRoles=False)},
    "Application Insights": {"applicationInsights": INSIGHTS},
    "protected": {"protect": True},
    "operation scope": {"policy": {"scope": "operation"}, "api": {"methods": ["POST", "GET"]}},
    "several methods": {"api": {"methods": ["POST", "GET", "DELETE"]}},
    "urls": {"backends": urls("east", "west")},
    "another subscription": {
        "backends": [
            *backends("aoai-eus-1"),
            {
                "name": "far",
                "account": {
                    "name": "aoai-far",
                    "resourceGroup": "rg-openai",
                    "subscription": "00000000-0000-0000-0000-00000000000b",
                },
            },
        ]
    },
}

every_configuration = pytest.mark.parametrize("configuration", CONFIGURATIONS)


def up(configuration: str) -> Deployment:
    return deploy_reference(**CONFIGURATIONS[configuration])


def preview(configuration: str) -> Deployment:
    return deploy_reference(preview=True, **CONFIGURATIONS[configuration])


@every_configuration
def test_every_input_fits_the_types_of_the_providers_sdk(configuration: str) -> None:
    assert strict.all_problems(up(configuration)) == []


@every_configuration
def test_a_preview_registers_what_up_registers(configuration: str) -> None:
    assert preview(configuration).urns == up(configuration).urns


@every_configuration
def test_whatever_a_policy_or_a_caller_refers_to_has_an_explicit_name(configuration: str) -> None:
    for resource in up(configuration):
        named_by = NAMED_BY.get(resource.type.removeprefix("azure-native:"))
        if named_by and resource.type != "azure-native:apimanagement:ApiManagementService":
            assert named_by in resource.inputs, f"{resource.name} would be named by Pulumi"


@every_configuration
def test_everything_is_inside_the_gateway(configuration: str) -> None:
    outside = [resource.name for resource in up(configuration) if "AIGateway" not in resource.urn]
    assert outside == ["apim-ai-gateway-dev"]


def test_every_resource_is_known_to_pulumi_by_the_urn_it_always_had() -> None:
    golden, urns = GOLDEN_URNS.read_text().split(), up("reference").urns
    gone, fresh = [urn for urn in golden if urn not in urns], [urn for urn in urns if urn not in golden]
    assert urns == golden, "\n".join(
        [
            "Pulumi knows resources by these names. In every stack that exists, the next `pulumi up`",
            *(f"  - deletes {urn}" for urn in gone),
            *(f"  - makes {urn}" for urn in fresh),
            "One that is only called otherwise, or lies under another parent, needs an alias: it would be made anew in",
            "production too. docs/upgrading.md shows how. To accept what really comes and goes:",
            "  python -m tests.test_program > tests/golden/urns.txt",
        ]
    )


@every_configuration
def test_the_exports_are_the_ones_that_scripts_rely_on(configuration: str) -> None:
    exports = up(configuration).exports
    assert set(exports) == {"endpoint", "gateway_url", "pool_id", "principal_id", "keys", "missing_roles"}, (
        "Scripts (`pulumi stack output`) and stack references read these: keep an output under its name for a release "
        "after it has been announced in CHANGELOG.md as going."
    )
    assert exports["keys"] == Secret({"team-a": "key of team-a"})


@every_configuration
def test_azure_is_asked_for_nothing_that_does_not_exist_yet_in_the_first_preview(configuration: str) -> None:
    """A key is read from a subscription, and a new service has to exist before it can be looked up."""
    asked = {call.token for call in preview(configuration).calls}
    assert "apimanagement:listSubscriptionSecrets" not in asked
    on_existing = configuration in ("existing service", "existing API")
    assert ("apimanagement:getApiManagementService" in asked) == on_existing


def test_the_reference_is_one_gateway_in_front_of_three_accounts() -> None:
    deployed = up("reference")

    assert deployed.exports == {
        "endpoint": "https://ai-gateway-apim01234567.azure-api.net/openai",
        "gateway_url": "https://ai-gateway-apim01234567.azure-api.net",
        "pool_id": "/apimanagement:Backend/ai-gateway-pool",
        "principal_id": PRINCIPAL,
        "keys": Secret({"team-a": "key of team-a"}),
        "missing_roles": [],
    }
    members = deployed.one("Backend", "ai-gateway-pool").inputs["pool"]["services"]
    assert members == [
        {"id": "/apimanagement:Backend/ai-gateway-aoai-eus2-1", "priority": 1, "weight": 1},
        {"id": "/apimanagement:Backend/ai-gateway-aoai-eus-1", "priority": 2, "weight": 1},
        {"id": "/apimanagement:Backend/ai-gateway-aoai-eus-2", "priority": 2, "weight": 1},
    ]
    text = deployed.one("ApiPolicy").inputs["value"]
    assert '<set-backend-service id="lb-backend" backend-id="openaiopool" />' in text


def test_the_first_preview_knows_all_but_what_azure_decides() -> None:
    planned = preview("reference")

    assert planned.exports["missing_roles"] == []
    assert planned.exports["keys"] == Secret(Unknown())
    for name in ("endpoint", "gateway_url", "pool_id", "principal_id"):
        assert planned.exports[name] == Unknown()
    assert planned.one("Backend", "ai-gateway-aoai-eus-1").inputs["url"] == "https://aoai-eus-1.openai.azure.com/openai"
    assert "<policies>" in planned.one("ApiPolicy").inputs["value"]


def test_the_first_preview_with_an_existing_service_knows_the_endpoint_as_well() -> None:
    assert preview("existing service").exports["endpoint"] == "https://apim-shared.azure-api.net/openai"


def test_a_new_group_is_made_in_the_region_and_an_existing_one_is_looked_up() -> None:
    (made,) = up("reference").all("ResourceGroup")
    assert made.inputs == {"resourceGroupName": "rg-ai-gateway-dev", "location": "eastus2", "tags": {}}
    assert up("existing group").all("ResourceGroup") == []
    assert "resources:getResourceGroup" in [call.token for call in preview("existing group").calls]


def test_roles_that_others_assign_are_commands_in_the_exports() -> None:
    missing = [command(f"{ACCOUNTS}/{name}", PRINCIPAL) for name in ("aoai-eus-1", "aoai-eus-2")]
    assert up("roles assigned by others").exports["missing_roles"] == missing


def test_without_the_gateways_identity_no_role_is_assigned_or_missing() -> None:
    assert up("identity off").all("RoleAssignment") == []
    assert up("identity off").exports["missing_roles"] == []
    assert "authentication-managed-identity" not in up("identity off").one("ApiPolicy").inputs["value"]


def test_everything_is_protected_when_the_stack_says_so() -> None:
    protected = {made.name for made in up("protected") if made.request.protect}
    assert protected == {made.name for made in up("protected")} - {"apim-ai-gateway-dev"}
    assert not any(made.request.protect for made in up("reference"))


def test_a_user_assigned_identity_has_the_roles_and_asks_for_the_tokens() -> None:
    deployed = up("user-assigned identity")
    assert {role.inputs["principalId"] for role in deployed.all("RoleAssignment")} == {IDENTITY["principalId"]}
    assert f'client-id="{IDENTITY["clientId"]}"' in deployed.one("ApiPolicy").inputs["value"]
    assert deployed.exports["principal_id"] == IDENTITY["principalId"]


def test_the_order_in_which_backends_are_listed_changes_nothing() -> None:
    turned = deploy_reference(backends=list(reversed(reference_config()["backends"])))
    assert turned.urns == up("reference").urns
    for urn, resource in up("reference").resources.items():
        assert turned.resources[urn].inputs == resource.inputs


def test_bad_configuration_ends_with_every_problem_before_anything_is_registered() -> None:
    bad = {**reference_config(), "backends": [], "breker": {}, "pool": {"name": "a.b"}}
    text, registered = refusal(PROGRAM, config=as_config(bad))

    assert registered == []
    assert text.startswith("The configuration has 3 problems:\n")


def test_the_program_names_no_local_azure() -> None:
    assert "twin" not in PROGRAM.read_text()
    assert len(PROGRAM.read_text().splitlines()) < 50


def test_every_question_to_azure_is_answered_by_the_tests() -> None:
    asked = {call.token for configuration in CONFIGURATIONS for call in up(configuration).calls}
    assert asked == set(ANSWERS) - {"apimanagement:getApiPolicy"}


if __name__ == "__main__":
    print(*up("reference").urns, sep="\n")  # noqa: T201
