"""Operations that Azure answers before they are done, and what is left when they fail."""

import grpc
import pytest

from tests.twin.provider.engine import Engine, details, engine, partial_failure
from tests.twin.provider.examples import API, BACKEND, INPUTS, NAMED, OUTPUTS, SERVICE
from tests.twin.provider.scripted_arm import ScriptedArm

PATH = f"{SERVICE}/apis/openai"


def test_location_is_followed_wherever_it_leads_until_the_result_is_there(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 202, keeps=True, location=f"{arm.url}/operations/1", retry_after="7")
    arm.next("GET", "/operations/1", 202, location=f"{arm.url}/operations/2?api-version=own")
    arm.next("GET", "/operations/2", 200, {"id": PATH})

    resource_id, outputs = configured.create("apimanagement:Api", API)

    assert (resource_id, outputs["path"]) == (PATH, "openai")
    assert configured.waits == [7, 0.5]
    assert arm.log()[2:] == ["GET /operations/1", "GET /operations/2", f"GET {PATH}"]
    assert [request.query["api-version"] for request in arm.requests[-3:]] == ["2024-05-01", "own", "2024-05-01"]


def test_an_azure_async_operation_is_asked_for_its_status(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 201, {"properties": {}}, keeps=True, azure_asyncoperation=f"{arm.url}/operations/1")
    arm.next("GET", "/operations/1", 200, {"id": "/operations/1", "status": "InProgress"}, retry_after="2")
    arm.next("GET", "/operations/1", 200, {"id": "/operations/1", "status": "Succeeded"})

    resource_id, outputs = configured.create("apimanagement:Api", API)

    assert (resource_id, outputs["path"]) == (PATH, "openai")
    assert configured.waits == [0.5, 2]


def test_a_resource_that_is_still_provisioning_is_asked_itself(configured: Engine, arm: ScriptedArm) -> None:
    token, inputs = "apimanagement:ApiManagementService", {**NAMED, "publisherName": "Contoso"}
    arm.next("PUT", SERVICE, 201, {"properties": {"provisioningState": "Created"}}, keeps=True)
    arm.next("GET", SERVICE, 404)
    arm.next("GET", SERVICE, 200, {"properties": {"provisioningState": "Activating"}}, retry_after="60")
    arm.next("GET", SERVICE, 200, {"properties": {"provisioningState": "Succeeded"}})

    resource_id, outputs = configured.create(token, inputs)

    assert (resource_id, outputs["publisherName"]) == (SERVICE, "Contoso")
    assert configured.waits == [0.5, 60]


def test_what_is_done_at_once_is_not_waited_for(configured: Engine, arm: ScriptedArm) -> None:
    configured.create("apimanagement:Api", API)

    assert configured.waits == []
    assert arm.log() == [f"GET {PATH}", f"PUT {PATH}", f"GET {PATH}"]


def test_at_once_is_never_quite_at_once(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 202, keeps=True, location="/operations/1", retry_after="0")
    arm.next("GET", "/operations/1", 200)

    configured.create("apimanagement:Api", API)

    assert configured.waits == [0.02]


def test_a_202_is_followed_even_for_a_type_that_should_not_give_one(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", BACKEND, 202, keeps=True, location="/operations/1")
    arm.next("GET", "/operations/1", 200)

    assert configured.create("apimanagement:Backend", INPUTS) == (BACKEND, OUTPUTS)
    assert arm.log()[2:] == ["GET /operations/1", f"GET {BACKEND}"]


def test_an_operation_that_fails_leaves_a_resource_to_go_on_with(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 202, keeps=True, azure_asyncoperation="/operations/1")
    failed = {"status": "Failed", "error": {"code": "ServiceLocked", "message": "busy", "target": "sku"}}
    arm.next("GET", "/operations/1", 200, failed, x_ms_correlation_request_id="c-2")

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Api", API)

    reason = 'Status=200 Code="ServiceLocked" Message="busy" Target="sku" CorrelationId="c-2"'
    detail = partial_failure(caught.value)
    assert details(caught) == reason
    assert list(detail.reasons) == [reason]
    assert detail.id == PATH
    assert detail.properties["path"] == "openai"
    assert detail.inputs["apiId"] == "openai"


def test_an_operation_that_fails_without_a_trace_is_remembered_with_its_inputs(
    configured: Engine, arm: ScriptedArm
) -> None:
    arm.next("PUT", PATH, 202, location="/operations/1")
    arm.next("GET", "/operations/1", 409, {"error": {"code": "Conflict", "message": "busy"}})

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Api", API)

    detail = partial_failure(caught.value)
    assert detail.reasons[0].startswith('Status=409 Code="Conflict" Message="busy"; reading what there is of it failed')
    assert "Status=404" in detail.reasons[0]
    assert (detail.id, len(detail.properties), detail.inputs["apiId"]) == (PATH, 0, "openai")


def test_the_document_of_an_operation_is_not_taken_for_the_resource(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 202, keeps=True, azure_asyncoperation="/operations/1")
    arm.next("GET", "/operations/1", 200, {"id": "/operations/1", "status": "Succeeded"})
    arm.next("GET", PATH, 404)
    arm.next("GET", PATH, 403, {"error": {"code": "AuthorizationFailed", "message": "no"}})

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Api", API)

    assert partial_failure(caught.value).id == PATH
    assert details(caught) == 'Status=403 Code="AuthorizationFailed" Message="no"'


def test_a_provisioning_state_of_failed_is_a_failure(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 201, {"properties": {"provisioningState": "Failed"}}, keeps=True)

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Api", API)

    assert partial_failure(caught.value).id == PATH


def test_no_operation_is_waited_for_longer_than_the_programs_timeout(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 202, keeps=True, location="/operations/1", retry_after="20")
    arm.next("GET", "/operations/1", 202, retry_after="20")

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Api", API, timeout=30)

    assert "operation timed out" in details(caught)
    assert partial_failure(caught.value).id == PATH
    assert configured.waits == [20]


def test_a_poll_that_leads_to_another_machine_is_refused(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 202, keeps=True, location="https://management.azure.com/operations/1")

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Api", API)

    assert "only talks to this machine" in details(caught)


def test_the_engines_cancel_ends_the_wait_and_keeps_what_was_begun(arm: ScriptedArm) -> None:
    arm.next("PUT", PATH, 202, keeps=True, location="/operations/1", retry_after="3600")

    with engine({"ARM_METADATA_HOSTNAME": arm.url}, stop_after=0) as running:
        running.configure()
        with pytest.raises(grpc.RpcError) as caught:
            running.create("apimanagement:Api", API)

    assert details(caught) == "the engine asked to stop"
    assert partial_failure(caught.value).id == PATH
