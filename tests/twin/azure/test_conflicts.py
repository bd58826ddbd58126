"""Writes that meet: ETags, and one write at a time."""

from tests.support.arm import body_of, refusal
from tests.support.service import Service, a_service, policy
from twin.azure.faults import Delays

BACKEND = {"properties": {"url": "https://a.example", "protocol": "http"}}
OPERATION = {"properties": {"displayName": "Chat", "method": "POST", "urlTemplate": "/chat"}}
BUSY = (409, "PessimisticConcurrencyConflict", "Operation on the API is in progress")


def test_if_match_is_honoured_where_it_is_sent(service: Service) -> None:
    stale = service.put("/backends/a", BACKEND).headers["ETag"]
    current = service.put("/backends/a", BACKEND).headers["ETag"]
    assert refusal(service.put("/backends/a", BACKEND, headers={"if-match": stale}))[:2] == (412, "PreconditionFailed")
    assert refusal(service.delete("/backends/a", headers={"if-match": stale}))[0] == 412
    assert service.put("/backends/a", BACKEND, headers={"if-match": "*"}).status == 200
    assert service.put("/backends/b", BACKEND, headers={"if-match": current}).status == 412
    current = service.get("/backends/a").headers["ETag"]
    assert service.delete("/backends/a", headers={"if-match": current}).status == 200


def test_if_none_match_makes_only_what_is_new(service: Service) -> None:
    headers = {"if-none-match": "*"}
    assert [service.put("/backends/a", BACKEND, headers=headers).status for _ in range(2)] == [201, 412]


def test_neither_put_nor_delete_needs_if_match(service: Service) -> None:
    assert service.put("/backends/a", BACKEND).status == 201
    assert service.delete("/backends/a").status == 200


def test_two_writes_of_one_api_at_once_conflict_in_azures_words() -> None:
    service = a_service(delays=Delays(write=0.5))
    assert service.put("/apis/openai", {"properties": {"displayName": "a", "path": "a"}}).hold == 0.5
    service.azure.wait(0.5)
    assert service.put("/apis/openai/operations/chat", OPERATION).hold == 0.5
    service.azure.wait(0.2)
    assert refusal(service.put("/apis/openai/policies/policy", policy())) == BUSY
    assert refusal(service.delete("/apis/openai/operations/chat")) == BUSY
    assert refusal(service.delete("/apis/openai")) == BUSY
    service.azure.wait(0.3)
    assert service.put("/apis/openai/policies/policy", policy()).status == 201


def test_a_write_of_one_api_holds_up_no_other_and_no_reading() -> None:
    service = a_service()
    service.api("a")
    service.api("b")
    service.azure.endpoint.state.delays = Delays(write=0.5)
    assert service.put("/apis/a/operations/chat", OPERATION).status == 201
    assert service.put("/apis/b/operations/chat", OPERATION).status == 201
    assert service.put("/backends/a", BACKEND).status == 201
    assert service.get("/apis/a/operations/chat").status == 200


def test_an_api_is_busy_until_its_own_operation_is_done() -> None:
    service = a_service(delays=Delays(long_running=10))
    assert service.put("/apis/openai", {"properties": {"displayName": "a", "path": "a"}}).status == 201
    service.azure.wait(9)
    assert refusal(service.put("/apis/openai/operations/chat", OPERATION)) == BUSY
    service.azure.wait(1)
    assert service.put("/apis/openai/operations/chat", OPERATION).status == 201


def test_slow_calls_keep_an_api_busy_as_long_as_they_take() -> None:
    service = a_service()
    service.api()
    service.azure.endpoint.state.delays = Delays(call=2)
    assert service.put("/apis/openai/operations/chat", OPERATION).hold == 2
    service.azure.wait(1)
    assert refusal(service.put("/apis/openai/policies/policy", policy())) == BUSY
    service.azure.wait(1)
    assert service.put("/apis/openai/policies/policy", policy()).status == 201


def test_a_write_that_is_refused_keeps_nothing_busy() -> None:
    service = a_service()
    service.api()
    service.azure.endpoint.state.delays = Delays(write=0.5)
    assert service.put("/apis/openai/operations/chat", {"properties": {}}).status == 400
    assert service.put("/apis/openai/operations/chat", OPERATION).status == 201


def test_a_conflict_keeps_nothing_busy_longer() -> None:
    service = a_service(delays=Delays(write=0.5))
    service.put("/apis/openai", {"properties": {"displayName": "a", "path": "a"}})
    service.azure.wait(0.3)
    refusal(service.put("/apis/openai/operations/chat", OPERATION))
    service.azure.wait(0.2)
    assert service.put("/apis/openai/operations/chat", OPERATION).status == 201


def test_a_service_in_transition_takes_no_writes() -> None:
    service = a_service(delays=Delays(long_running=60))
    assert service.put("", body_of(service.get(""))).status == 200
    status, code, _ = refusal(service.put("/backends/a", BACKEND))
    assert (status, code) == (409, "ServiceIsTransitioning")
    service.azure.wait(60)
    assert service.put("/backends/a", BACKEND).status == 201


def test_an_api_that_is_being_deleted_takes_no_writes() -> None:
    service = a_service()
    service.api()
    service.azure.endpoint.state.delays = Delays(long_running=10)
    assert service.delete("/apis/openai").status == 202
    service.azure.wait(9)
    assert refusal(service.put("/apis/openai/operations/chat", OPERATION)) == BUSY
    service.azure.wait(1)
    assert refusal(service.put("/apis/openai/operations/chat", OPERATION))[0] == 404
