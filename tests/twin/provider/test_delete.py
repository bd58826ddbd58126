"""Delete, and replacement with it."""

import grpc
import pytest

from tests.twin.provider.engine import Engine, details
from tests.twin.provider.examples import BACKEND, INPUTS, SERVICE, backend_body
from tests.twin.provider.scripted_arm import ScriptedArm


def test_a_resource_is_deleted_without_conditions(configured: Engine, arm: ScriptedArm) -> None:
    arm.resources[BACKEND] = backend_body()

    configured.delete("apimanagement:Backend", BACKEND)

    assert arm.resources == {}
    assert arm.requests[-1].query == {"api-version": "2024-05-01"}


@pytest.mark.parametrize("status", [204, 404])
def test_what_is_not_there_is_as_good_as_deleted(configured: Engine, arm: ScriptedArm, status: int) -> None:
    arm.next("DELETE", BACKEND, status)

    configured.delete("apimanagement:Backend", BACKEND)


def test_a_refused_delete_is_an_error(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("DELETE", BACKEND, 400, {"error": {"code": "ValidationError", "message": "is used by"}})

    with pytest.raises(grpc.RpcError) as caught:
        configured.delete("apimanagement:Backend", BACKEND)

    assert details(caught) == 'Status=400 Code="ValidationError" Message="is used by"'


def test_a_long_delete_is_followed(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("DELETE", SERVICE, 202, location="/operations/1", retry_after="5")
    arm.next("GET", "/operations/1", 202)
    arm.next("GET", "/operations/1", 200)

    configured.delete("apimanagement:ApiManagementService", SERVICE)

    assert configured.waits == [5, 0.5]


def test_a_long_delete_without_an_address_is_over_when_the_resource_is_gone(
    configured: Engine, arm: ScriptedArm
) -> None:
    arm.next("DELETE", SERVICE, 202)

    configured.delete("apimanagement:ApiManagementService", SERVICE)

    assert arm.log() == [f"DELETE {SERVICE}", f"GET {SERVICE}"]


def test_with_a_given_name_the_old_one_goes_and_the_new_one_comes(configured: Engine, arm: ScriptedArm) -> None:
    news = {**INPUTS, "backendId": "b2"}
    resource_id, _ = configured.create("apimanagement:Backend", INPUTS)
    assert configured.diff("apimanagement:Backend", INPUTS, news).deleteBeforeReplace

    configured.delete("apimanagement:Backend", resource_id)
    new_id, _ = configured.create("apimanagement:Backend", news)

    assert list(arm.resources) == [new_id] == [f"{SERVICE}/backends/b2"]
