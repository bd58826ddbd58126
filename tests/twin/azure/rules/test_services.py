"""API Management services: tiers, names, identities, soft delete."""

from typing import Any

import pytest

from tests.support.arm import LocalAzure, refusal, wrong_fields
from tests.support.service import GROUP, service_body

SERVICES = f"{GROUP}/providers/Microsoft.ApiManagement/service"


@pytest.fixture(autouse=True)
def _group(azure: LocalAzure) -> None:
    azure.made(GROUP, {"location": "eastus2"})


def put(azure: LocalAzure, body: dict[str, Any], name: str = "apim-contoso") -> Any:
    return azure.put(f"{SERVICES}/{name}", body)


def test_a_service_gets_its_addresses_from_azure(azure: LocalAzure) -> None:
    body = azure.made(f"{SERVICES}/apim-contoso", service_body())
    found = body["properties"]
    assert found["gatewayUrl"] == "https://apim-contoso.azure-api.net"
    assert found["gatewayRegionalUrl"] == "https://apim-contoso-eastus2-01.regional.azure-api.net"
    assert found["provisioningState"] == "Succeeded"
    assert found["createdAtUtc"] == "2026-01-05T12:00:00.0000000Z"
    assert found["publicIPAddresses"] == ["203.0.113.10"]
    assert found["publisherEmail"] == "team@contoso.com"
    assert (body["name"], body["type"], body["location"]) == (
        "apim-contoso",
        "Microsoft.ApiManagement/service",
        "eastus2",
    )
    assert body["etag"]
    assert body["systemData"]["createdAt"] == "2026-01-05T12:00:00.0000000Z"


def test_a_changed_service_keeps_the_time_of_its_creation_and_its_principal(azure: LocalAzure) -> None:
    body = {**service_body(), "identity": {"type": "SystemAssigned"}}
    first = azure.made(f"{SERVICES}/apim-contoso", body)
    azure.wait(60)
    second = azure.made(f"{SERVICES}/apim-contoso", {**body, "tags": {"team": "a"}})
    assert second["properties"]["createdAtUtc"] == first["properties"]["createdAtUtc"]
    assert second["identity"] == first["identity"]
    assert second["systemData"]["lastModifiedAt"] == "2026-01-05T12:01:00.0000000Z"
    assert second["tags"] == {"team": "a"}


def test_two_services_have_two_principals(azure: LocalAzure) -> None:
    body = {**service_body(), "identity": {"type": "SystemAssigned"}}
    principals = {azure.made(f"{SERVICES}/apim-{n}", body)["identity"]["principalId"] for n in range(2)}
    assert len(principals) == 2


def test_a_user_assigned_identity_gets_principal_and_client(azure: LocalAzure) -> None:
    identity = "/subscriptions/s/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway"
    body = {**service_body(), "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}}
    found = azure.made(f"{SERVICES}/apim-contoso", body)["identity"]
    assert set(found["userAssignedIdentities"][identity]) == {"principalId", "clientId"}
    assert "principalId" not in found


def test_identities_must_fit_their_type(azure: LocalAzure) -> None:
    missing = {**service_body(), "identity": {"type": "UserAssigned"}}
    assert wrong_fields(put(azure, missing)) == [
        ("identity", "userAssignedIdentities is required for an identity of type UserAssigned.")
    ]
    extra = {**service_body(), "identity": {"type": "SystemAssigned", "userAssignedIdentities": {"/x": {}}}}
    assert wrong_fields(put(azure, extra)) == [
        ("identity", "userAssignedIdentities needs an identity of type UserAssigned.")
    ]


@pytest.mark.parametrize(
    ("sku", "capacity"),
    [
        ("Consumption", 0),
        ("Developer", 1),
        ("Basic", 2),
        ("Standard", 4),
        ("Premium", 12),
        ("BasicV2", 10),
        ("StandardV2", 10),
        ("PremiumV2", 30),
    ],
)
def test_every_tier_takes_its_largest_size(azure: LocalAzure, sku: str, capacity: int) -> None:
    assert put(azure, service_body(sku, capacity)).status == 201


@pytest.mark.parametrize(
    ("sku", "capacity", "span"),
    [
        ("Consumption", 1, "0"),
        ("Developer", 2, "1"),
        ("Basic", 3, "1 to 2"),
        ("Standard", 0, "1 to 4"),
        ("StandardV2", 11, "1 to 10"),
    ],
)
def test_a_size_outside_the_tiers_is_refused(azure: LocalAzure, sku: str, capacity: int, span: str) -> None:
    assert wrong_fields(put(azure, service_body(sku, capacity))) == [
        ("sku", f"The capacity of tier {sku} is {capacity}: it must be {span}.")
    ]


def test_an_unknown_tier_is_refused(azure: LocalAzure) -> None:
    assert wrong_fields(put(azure, service_body("Gold"))) == [
        (
            "sku",
            "'Gold' is not a tier: it must be one of Consumption, Developer, Basic, Standard, Premium, BasicV2,"
            " StandardV2, PremiumV2, Isolated.",
        )
    ]


@pytest.mark.parametrize(("before", "after"), [("Developer", "BasicV2"), ("Consumption", "Developer")])
def test_a_service_cannot_move_between_the_generations(azure: LocalAzure, before: str, after: str) -> None:
    azure.made(f"{SERVICES}/apim-contoso", service_body(before, 0 if before == "Consumption" else 1))
    assert wrong_fields(put(azure, service_body(after))) == [
        ("sku", f"A service cannot move from tier {before} to {after}.")
    ]


def test_a_service_may_move_within_the_classic_tiers(azure: LocalAzure) -> None:
    azure.made(f"{SERVICES}/apim-contoso", service_body("Developer"))
    assert put(azure, service_body("Premium")).status == 200


def test_publisher_and_sku_are_required(azure: LocalAzure) -> None:
    assert sorted(target for target, _ in wrong_fields(put(azure, {"location": "eastus2"}))) == [
        "publisherEmail",
        "publisherName",
        "sku",
    ]


def test_a_publisher_email_without_an_at_is_refused(azure: LocalAzure) -> None:
    assert wrong_fields(put(azure, service_body(publisherEmail="contoso"))) == [
        ("publisherEmail", "'contoso' is not a valid e-mail address.")
    ]


@pytest.mark.parametrize("name", ["1apim", "apim_contoso", "apim-", "a" * 51])
def test_a_name_that_is_no_host_name_is_refused(azure: LocalAzure, name: str) -> None:
    (target, _), *others = wrong_fields(put(azure, service_body(), name))
    assert (target, others) == ("serviceName", [])


def test_a_service_cannot_move_to_another_place(azure: LocalAzure) -> None:
    azure.made(f"{SERVICES}/apim-contoso", service_body())
    assert put(azure, {**service_body(), "location": "East US 2"}).status == 200
    assert refusal(put(azure, {**service_body(), "location": "westus"})) == (
        409,
        "InvalidResourceLocation",
        "The resource 'apim-contoso' already exists in location 'East US 2' in resource group 'rg-gateway'. A resource"
        " with the same name cannot be created in location 'westus'. Please select a new resource name.",
    )


def test_a_resource_group_cannot_move_to_another_place(azure: LocalAzure) -> None:
    status, code, _ = refusal(azure.put(GROUP, {"location": "westus"}))
    assert (status, code) == (409, "InvalidResourceGroupLocation")


def test_a_name_is_taken_in_all_of_azure(azure: LocalAzure) -> None:
    azure.made(f"{SERVICES}/apim-contoso", service_body())
    azure.made("/resourceGroups/rg-other", {"location": "eastus2"})
    elsewhere = "/resourceGroups/rg-other/providers/Microsoft.ApiManagement/service/APIM-Contoso"
    assert refusal(azure.put(elsewhere, service_body())) == (
        409,
        "ServiceAlreadyExists",
        "Api service already exists: apim-contoso",
    )
