"""What the provider says of itself, and whom it talks to."""

import importlib.metadata

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as proto

from tests.twin.provider.engine import SUBSCRIPTION, Engine, details, engine
from tests.twin.provider.examples import BACKEND, INPUTS
from tests.twin.provider.scripted_arm import ScriptedArm


def test_it_answers_what_the_real_provider_answers_and_takes_no_secrets(configured: Engine) -> None:
    answer = configured.configure()

    assert (answer.supportsPreview, answer.supports_autonaming_configuration) == (True, True)
    assert not any((answer.acceptSecrets, answer.acceptResources, answer.acceptOutputs))


def test_the_plugin_is_as_new_as_the_sdk(configured: Engine) -> None:
    assert configured.stub.GetPluginInfo(empty_pb2.Empty()).version == importlib.metadata.version("pulumi_azure_native")


@pytest.mark.parametrize("host", ["https://management.azure.com", "http://10.0.0.4:8470", "management.azure.com"])
def test_any_endpoint_but_this_machine_is_refused(arm: ScriptedArm, host: str) -> None:
    with engine({"ARM_METADATA_HOSTNAME": host}) as running, pytest.raises(grpc.RpcError) as caught:
        running.configure()

    assert "only talks to this machine, not to" in details(caught)


def test_a_metadata_host_that_names_another_machine_is_refused(arm: ScriptedArm) -> None:
    arm.next("GET", "/metadata/endpoints", 200, {"resourceManager": "https://management.azure.com/"})

    with engine({"ARM_METADATA_HOSTNAME": arm.url}) as running, pytest.raises(grpc.RpcError) as caught:
        running.configure()

    assert "not to 'https://management.azure.com/'" in details(caught)


def test_a_metadata_host_that_is_something_else_is_refused(arm: ScriptedArm) -> None:
    arm.next("GET", "/metadata/endpoints", 200, "<html>")

    with engine({"ARM_METADATA_HOSTNAME": arm.url}) as running, pytest.raises(grpc.RpcError) as caught:
        running.configure()

    assert details(caught) == f"{arm.url} does not say where Azure Resource Manager is: it is not the twin"


def test_without_a_metadata_host_the_real_azure_is_not_the_default() -> None:
    with engine({}) as running, pytest.raises(grpc.RpcError) as caught:
        running.configure()

    assert "neither ARM_METADATA_HOSTNAME nor azure-native:metadataHost is set" in details(caught)


def test_a_twin_that_does_not_run_is_named_with_the_way_to_start_it() -> None:
    with engine({"ARM_METADATA_HOSTNAME": "http://127.0.0.1:1"}) as running, pytest.raises(grpc.RpcError) as caught:
        running.configure()

    assert "the twin does not run" in details(caught)
    assert "`python -m twin up` starts it" in details(caught)


def test_the_configuration_wins_over_the_environment(arm: ScriptedArm) -> None:
    with engine({"ARM_METADATA_HOSTNAME": "https://elsewhere", "ARM_SUBSCRIPTION_ID": "s1"}) as running:
        running.configure(metadataHost=arm.url, subscriptionId="s2")
        resource_id, _ = running.create("apimanagement:Backend", INPUTS)

    assert resource_id == BACKEND.replace(SUBSCRIPTION, "s2")


def test_cancel_is_answered(configured: Engine) -> None:
    assert configured.stub.Cancel(empty_pb2.Empty()) == empty_pb2.Empty()


def test_verbs_that_the_real_provider_does_not_have_are_unimplemented(configured: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        configured.stub.Construct(proto.ConstructRequest())

    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
