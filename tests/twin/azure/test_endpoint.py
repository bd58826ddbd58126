"""Controls, ids on answers, reset."""

from datetime import timedelta

from tests.support.arm import LocalAzure, body_of
from tests.support.service import GROUP, Service


def test_health_says_ok(azure: LocalAzure) -> None:
    answer = azure.call("GET", "/_twin/health")
    assert (answer.status, body_of(answer)["status"]) == (200, "ok")


def test_every_answer_has_a_correlation_id_of_its_own_or_the_callers(service: Service) -> None:
    answers = [service.get(""), service.get("/backends/none"), service.put("/backends/a", {})]
    ids = [answer.headers["x-ms-correlation-request-id"] for answer in answers]
    assert len(set(ids)) == 3
    sent = {"x-ms-correlation-request-id": "mine", "x-ms-client-request-id": "client"}
    headers = service.get("", headers=sent).headers
    assert (headers["x-ms-correlation-request-id"], headers["x-ms-client-request-id"]) == ("mine", "client")
    assert headers["x-ms-request-id"]


def test_injected_answers_have_the_ids_too(service: Service) -> None:
    service.azure.call("PUT", "/_twin/faults", [{"status": 500}])
    assert service.get("").headers["x-ms-correlation-request-id"]


def test_every_call_is_slowed_down_by_the_delay_for_calls(service: Service) -> None:
    service.azure.call("PUT", "/_twin/delays", {"call": 0.2})
    assert service.get("").hold == 0.2
    assert service.get("/backends/none").hold == 0.2
    assert service.azure.call("GET", "/_twin/health").hold == 0


def test_controls_are_not_in_the_journal_and_do_not_move_the_state(azure: LocalAzure) -> None:
    azure.call("GET", "/_twin/health")
    azure.call("PUT", "/_twin/delays", {"call": 0})
    assert azure.endpoint.journal.entries() == []


def test_a_reset_goes_back_to_the_starting_estate(azure: LocalAzure) -> None:
    before = azure.endpoint.store.text()
    azure.made(GROUP, {"location": "eastus2"})
    azure.call("PUT", "/_twin/faults", [{"status": 500}])
    azure.call("PUT", "/_twin/delays", {"call": 9})
    assert azure.call("POST", "/_twin/reset").status == 204
    assert azure.endpoint.store.text() == before
    assert azure.endpoint.journal.entries() == []
    assert azure.get("/resourceGroups").hold == 0


def test_an_unknown_control_is_answered_with_404(azure: LocalAzure) -> None:
    assert azure.call("POST", "/_twin/explode").status == 404
    assert azure.call("PATCH", "/_twin/faults").status == 404


def test_an_operation_that_is_due_has_ended_for_whoever_looks_though_nobody_polls_it(service: Service) -> None:
    service.api("chat")
    service.azure.call("PUT", "/_twin/delays", {"longRunning": 5})
    assert service.delete("/apis/chat").status == 202
    endpoint, begun = service.azure.endpoint, service.azure.now
    assert endpoint.current(begun + timedelta(seconds=4)).get(f"{service.id}/apis/chat") is not None
    assert endpoint.current(begun + timedelta(seconds=6)).get(f"{service.id}/apis/chat") is None
