"""Read: refresh with and without drift, import, gone."""

import grpc
import pytest

from tests.twin.provider.engine import Engine, details
from tests.twin.provider.examples import BACKEND, INPUTS, NAMED, OUTPUTS, SERVICE, backend_body
from tests.twin.provider.scripted_arm import ScriptedArm


def test_a_refresh_without_drift_changes_nothing(configured: Engine) -> None:
    resource_id, state = configured.create("apimanagement:Backend", INPUTS)

    assert configured.read("apimanagement:Backend", resource_id, INPUTS, state) == (BACKEND, OUTPUTS, INPUTS)


def test_a_refresh_brings_drift_into_the_inputs_and_leaves_azures_defaults_out(
    configured: Engine, arm: ScriptedArm
) -> None:
    arm.next("PUT", BACKEND, 201, None, keeps=True)
    arm.next("GET", BACKEND, 404)
    tls = {"validateCertificateName": True}
    arm.next("GET", BACKEND, 200, backend_body(url=INPUTS["url"], protocol="http", tls=tls))
    resource_id, state = configured.create("apimanagement:Backend", INPUTS)
    arm.resources[BACKEND] = backend_body(url="https://drifted.example", protocol="http", tls=tls, title="New")

    _, outputs, inputs = configured.read("apimanagement:Backend", resource_id, INPUTS, state)

    assert outputs["url"] == "https://drifted.example"
    assert inputs == {**INPUTS, "url": "https://drifted.example", "title": "New"}


def test_what_was_taken_away_behind_pulumis_back_leaves_the_inputs(configured: Engine, arm: ScriptedArm) -> None:
    inputs = {**INPUTS, "title": "One"}
    resource_id, state = configured.create("apimanagement:Backend", inputs)
    del arm.resources[BACKEND]["properties"]["title"]

    assert configured.read("apimanagement:Backend", resource_id, inputs, state)[2] == INPUTS


def test_a_string_set_stays_a_list_when_somebody_changes_it(configured: Engine, arm: ScriptedArm) -> None:
    token = "cognitiveservices:Account"
    identity = {"type": "UserAssigned", "userAssignedIdentities": ["/identities/b", "/identities/a"]}
    inputs = {"resourceGroupName": "rg", "accountName": "a", "identity": identity}
    resource_id, state = configured.create(token, inputs)

    unchanged = configured.read(token, resource_id, inputs, state)[2]
    arm.resources[resource_id]["identity"]["userAssignedIdentities"]["/identities/c"] = {"clientId": "c"}
    changed = configured.read(token, resource_id, inputs, state)[2]

    assert unchanged == inputs
    assert changed["identity"]["userAssignedIdentities"] == ["/identities/a", "/identities/b", "/identities/c"]


def test_what_is_gone_has_no_id_any_more(configured: Engine) -> None:
    assert configured.read("apimanagement:Backend", BACKEND, INPUTS, OUTPUTS) == ("", {}, {})


def test_an_import_reads_inputs_by_their_own_names_without_what_is_empty(configured: Engine, arm: ScriptedArm) -> None:
    pool = {"services": [{"id": "one", "weight": 1}]}
    arm.resources[BACKEND] = {
        **backend_body(type="Pool", pool=pool, credentials={"query": {}, "header": {}}),
        "type": "Microsoft.ApiManagement/service/backends",
    }

    resource_id, outputs, inputs = configured.read("apimanagement:Backend", BACKEND)

    assert resource_id == BACKEND
    assert outputs["type"] == "Microsoft.ApiManagement/service/backends"
    assert inputs == {**NAMED, "backendId": "b1", "type": "Pool", "pool": pool}


def test_an_import_of_something_else_says_so(configured: Engine, arm: ScriptedArm) -> None:
    arm.resources[f"{SERVICE}/apis/openai"] = {"id": "x"}

    with pytest.raises(grpc.RpcError) as caught:
        configured.read("apimanagement:Backend", f"{SERVICE}/apis/openai")

    assert details(caught).startswith(f"failed to parse '{SERVICE}/apis/openai' against the path")


def test_an_id_with_characters_of_any_kind_can_be_asked_for(configured: Engine, arm: ScriptedArm) -> None:
    assert configured.read("apimanagement:Backend", f"{SERVICE}/backends/é b%20c")[0] == ""
    assert arm.log() == [f"GET {SERVICE}/backends/%C3%A9%20b%20c"]


def test_a_read_that_is_refused_is_no_proof_that_the_resource_is_gone(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("GET", BACKEND, 403, {"error": {"code": "AuthorizationFailed", "message": "no"}})

    with pytest.raises(grpc.RpcError):
        configured.read("apimanagement:Backend", BACKEND, INPUTS, OUTPUTS)
