"""The socket: HTTP in and out, restarts, ports."""

import asyncio
import http.client
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.support.arm import LocalArm, local_arm
from twin.azure.estate import BadEstate
from twin.azure.faults import Delays
from twin.azure.identity import SUBSCRIPTION
from twin.azure.listener import AS_IN_AZURE, ArmListener
from twin.azure.store import StateUnreadable
from twin.loopback import PortTaken

GROUPS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups"
VERSION = "?api-version=2024-03-01"


@pytest.fixture
def arm() -> Any:
    with local_arm() as running:
        yield running


def raw(arm: LocalArm, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", int(arm.url.rpartition(":")[2]), timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def test_answers_are_json_with_azures_headers(arm: LocalArm) -> None:
    status, headers, text = raw(arm, "GET", f"{GROUPS}/rg-openai{VERSION}", **{"x-ms-correlation-request-id": "mine"})
    assert status == 200
    assert headers["content-type"].startswith("application/json")
    assert headers["x-ms-correlation-request-id"] == "mine"
    assert headers["etag"]
    assert json.loads(text)["name"] == "rg-openai"


def test_the_metadata_document_names_the_address_that_was_asked(arm: LocalArm) -> None:
    status, document = arm.call("GET", "/metadata/endpoints?api-version=2022-09-01")
    assert (status, document["resourceManager"]) == (200, arm.url)


def test_a_token_is_given_to_a_form(arm: LocalArm) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = "grant_type=client_credentials&client_secret=s3cret"
    status, _, text = raw(arm, "POST", "/tenant/oauth2/v2.0/token", body, **form)
    assert (status, json.loads(text)["token_type"]) == (200, "Bearer")


def test_malformed_json_is_refused_as_azure_refuses_it(arm: LocalArm) -> None:
    status, _, text = raw(arm, "PUT", f"{GROUPS}/rg{VERSION}", "{", **{"content-type": "application/json"})
    assert (status, json.loads(text)["error"]["code"]) == (400, "InvalidRequestContent")


def test_double_slashes_and_escapes_are_understood(arm: LocalArm) -> None:
    assert arm.call("GET", f"/{GROUPS}//rg%2Dopenai{VERSION}")[0] == 200


def test_head_has_no_body(arm: LocalArm) -> None:
    status, headers, text = raw(arm, "HEAD", f"{GROUPS}/rg-openai{VERSION}")
    assert (status, text) == (200, "")
    assert headers["etag"]


def test_a_cut_connection_gives_no_answer(arm: LocalArm) -> None:
    arm.faults({"status": "reset", "times": 1})
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        raw(arm, "GET", f"{GROUPS}{VERSION}")
    assert arm.call("GET", f"{GROUPS}{VERSION}")[0] == 200


def test_a_held_answer_does_not_hold_up_others(arm: LocalArm) -> None:
    """The slow call is still under way when the fast one has its answer: no clock is read."""
    arm.faults({"path": "/rg-openai$", "delay": 30})
    slow = socket.create_connection(("127.0.0.1", int(arm.url.rpartition(":")[2])), timeout=10)
    with slow:
        slow.sendall(f"GET {GROUPS}/rg-openai{VERSION} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert any(arm.requests() for _ in range(1000) if arm.call("GET", "/_twin/health"))
        assert arm.call("GET", f"{GROUPS}{VERSION}")[0] == 200
        slow.setblocking(False)
        with pytest.raises(BlockingIOError):
            slow.recv(1)


def run(work: Any) -> Any:
    return asyncio.run(work)


async def call(listener: ArmListener, method: str, path: str, body: object = None) -> tuple[int, Any]:
    arm = LocalArm(listener.url, listener.endpoint)
    return await asyncio.to_thread(arm.call, method, path, body)


def test_a_listener_keeps_its_state_over_a_restart(tmp_path: Path) -> None:
    async def once(method: str, path: str, body: object = None) -> tuple[int, Any]:
        listener = ArmListener(tmp_path, port=0)
        await listener.start()
        try:
            return await call(listener, method, path, body)
        finally:
            await listener.stop()

    assert run(once("PUT", f"{GROUPS}/rg{VERSION}", {"location": "eastus2"}))[0] == 201
    before = (tmp_path / "azure.json").read_bytes()
    status, body = run(once("GET", f"{GROUPS}/rg{VERSION}"))
    assert (status, body["location"]) == (200, "eastus2")
    assert (tmp_path / "azure.json").read_bytes() == before


def test_a_listener_takes_any_free_port_and_only_loopback(tmp_path: Path) -> None:
    async def addresses() -> str:
        listener = ArmListener(tmp_path, port=0)
        await listener.start()
        await listener.stop()
        return listener.url

    url = run(addresses())
    assert url.startswith("http://127.0.0.1:")
    assert not url.endswith(":0")


def test_a_taken_port_is_a_clear_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is in use by another program"):
            run(ArmListener(tmp_path, port=port).start())


def test_a_damaged_state_and_a_bad_estate_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "azure.json").write_text("{")
    with pytest.raises(StateUnreadable):
        run(ArmListener(tmp_path, port=0).start())
    estate = tmp_path / "estate.yaml"
    estate.write_text("groups: []")
    with pytest.raises(BadEstate):
        run(ArmListener(tmp_path / "new", port=0, estate=estate).start())


def test_the_endpoint_is_there_once_it_listens(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="has not been started"):
        _ = ArmListener(tmp_path).endpoint


def test_a_write_of_an_api_takes_a_moment_as_in_azure() -> None:
    expected = Delays(call=0, long_running=0, write=0.05)
    assert expected == AS_IN_AZURE
