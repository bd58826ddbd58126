"""Paths."""

import pytest

from twin.azure.addresses import ActionAddress, Collection, ResourceAddress, SubscriptionAddress, find, parent_of
from twin.azure.errors import Refusal

GROUP = "/subscriptions/S/resourceGroups/rg"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim"
ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/a"


@pytest.mark.parametrize(
    ("path", "parent"),
    [
        (GROUP, "/subscriptions/S"),
        (SERVICE, GROUP),
        (f"{SERVICE}/apis/openai", SERVICE),
        (f"{SERVICE}/apis/openai/operations/chat/policies/policy", f"{SERVICE}/apis/openai/operations/chat"),
        (f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/r", ACCOUNT),
        ("/subscriptions/S/providers/Microsoft.Authorization/roleAssignments/r", "/subscriptions/S"),
    ],
)
def test_the_parent_is_what_the_id_goes_on_from(path: str, parent: str) -> None:
    assert parent_of(path) == parent


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("/subscriptions/S/resourcegroups/Rg", "/subscriptions/S/resourceGroups/Rg"),
        (SERVICE.lower(), SERVICE.replace("/S/", "/s/")),
        (f"{SERVICE}/APIS/OpenAI;rev=1/Policies/policy", f"{SERVICE}/apis/OpenAI/policies/policy"),
        (
            f"{ACCOUNT}/PROVIDERS/microsoft.authorization/roleassignments/r".replace("PROVIDERS", "providers"),
            f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/r",
        ),
    ],
)
def test_a_resources_path_is_spelled_as_azure_spells_it(written: str, spelled: str) -> None:
    address = find("GET", written)
    assert isinstance(address, ResourceAddress)
    assert address.path == spelled


@pytest.mark.parametrize(
    ("path", "token", "parent"),
    [
        ("/subscriptions/S/resourcegroups", "resources:ResourceGroup", "/subscriptions/S"),
        (f"{GROUP}/providers/Microsoft.ApiManagement/service", "apimanagement:ApiManagementService", GROUP),
        (
            "/subscriptions/S/providers/Microsoft.ApiManagement/service",
            "apimanagement:ApiManagementService",
            "/subscriptions/S",
        ),
        (f"{SERVICE}/apis/openai/operations", "apimanagement:ApiOperation", f"{SERVICE}/apis/openai"),
        (f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments", "authorization:RoleAssignment", ACCOUNT),
    ],
)
def test_collections_know_their_type_and_parent(path: str, token: str, parent: str) -> None:
    address = find("GET", path)
    assert isinstance(address, Collection)
    assert (address.row.token, address.parent) == (token, parent)


def test_a_post_points_to_a_function_of_a_resource() -> None:
    address = find("POST", f"{SERVICE}/subscriptions/team-a/listSecrets")
    assert isinstance(address, ActionAddress)
    assert (address.resource.name, address.action.token) == ("team-a", "apimanagement:listSubscriptionSecrets")


def test_subscriptions_are_found_alone_and_together() -> None:
    assert find("GET", "/subscriptions") == SubscriptionAddress("")
    assert find("GET", "/subscriptions/S") == SubscriptionAddress("S")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/subscriptions/S/providers/Microsoft.Foo/bars/x", "InvalidResourceNamespace"),
        ("PUT", f"{SERVICE}/gateways/g", "InvalidResourceType"),
        ("POST", f"{SERVICE}/backends/b/explode", "InvalidResourceType"),
        ("GET", "/tenants/x", "ResourceNotFound"),
    ],
)
def test_paths_to_what_the_twin_does_not_know_are_refused(method: str, path: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        find(method, path)
    assert (refusal.value.status, refusal.value.code) == (404, code)


def test_an_unknown_type_is_answered_with_what_is_known() -> None:
    with pytest.raises(Refusal, match="'service/gateways' could not be found") as refusal:
        find("PUT", f"{SERVICE}/gateways/g")
    assert "service/backends" in refusal.value.message
