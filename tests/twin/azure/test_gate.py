"""What Resource Manager checks before any resource provider: version, subscription, group, parent."""

import pytest

from tests.support.arm import LocalAzure, refusal
from tests.support.service import GROUP, Service, policy

NOWHERE = f"{GROUP}/providers/Microsoft.ApiManagement/service/nowhere"
BACKEND = {"properties": {"url": "https://a.example", "protocol": "http"}}


def test_a_call_without_an_api_version_is_refused(service: Service) -> None:
    assert refusal(service.get("", version="")) == (
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def test_an_unknown_version_of_a_provider_is_refused_in_azures_words(service: Service) -> None:
    assert refusal(service.get("", version="2023-09-01-preview")) == (
        400,
        "NoRegisteredProviderFound",
        "No registered resource provider found for location 'eastus2' and API version '2023-09-01-preview' for type"
        " 'service'. The supported api-versions are '2024-05-01'.",
    )


def test_a_malformed_version_is_refused(service: Service) -> None:
    assert refusal(service.get("", version="latest")) == (
        400,
        "InvalidApiVersionParameter",
        "The api-version 'latest' is invalid. The supported versions are '2024-05-01'.",
    )


def test_resource_groups_are_read_with_the_versions_that_clients_use(azure: LocalAzure) -> None:
    for version in ("2024-03-01", "2020-10-01", "2021-04-01"):
        assert azure.get("/resourceGroups/rg-openai", version=version).status == 200
    assert refusal(azure.get("/resourceGroups/rg-openai", version="2099-01-01"))[:2] == (
        400,
        "InvalidApiVersionParameter",
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_missing_resource_group_is_not_found(azure: LocalAzure, method: str) -> None:
    path = "/resourceGroups/rg-none/providers/Microsoft.ApiManagement/service/apim"
    assert refusal(azure.call(method, path, {})) == (
        404,
        "ResourceGroupNotFound",
        "Resource group 'rg-none' could not be found.",
    )


def test_a_missing_resource_group_cannot_be_read_or_deleted(azure: LocalAzure) -> None:
    for method in ("GET", "DELETE"):
        assert refusal(azure.call(method, "/resourceGroups/rg-none"))[:2] == (404, "ResourceGroupNotFound")


def test_another_subscription_is_not_found(azure: LocalAzure) -> None:
    other = "99999999-9999-9999-9999-999999999999"
    assert refusal(azure.get(f"/subscriptions/{other}/resourceGroups/rg")) == (
        404,
        "SubscriptionNotFound",
        f"The subscription '{other}' could not be found.",
    )
    assert refusal(azure.get("/subscriptions/mine/resourceGroups/rg"))[:2] == (400, "InvalidSubscriptionId")


def test_a_child_of_a_missing_service_is_refused_in_resource_managers_words(service: Service) -> None:
    assert refusal(service.azure.put(f"{NOWHERE}/backends/a", BACKEND)) == (
        404,
        "ParentResourceNotFound",
        "Can not perform requested operation on nested resource. Parent resource 'nowhere' not found.",
    )
    assert refusal(service.azure.get(f"{NOWHERE}/backends/a")) == (
        404,
        "ResourceNotFound",
        "The Resource 'Microsoft.ApiManagement/service/nowhere' under resource group 'rg-gateway' was not found. For"
        " more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )
    assert refusal(service.azure.get(f"{NOWHERE}/backends"))[:2] == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/backends/a", "Backend not found."),
        ("/apis/a", "Api not found."),
        ("/namedValues/a", "NamedValue not found."),
        ("/subscriptions/a", "Subscription not found."),
        ("/loggers/a", "Logger not found."),
        ("/products/a", "Product not found."),
        ("/policyFragments/a", "PolicyFragment not found."),
        ("/diagnostics/applicationinsights", "Diagnostic not found."),
        ("/apis/a/operations/b", "Api not found."),
        ("/apis/openai/operations/b", "Operation not found."),
        ("/apis/openai/operations/b/policies/policy", "Operation not found."),
        ("/apis/openai/policies/policy", "Policy not found."),
    ],
)
def test_what_is_not_there_is_named_by_its_type(service: Service, path: str, message: str) -> None:
    service.api()
    assert refusal(service.get(path)) == (404, "ResourceNotFound", message)


def test_a_child_of_a_missing_api_is_not_found(service: Service) -> None:
    assert refusal(service.put("/apis/a/policies/policy", policy())) == (404, "ResourceNotFound", "Api not found.")


def test_an_unknown_method_is_refused(service: Service) -> None:
    assert refusal(service.azure.call("OPTIONS", f"{service.path}/backends/a"))[:2] == (405, "MethodNotAllowed")
    assert refusal(service.azure.call("PUT", f"{service.path}/backends"))[:2] == (405, "MethodNotAllowed")
