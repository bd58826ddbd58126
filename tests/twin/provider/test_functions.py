"""Functions: get of any type, keys, the client."""

import grpc
import pytest

from tests.twin.provider.engine import Engine, details, engine
from tests.twin.provider.examples import BACKEND, GROUP, NAMED, SERVICE
from tests.twin.provider.scripted_arm import ScriptedArm


def test_a_get_function_gives_the_outputs_and_the_id(configured: Engine, arm: ScriptedArm) -> None:
    path = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/aoai"
    arm.resources[path] = {"id": path, "name": "aoai", "properties": {"endpoint": "https://aoai.example/"}}

    found = configured.invoke("cognitiveservices:getAccount", resourceGroupName="rg", accountName="aoai")

    assert found == {
        "id": path,
        "name": "aoai",
        "properties": {"endpoint": "https://aoai.example/"},
        "azureApiVersion": "2025-06-01",
    }


def test_what_does_not_exist_is_an_error_that_names_it(configured: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        configured.invoke("apimanagement:getBackend", resourceGroupName="rg", serviceName="gateway", backendId="b1")

    assert details(caught).startswith(f'request failed {BACKEND}: Status=404 Code="ResourceNotFound"')


def test_keys_are_asked_for_with_a_post_and_come_back_as_they_are(configured: Engine, arm: ScriptedArm) -> None:
    path = f"{SERVICE}/subscriptions/team/listSecrets"
    arm.next("POST", path, 200, {"primaryKey": "one", "secondaryKey": "two"})

    found = configured.invoke("apimanagement:listSubscriptionSecrets", **NAMED, sid="team")

    assert found == {"primaryKey": "one", "secondaryKey": "two"}
    assert arm.requests[-1].query == {"api-version": "2024-05-01"}


def test_the_client_is_the_one_of_the_environment(arm: ScriptedArm) -> None:
    with engine({"ARM_METADATA_HOSTNAME": arm.url, "ARM_TENANT_ID": "t", "ARM_CLIENT_ID": "c"}) as running:
        running.configure(subscriptionId="s")

        assert running.invoke("authorization:getClientConfig") == {
            "clientId": "c",
            "objectId": "00000000-0000-0000-0000-000000000004",
            "subscriptionId": "s",
            "tenantId": "t",
        }


def test_an_argument_of_the_path_that_is_missing_is_named(configured: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        configured.invoke("apimanagement:getBackend", resourceGroupName="rg", serviceName="gateway")

    assert details(caught) == "apimanagement:Backend needs backendId to say which one is meant"


def test_a_function_that_the_twin_does_not_know_is_named_with_those_it_knows(configured: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        configured.invoke("keyvault:getVault")

    assert "the twin does not know keyvault:getVault" in details(caught)
    assert "apimanagement:listSubscriptionSecrets" in details(caught)
