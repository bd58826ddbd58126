"""Create: look, PUT, read back; and the previews before it."""

import grpc
import pytest

from tests.twin.provider.engine import Engine, details, metadata, urn
from tests.twin.provider.examples import BACKEND, INPUTS, NAMED, OUTPUTS, POOL, REFUSAL, SERVICE, backend_body
from tests.twin.provider.scripted_arm import ScriptedArm
from twin.azure.shapes import UNKNOWN
from twin.azure.types import TYPES


def test_a_preview_asks_nothing_and_knows_nothing_that_azure_decides(configured: Engine, arm: ScriptedArm) -> None:
    preview = configured.preview("apimanagement:Backend", INPUTS)

    assert preview["url"] == INPUTS["url"]
    assert preview["name"] == UNKNOWN
    assert preview["circuitBreaker"] == UNKNOWN
    assert arm.log() == []


def test_it_looks_first_then_puts_then_reads_back(configured: Engine, arm: ScriptedArm) -> None:
    created = configured.create("apimanagement:Backend", INPUTS)

    assert created == (BACKEND, OUTPUTS)
    assert arm.log() == [f"GET {BACKEND}", f"PUT {BACKEND}", f"GET {BACKEND}"]
    put = arm.requests[-2]
    assert put.body == {"properties": {"url": "https://one.example/openai", "protocol": "http"}}
    assert put.query == {"api-version": "2024-05-01"}


@pytest.mark.parametrize("token", TYPES)
def test_every_type_is_created_with_what_its_path_needs(configured: Engine, arm: ScriptedArm, token: str) -> None:
    inputs = {name: "rg" if name == "resourceGroupName" else "x" for name in TYPES[token].parameters}

    resource_id, outputs = configured.create(token, inputs)

    assert resource_id in arm.resources
    assert outputs["azureApiVersion"] == TYPES[token].api_version


def test_the_state_holds_what_the_read_back_says_not_what_the_put_answered(
    configured: Engine, arm: ScriptedArm
) -> None:
    canonical = BACKEND.replace("resourceGroups", "resourcegroups")
    arm.next("PUT", BACKEND, 201, backend_body(url="https://put.example"), keeps=True)
    arm.next("GET", BACKEND, 404)
    arm.next("GET", BACKEND, 200, {**backend_body(url="https://get.example"), "id": canonical})

    resource_id, outputs = configured.create("apimanagement:Backend", INPUTS)

    assert resource_id == canonical
    assert outputs["url"] == "https://get.example"


def test_what_exists_already_is_refused_and_left_alone(configured: Engine, arm: ScriptedArm) -> None:
    arm.resources[BACKEND] = backend_body(url="https://theirs.example")

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Backend", INPUTS)

    assert details(caught) == f"cannot create already existing resource '{BACKEND}'"
    assert arm.log() == [f"GET {BACKEND}"]


def test_an_answer_without_content_means_that_nothing_is_there(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("GET", BACKEND, 204)

    assert configured.create("apimanagement:Backend", INPUTS)[0] == BACKEND


def test_where_the_look_is_refused_nothing_is_written(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("GET", BACKEND, 403, {"error": {"code": "AuthorizationFailed", "message": "no"}})

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Backend", INPUTS)

    assert details(caught) == (
        f'cannot check existence of resource \'{BACKEND}\': Status=403 Code="AuthorizationFailed" Message="no"'
    )
    assert arm.log() == [f"GET {BACKEND}"]


def test_the_service_wide_policy_that_came_with_the_service_may_be_written(
    configured: Engine, arm: ScriptedArm
) -> None:
    path = f"{SERVICE}/policies/policy"
    default = dict(TYPES["apimanagement:Policy"].default)
    arm.resources[path] = {"id": path, "name": "policy", "properties": default}

    configured.create("apimanagement:Policy", {**NAMED, "policyId": "policy", "value": "<policies />"})

    assert arm.resources[path]["properties"] == {"value": "<policies />"}


def test_a_service_wide_policy_that_somebody_wrote_is_refused(configured: Engine, arm: ScriptedArm) -> None:
    path = f"{SERVICE}/policies/policy"
    arm.resources[path] = {"id": path, "properties": {"format": "xml", "value": "<policies><inbound/></policies>"}}

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Policy", {**NAMED, "policyId": "policy", "value": "<policies />"})

    assert details(caught) == f"cannot create already existing subresource '{path}'"


def test_inputs_of_the_query_travel_there_in_jsons_spelling(configured: Engine, arm: ScriptedArm) -> None:
    inputs = {**NAMED, "sid": "team", "scope": "/apis", "displayName": "Team", "notify": False, "appType": "portal"}

    configured.create("apimanagement:Subscription", inputs)

    put = next(request for request in arm.requests if request.method == "PUT")
    assert put.query == {"api-version": "2024-05-01", "notify": "false", "appType": "portal"}
    assert put.body == {"properties": {"scope": "/apis", "displayName": "Team"}}


def test_whole_numbers_are_sent_as_whole_numbers(configured: Engine, arm: ScriptedArm) -> None:
    configured.create("apimanagement:Backend", POOL)

    weight = arm.requests[-2].body["properties"]["pool"]["services"][0]["weight"]
    assert (weight, type(weight)) == (1, int)


def test_a_refusal_reaches_the_engine_with_code_message_target_and_correlation_id(
    configured: Engine, arm: ScriptedArm
) -> None:
    arm.next("PUT", BACKEND, 400, REFUSAL, x_ms_correlation_request_id="c-1")

    with pytest.raises(grpc.RpcError) as caught:
        configured.create("apimanagement:Backend", INPUTS)

    assert details(caught) == (
        'Status=400 Code="ValidationError" Message="One or more fields contain incorrect values:" '
        'Details="url: Url is not supported for backend pool." CorrelationId="c-1"'
    )
    assert "grpc-status-details-bin" not in metadata(caught.value)


def test_a_failed_read_back_is_a_warning_because_the_resource_was_written(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("GET", BACKEND, 404)
    arm.next("GET", BACKEND, 403, {"error": {"code": "AuthorizationFailed", "message": "no"}})

    assert configured.create("apimanagement:Backend", INPUTS) == (BACKEND, OUTPUTS)
    ((about, message),) = configured.log.warnings
    assert about == urn("apimanagement:Backend")
    assert "reading it back failed: Status=403" in message
