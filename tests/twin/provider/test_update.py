"""Update: PUT and read back."""

import grpc
import pytest

from tests.twin.provider.engine import Engine, metadata, partial_failure
from tests.twin.provider.examples import API, BACKEND, INPUTS, OUTPUTS, REFUSAL, SERVICE, backend_body
from tests.twin.provider.scripted_arm import ScriptedArm
from twin.azure.shapes import UNKNOWN


def test_it_puts_and_reads_back_without_looking_first(configured: Engine, arm: ScriptedArm) -> None:
    arm.resources[BACKEND] = backend_body(url="https://old.example")

    assert configured.update("apimanagement:Backend", INPUTS) == OUTPUTS
    assert arm.log() == [f"PUT {BACKEND}", f"GET {BACKEND}"]


def test_a_preview_of_it_keeps_name_and_location(configured: Engine, arm: ScriptedArm) -> None:
    state = {"name": "b1", "url": "https://old.example", "title": "Old"}

    preview = configured.update("apimanagement:Backend", INPUTS, state, preview=True)

    assert (preview["name"], preview["url"], preview["title"]) == ("b1", INPUTS["url"], UNKNOWN)
    assert arm.log() == []


def test_an_update_that_fails_half_way_keeps_what_it_reached(configured: Engine, arm: ScriptedArm) -> None:
    path = f"{SERVICE}/apis/openai"
    arm.next("PUT", path, 202, keeps=True, location="/operations/1")
    arm.next("GET", "/operations/1", 409, {"error": {"code": "Conflict", "message": "busy"}})

    with pytest.raises(grpc.RpcError) as caught:
        configured.update("apimanagement:Api", API)

    assert partial_failure(caught.value).properties["path"] == "openai"


def test_a_refused_update_is_a_plain_error(configured: Engine, arm: ScriptedArm) -> None:
    arm.next("PUT", BACKEND, 400, REFUSAL)

    with pytest.raises(grpc.RpcError) as caught:
        configured.update("apimanagement:Backend", INPUTS)

    assert "grpc-status-details-bin" not in metadata(caught.value)
