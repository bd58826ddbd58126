"""The HTTP client: what is tried again and after how long, and what is not."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.twin.provider.scripted_arm import ScriptedArm
from twin.provider.arm import Arm, Pace
from twin.provider.refusal import CancelledError, RefusedError, UnreachableError

PATH = "/subscriptions/s/resourceGroups/rg"
BUSY = {"error": {"code": "AnotherOperationInProgress", "message": "busy"}}


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def client(arm: ScriptedArm, waits: list[float], said: list[str]) -> Iterator[Arm]:
    arm.resources[PATH] = {"id": PATH}
    with closing(Arm(arm.url, Pace(_recorded(waits)), said.append)) as connected:
        yield connected


def _recorded(waits: list[float], stop: bool = False) -> Callable[[float], bool]:
    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return stop

    return wait


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(client: Arm, arm: ScriptedArm, waits: list[float], status: int) -> None:
    arm.next("GET", PATH, status)

    assert client.get(PATH, "v") == {"id": PATH}
    assert waits == [0.1]


def test_retry_after_says_when(client: Arm, arm: ScriptedArm, waits: list[float], said: list[str]) -> None:
    arm.next("PUT", PATH, 429, retry_after="17")

    assert client.put(PATH, "v", {}, {}).status == 200
    assert waits == [17]
    assert said == ["PUT …/resourceGroups/rg: Azure answered 429, next try in 17 s"]


@pytest.mark.parametrize("header", ["retry-after-ms", "x-ms-retry-after-ms"])
def test_retry_after_may_be_in_milliseconds(client: Arm, arm: ScriptedArm, waits: list[float], header: str) -> None:
    arm.next("GET", PATH, 429, None, False, **{header: "1500", "retry-after": "9"})

    client.get(PATH, "v")

    assert waits == [1.5]


@pytest.mark.parametrize("value", ["0", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_retry_after_that_names_no_seconds_counts_as_none(
    client: Arm, arm: ScriptedArm, waits: list[float], value: str
) -> None:
    arm.next("GET", PATH, 503, retry_after=value)

    client.get(PATH, "v")

    assert waits == [0.1]


def test_whoever_asks_for_more_time_than_there_is_gets_no_second_call(
    client: Arm, arm: ScriptedArm, waits: list[float]
) -> None:
    arm.next("GET", PATH, 429, retry_after="121")

    with pytest.raises(RefusedError):
        client.get(PATH, "v")

    assert waits == []


def test_three_retries_are_all_and_the_waits_grow(client: Arm, arm: ScriptedArm, waits: list[float]) -> None:
    for _ in range(4):
        arm.next("GET", PATH, 500, {"error": {"code": "InternalServerError", "message": "boom"}})

    with pytest.raises(RefusedError) as caught:
        client.get(PATH, "v")

    assert caught.value.refusal.code == "InternalServerError"
    assert waits == pytest.approx([0.1, 0.3, 0.7])


@pytest.mark.parametrize("status", [400, 401, 403, 409, 412, 422, 501])
def test_a_refusal_is_final(client: Arm, arm: ScriptedArm, waits: list[float], status: int) -> None:
    arm.next("PUT", PATH, status, {"error": {"code": "PessimisticConcurrencyConflict", "message": "no"}})

    with pytest.raises(RefusedError) as caught:
        client.put(PATH, "v", {}, {})

    assert caught.value.refusal.status == status
    assert waits == []


def test_the_one_conflict_that_passes_is_tried_again(client: Arm, arm: ScriptedArm, waits: list[float]) -> None:
    arm.next("PUT", PATH, 409, BUSY)

    assert client.put(PATH, "v", {}, {}).status == 200
    assert waits == [0.1]


def test_a_cut_connection_is_tried_again(client: Arm, arm: ScriptedArm, waits: list[float]) -> None:
    arm.next("PUT", PATH, 0)

    assert client.put(PATH, "v", {"tags": {}}, {}).body == {"tags": {}, "id": PATH, "name": "rg"}
    assert waits == [0.1]


def test_a_connection_that_is_always_cut_is_an_error_that_says_which_and_how(client: Arm, arm: ScriptedArm) -> None:
    for _ in range(4):
        arm.next("PUT", PATH, 0)

    with pytest.raises(UnreachableError) as caught:
        client.put(PATH, "v", {}, {})

    assert str(caught.value).startswith(f"no answer to PUT {arm.url}{PATH}?api-version=v: RemoteDisconnected: ")


def test_an_engine_that_says_stop_ends_the_waiting(arm: ScriptedArm, waits: list[float]) -> None:
    with closing(Arm(arm.url, Pace(_recorded(waits, stop=True)))) as client:
        arm.next("GET", PATH, 429)
        with pytest.raises(CancelledError):
            client.get(PATH, "v")

    assert waits == [0.1]


def test_an_answer_that_is_no_json_is_quoted(client: Arm, arm: ScriptedArm) -> None:
    arm.next("GET", PATH, 404, "<html>")

    with pytest.raises(RefusedError, match='Status=404 Message="<html>"'):
        client.get(PATH, "v")
