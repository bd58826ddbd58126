"""Azure OpenAI accounts and their deployments."""

from typing import Any

import pytest

from tests.support.arm import LocalAzure, body_of, local_azure, refusal, wrong_fields
from twin.azure.faults import Delays

ACCOUNTS = "/resourceGroups/rg-openai/providers/Microsoft.CognitiveServices/accounts"


def account(subdomain: str | None = "aoai-new", **properties: Any) -> dict[str, Any]:
    own = {"customSubDomainName": subdomain} if subdomain else {}
    return {"kind": "OpenAI", "sku": {"name": "S0"}, "location": "eastus", "properties": {**own, **properties}}


def deployment(model: str = "gpt-4o") -> dict[str, Any]:
    model_of = {"format": "OpenAI", "name": model, "version": "2024-11-20"}
    return {"sku": {"name": "Standard", "capacity": 10}, "properties": {"model": model_of}}


def test_the_reference_accounts_have_their_name_as_subdomain_and_no_keys(azure: LocalAzure) -> None:
    for name, location in (("aoai-eus2-1", "eastus2"), ("aoai-eus-1", "eastus"), ("aoai-eus-2", "eastus")):
        found = body_of(azure.get(f"{ACCOUNTS}/{name}"))
        assert (found["kind"], found["sku"], found["location"]) == ("OpenAI", {"name": "S0"}, location)
        assert found["properties"]["endpoint"] == f"https://{name}.openai.azure.com/"
        assert found["properties"]["customSubDomainName"] == name
        assert found["properties"]["disableLocalAuth"] is True
        assert found["properties"]["provisioningState"] == "Succeeded"


@pytest.mark.parametrize(
    ("body", "endpoint"),
    [
        (account(), "https://aoai-new.openai.azure.com/"),
        (account(None), "https://eastus.api.cognitive.microsoft.com/"),
        ({**account(), "kind": "AIServices"}, "https://aoai-new.cognitiveservices.azure.com/"),
    ],
)
def test_the_endpoint_follows_from_kind_and_subdomain(azure: LocalAzure, body: dict[str, Any], endpoint: str) -> None:
    assert azure.made(f"{ACCOUNTS}/aoai-new", body)["properties"]["endpoint"] == endpoint


def test_a_subdomain_is_taken_in_all_of_azure(azure: LocalAzure) -> None:
    assert refusal(azure.put(f"{ACCOUNTS}/aoai-new", account("AOAI-eus-1"))) == (
        409,
        "CustomDomainInUse",
        "Please pick a different name. The subdomain name 'AOAI-eus-1' is not available as it's already used by a"
        " resource.",
    )


def test_an_account_needs_kind_sku_and_location(azure: LocalAzure) -> None:
    assert refusal(azure.put(f"{ACCOUNTS}/aoai-new", {"properties": {}}))[1] == "LocationRequired"
    answer = azure.put(f"{ACCOUNTS}/aoai-new", {"location": "eastus"})
    assert [target for target, _ in wrong_fields(answer)] == ["kind", "sku"]


def test_keys_are_listed_only_where_they_are_allowed(azure: LocalAzure) -> None:
    assert refusal(azure.call("POST", f"{ACCOUNTS}/aoai-eus-1/listKeys")) == (
        400,
        "BadRequest",
        "Failed to list key. disableLocalAuth is set to be true",
    )
    azure.made(f"{ACCOUNTS}/aoai-new", account())
    keys = body_of(azure.call("POST", f"{ACCOUNTS}/aoai-new/listKeys"))
    assert set(keys) == {"key1", "key2"}


def test_a_missing_account_is_not_found_in_azures_words(azure: LocalAzure) -> None:
    assert refusal(azure.get(f"{ACCOUNTS}/aoai-wrong")) == (
        404,
        "ResourceNotFound",
        "The Resource 'Microsoft.CognitiveServices/accounts/aoai-wrong' under resource group 'rg-openai' was not found."
        " For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def test_a_deployment_needs_model_and_sku(azure: LocalAzure) -> None:
    answer = azure.put(f"{ACCOUNTS}/aoai-eus-1/deployments/chat", {"properties": {}})
    assert [target for target, _ in wrong_fields(answer)] == ["model", "sku"]
    assert azure.put(f"{ACCOUNTS}/aoai-eus-1/deployments/chat", deployment()).status == 201


def test_deployments_of_one_account_are_made_one_after_another() -> None:
    azure = local_azure(delays=Delays(long_running=5))
    assert azure.put(f"{ACCOUNTS}/aoai-eus-1/deployments/a", deployment()).status == 201
    status, code, message = refusal(azure.put(f"{ACCOUNTS}/aoai-eus-1/deployments/b", deployment()))
    assert (status, code) == (409, "RequestConflict")
    assert message.startswith("Another operation is being performed on the parent resource")
    assert azure.put(f"{ACCOUNTS}/aoai-eus-2/deployments/b", deployment()).status == 201
    azure.wait(5)
    assert azure.put(f"{ACCOUNTS}/aoai-eus-1/deployments/b", deployment()).status == 201
