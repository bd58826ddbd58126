"""ApimService on its own: what it asks Azure for, and what it refuses to ask for."""

from typing import Any, cast

import pulumi
import pytest

from components import ApimService, ApimServiceArgs
from components.service import identified
from tests.support import reference, strict
from tests.support.deployment import Deployment, Unknown, deploy, refusal

NEW: dict[str, Any] = {
    "resource_group_name": "rg-gateway",
    "location": "eastus2",
    "publisher_email": "platform@example.com",
    "publisher_name": "Platform team",
    "sku": "Developer",
}
EXISTING: dict[str, Any] = {"existing": {"resource_group": "rg-shared", "name": "apim-shared"}}
IDENTITY = {
    "resource_id": "/subscriptions/x/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id",
    "client_id": "00000000-0000-0000-0000-0000000000c1",
    "principal_id": "00000000-0000-0000-0000-0000000000b1",
}
IDENTITY["resource_id"] = IDENTITY["resource_id"].replace("/x/", f"/{reference.SUBSCRIPTION}/")


def service(
    logical: str = "contoso", /, *, preview: bool = False, protect: bool | None = None, **args: Any
) -> Deployment:
    def program() -> None:
        opts = pulumi.ResourceOptions(protect=protect)
        made = ApimService(logical, cast("ApimServiceArgs", args), opts)
        pulumi.export("principal_id", made.principal_id)

    return deploy(program, preview=preview, answers=reference.ANSWERS)


def test_a_new_service_is_what_was_asked_for_with_an_identity_of_its_own() -> None:
    deployed = service(**NEW, tags={"team": "platform"})

    assert strict.all_problems(deployed) == []
    expected = {
        "resourceGroupName": "rg-gateway",
        "location": "eastus2",
        "publisherEmail": "platform@example.com",
        "publisherName": "Platform team",
        "sku": {"name": "Developer", "capacity": 1},
        "identity": {"type": "SystemAssigned"},
        "tags": {"team": "platform"},
    }
    made = deployed.one("ApiManagementService").inputs
    assert {key: made.get(key) for key in expected} == expected
    assert "serviceName" not in made, "a deleted name is taken for 48 hours, so the provider adds a random suffix"
    assert deployed.exports == {"principal_id": reference.PRINCIPAL}


def test_a_given_name_is_the_name_of_the_service() -> None:
    assert service(**NEW, name="my-apim").one("ApiManagementService").inputs["serviceName"] == "my-apim"


def test_a_user_assigned_identity_takes_the_place_of_the_services_own() -> None:
    deployed = service(**NEW, identity=IDENTITY)

    assert strict.all_problems(deployed) == []
    assert deployed.one("ApiManagementService").inputs["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": {IDENTITY["resource_id"]: {}},
    }
    assert deployed.exports == {"principal_id": IDENTITY["principal_id"]}


@pytest.mark.parametrize("sku", ["Developer", "Basic", "Standard", "Premium"])
def test_old_protocols_and_weak_ciphers_are_off_in_the_classic_tiers(sku: str) -> None:
    settings = service(**{**NEW, "sku": sku}).one("ApiManagementService").inputs["customProperties"]

    security = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security"
    assert set(settings.values()) == {"False"}
    assert {key.removeprefix(f"{security}.") for key in settings} == {
        *(f"Protocols.{old}" for old in ("Ssl30", "Tls10", "Tls11")),
        *(f"Backend.Protocols.{old}" for old in ("Ssl30", "Tls10", "Tls11")),
        "Ciphers.TripleDes168",
        "Ciphers.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        "Ciphers.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        "Ciphers.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "Ciphers.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        "Ciphers.TLS_RSA_WITH_AES_128_GCM_SHA256",
        "Ciphers.TLS_RSA_WITH_AES_256_CBC_SHA256",
        "Ciphers.TLS_RSA_WITH_AES_128_CBC_SHA256",
        "Ciphers.TLS_RSA_WITH_AES_256_CBC_SHA",
        "Ciphers.TLS_RSA_WITH_AES_128_CBC_SHA",
    }


@pytest.mark.parametrize(("sku", "capacity"), [("Consumption", 0), ("BasicV2", 1), ("StandardV2", 1), ("PremiumV2", 1)])
def test_tiers_with_a_fixed_list_of_ciphers_are_not_told_any(sku: str, capacity: int) -> None:
    made = service(**{**NEW, "sku": sku}).one("ApiManagementService").inputs

    assert "customProperties" not in made
    assert made["sku"] == {"name": sku, "capacity": capacity}


def test_azure_has_two_hours_to_make_a_service() -> None:
    timeouts = service(**NEW).one("ApiManagementService").request.customTimeouts
    assert (timeouts.create, timeouts.update, timeouts.delete) == ("120m", "120m", "120m")


def test_protect_on_the_component_reaches_the_service() -> None:
    assert service(**NEW, protect=True).one("ApiManagementService").request.protect
    assert not service(**NEW).one("ApiManagementService").request.protect


def test_a_new_service_is_looked_up_after_it_was_made_and_not_in_its_first_preview() -> None:
    made, planned = service(**NEW), service(**NEW, preview=True)

    assert [(call.token, call.arguments) for call in made.calls] == [
        (
            "apimanagement:getApiManagementService",
            {"resourceGroupName": "rg-gateway", "serviceName": "contoso01234567"},
        )
    ]
    assert planned.calls == []
    assert planned.exports == {"principal_id": Unknown()}
    assert planned.urns == made.urns


def test_an_existing_service_is_looked_up_in_the_preview_and_nothing_is_made() -> None:
    planned = service(**EXISTING, preview=True)

    assert [resource.name for resource in planned] == ["apim-ai-gateway-dev", "contoso"]
    assert planned.one("ApimService").outputs == {
        "name": "apim-shared",
        "resourceGroupName": "rg-shared",
        "resourceId": f"/subscriptions/{reference.SUBSCRIPTION}/resourceGroups/rg-shared"
        "/providers/Microsoft.ApiManagement/service/apim-shared",
        "gatewayUrl": "https://apim-shared.azure-api.net",
        "principalId": reference.PRINCIPAL,
    }


def without_identity(arguments: Any) -> dict[str, Any]:
    return {key: value for key, value in reference.service(arguments).items() if key != "identity"}


def test_an_existing_service_without_an_identity_says_what_to_do_when_one_is_needed() -> None:
    def program() -> None:
        found = ApimService("contoso", cast("ApimServiceArgs", EXISTING))
        pulumi.export("principal_id", found.principal_id)
        if needed:
            pulumi.export("needed", identified(found))

    answers = {"apimanagement:getApiManagementService": without_identity}
    needed = False
    assert deploy(program, answers=answers).exports == {"principal_id": ""}

    needed = True
    with pytest.raises(pulumi.RunError) as refused:
        deploy(program, answers=answers, preview=True)
    assert str(refused.value) == (
        "service.existing: apim-shared has no managed identity of its own, and the policy calls the accounts with it."
        " Turn it on: az apim update --name apim-shared --resource-group rg-shared --enable-managed-identity true."
        " Or write policy.managedIdentity: false, and callers bring a token for the accounts."
    )


@pytest.mark.parametrize("name", ["my_gateway", "9lives", "a" * 43])
def test_a_component_whose_name_makes_no_name_of_a_service_is_refused_unless_one_is_given(name: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        service(name, **NEW)

    assert f'ApimService "{name}" has 1 problem:\n  - name: found nothing; "{name}" and eight digits' in str(
        refused.value
    )
    assert service(name, **NEW, name="my-apim").one("ApiManagementService").name == name


def test_every_problem_is_told_at_once_and_nothing_is_registered() -> None:
    args = {"sku": "developer", "capacity": 2.5, "tagz": {}}
    text, registered = refusal(lambda: ApimService("my_gateway", cast("ApimServiceArgs", args)))

    assert registered == []
    assert sorted(line.split(":")[0].strip(" -") for line in text.splitlines()[1:-1]) == [
        "capacity",
        "location",
        "name",
        "publisherEmail",
        "publisherName",
        "resourceGroupName",
        "sku",
        "tagz",
    ]
