"""The provider and the twin's Azure Resource Manager together: what one sends, the other takes and gives back."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from tests.support.arm import LocalArm, local_arm
from tests.twin.provider.engine import Engine, details, engine
from twin.provider.refusal import read

GROUP = {"resourceGroupName": "rg-gateway"}
SERVICE = {**GROUP, "serviceName": "gateway"}
API = {**SERVICE, "apiId": "openai"}
POLICY = "<policies><inbound><base /></inbound><backend><base /></backend><outbound /><on-error /></policies>"

WHOLE = POLICY.replace("<base />", "")

# In the order in which one needs the other.
GATEWAY: list[tuple[str, dict[str, Any]]] = [
    ("resources:ResourceGroup", {**GROUP, "location": "East US 2", "tags": {"owner.team": "platform"}}),
    (
        "apimanagement:ApiManagementService",
        {
            **SERVICE,
            "publisherEmail": "platform@contoso.com",
            "publisherName": "Contoso",
            "sku": {"name": "Developer", "capacity": 1},
            "identity": {"type": "SystemAssigned"},
        },
    ),
    ("apimanagement:Backend", {**SERVICE, "backendId": "b1", "url": "https://b1.example/openai", "protocol": "http"}),
    (
        "apimanagement:Policy",
        {**SERVICE, "policyId": "policy", "format": "xml", "value": WHOLE},
    ),
    ("apimanagement:NamedValue", {**SERVICE, "namedValueId": "nv", "displayName": "nv", "value": "v", "secret": True}),
    ("apimanagement:Api", {**API, "displayName": "Azure OpenAI", "path": "openai", "protocols": ["https"]}),
    (
        "apimanagement:ApiOperation",
        {
            **API,
            "operationId": "all",
            "displayName": "All",
            "method": "POST",
            "urlTemplate": "/{*path}",
            "templateParameters": [{"name": "path", "type": "string", "required": True}],
        },
    ),
    ("apimanagement:ApiPolicy", {**API, "policyId": "policy", "format": "xml", "value": POLICY}),
    ("apimanagement:Subscription", {**SERVICE, "sid": "team", "displayName": "Team", "scope": "/apis"}),
]


@pytest.fixture
def azure() -> Iterator[LocalArm]:
    with local_arm() as running:
        yield running


@pytest.fixture
def deployer(azure: LocalArm) -> Iterator[Engine]:
    with engine({"ARM_METADATA_HOSTNAME": azure.url}) as running:
        running.configure()
        yield running


def _deploy(deployer: Engine) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Everything, checked and created: type, id, inputs and outputs."""
    made = []
    for token, news in GATEWAY:
        inputs, failures = deployer.check(token, news)
        assert failures == []
        made.append((token, *deployer.create(token, inputs), inputs))
    return [(token, resource_id, inputs, outputs) for token, resource_id, outputs, inputs in made]


def test_a_gateway_is_deployed_and_a_refresh_right_after_changes_nothing(deployer: Engine) -> None:
    for token, resource_id, inputs, outputs in _deploy(deployer):
        assert deployer.read(token, resource_id, inputs, outputs) == (resource_id, outputs, inputs), token


def test_what_is_deleted_in_reverse_leaves_nothing_of_ours(deployer: Engine, azure: LocalArm) -> None:
    for token, resource_id, _, _ in reversed(_deploy(deployer)):
        deployer.delete(token, resource_id)
        assert deployer.read(token, resource_id)[0] == "" or token == "apimanagement:Policy", token

    assert [found.id for found in azure.store.all() if "rg-gateway" in found.id.lower()] == []


def test_a_long_operation_is_followed_to_its_end(deployer: Engine, azure: LocalArm) -> None:
    azure.delays(longRunning=0.05)

    _deploy(deployer)

    assert len(deployer.waits) >= 3  # the service, the named value, the API


def test_a_refusal_comes_back_with_its_details_and_correlation_id(deployer: Engine) -> None:
    _deploy(deployer)
    pool = {**SERVICE, "backendId": "pool", "type": "Pool", "url": "https://x", "pool": {"services": [{"id": "nope"}]}}

    with pytest.raises(grpc.RpcError) as caught:
        deployer.create("apimanagement:Backend", pool)

    refusal = read(details(caught))
    assert refusal is not None
    assert (refusal.status, refusal.code) == (400, "ValidationError")
    assert "url: Url is not supported for backend pool." in refusal.details
    assert refusal.correlation_id


def test_a_throttled_call_is_survived_as_on_azure(deployer: Engine, azure: LocalArm) -> None:
    azure.faults({"method": "PUT", "path": ".*/backends/b1", "status": 429, "retryAfter": 9, "times": 2})

    _deploy(deployer)

    assert deployer.waits.count(9) == 2


def test_keys_and_accounts_are_found(deployer: Engine) -> None:
    _deploy(deployer)

    keys = deployer.invoke("apimanagement:listSubscriptionSecrets", **SERVICE, sid="team")
    account = deployer.invoke("cognitiveservices:getAccount", resourceGroupName="rg-openai", accountName="aoai-eus2-1")

    assert keys.keys() >= {"primaryKey", "secondaryKey"}
    assert account["properties"]["endpoint"] == "https://aoai-eus2-1.openai.azure.com/"
