"""A service and an API that were there before: used, not made; their policy taken over without a moment's loss."""

from typing import Any

import pytest
import yaml

from tests.support.docs import written
from tests.support.twin import Stack, operations

pytestmark = pytest.mark.engine

GROUP = "/resourceGroups/rg-shared"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/our-apim"
API = f"{SERVICE}/apis/openai"
PAGE = "docs/existing-api.md"
POLICY = """<policies>
	<inbound>
		<base />
		<rate-limit calls="100" renewal-period="60" />
	</inbound>
	<backend>
		<base />
	</backend>
	<outbound>
		<base />
	</outbound>
	<on-error>
		<base />
	</on-error>
</policies>"""


@pytest.fixture
def shared_service(stack: Stack) -> Stack:
    """Somebody else's service with an API and its policy, and a stack that is to use them."""
    made(stack, GROUP, {"location": "eastus2"}, version="2024-03-01")
    sku = {"name": "Developer", "capacity": 1}
    properties = {"publisherEmail": "a@example.com", "publisherName": "A"}
    service = {"location": "eastus2", "sku": sku, "identity": {"type": "SystemAssigned"}, "properties": properties}
    made(stack, SERVICE, service)
    api = {"displayName": "OpenAI", "path": "openai", "protocols": ["https"]}
    made(stack, API, {"properties": api})
    del stack.settings["resourceGroup"], stack.settings["location"]
    stack.settings["service"] = {"existing": {"resourceGroup": "rg-shared", "name": "our-apim"}}
    return stack


def made(stack: Stack, path: str, body: object, version: str = "2024-05-01") -> None:
    """Make something in Azure that this project has no part in."""
    status, answer = stack.arm.call("PUT", f"{subscription(stack)}{path}?api-version={version}", body)
    assert status in (200, 201), answer


def subscription(stack: Stack) -> str:
    return f"/subscriptions/{stack.arm.subscription_id}"


def configured(stack: Stack, text: str) -> None:
    """Write the keys of a snippet into the stack's configuration. Its … stands for what differs between readers."""
    group = f"{stack.arm.subscription_id}{GROUP}/providers/Microsoft.ApiManagement"
    snippet = yaml.safe_load(text.replace("/subscriptions/…/service", f"/subscriptions/{group}/service"))
    for key, value in snippet.get("config", snippet).items():
        stack.settings[key.removeprefix("apim-ai-gateway:")] = value


def test_an_existing_service_is_used_and_outlives_the_stack(shared_service: Stack):
    shared_service.settings["api"] = {"name": "models", "path": "models"}  # theirs has the names that are usual
    before = shared_service.everything()

    report = shared_service.up()
    second = shared_service.preview()
    touched = {asked["path"] for asked in shared_service.writes()}
    shared_service.destroy()

    made_names = {name for _, name in operations(report)}
    assert "ai-gateway-aoai-eus2-1" in made_names
    assert made_names.isdisjoint({"ai-gateway-apim", "ai-gateway-group"})
    assert operations(second) == []
    assert f"{subscription(shared_service)}{SERVICE}/backends/openaiopool" in touched
    assert shared_service.everything() == before


def test_the_policy_of_an_existing_api_is_not_written_over(shared_service: Stack):
    settings, error = written(PAGE, "test_the_policy_of_an_existing_api_is_not_written_over")
    made(shared_service, f"{API}/policies/policy", {"properties": {"format": "xml", "value": POLICY}})
    theirs = shared_service.everything()
    configured(shared_service, settings)

    report = shared_service.fail("up", "--yes", "--skip-preview")

    assert [step.resource.name for step in report.failed] == ["ai-gateway-api-policy"]
    said = "".join(one.message for one in report.errors)
    assert all(words in said for words in error.strip().removeprefix("error: ").split("…"))
    assert {path: body for path, body in shared_service.everything().items() if path in theirs} == theirs


def test_it_is_imported_unchanged_and_then_changed_to_fail_over(shared_service: Stack):
    importing, inserting = written(PAGE, "test_it_is_imported_unchanged_and_then_changed_to_fail_over")
    policy = f"{API}/policies/policy"
    made(shared_service, policy, {"properties": {"format": "xml", "value": POLICY}})
    theirs = seen(shared_service, policy)
    configured(shared_service, importing)

    first = shared_service.preview()
    shared_service.up()
    second = shared_service.preview()

    assert ("import", "ai-gateway-api-policy") in operations(first)
    assert seen(shared_service, policy) == theirs
    assert operations(second) == []

    configured(shared_service, inserting)
    third = shared_service.up()
    fourth = shared_service.preview()

    now = seen(shared_service, policy)["properties"]["value"]
    assert operations(third) == [("update", "ai-gateway-api-policy")]
    assert '<rate-limit calls="100" renewal-period="60" />' in now
    assert 'backend-id="openaiopool"' in now
    assert operations(fourth) == []


def seen(stack: Stack, path: str) -> dict[str, Any]:
    """What Azure answers to a GET."""
    status, answer = stack.arm.call("GET", f"{subscription(stack)}{path}?api-version=2024-05-01")
    assert status == 200, answer
    return answer
