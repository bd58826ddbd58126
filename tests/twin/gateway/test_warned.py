"""Warnings about what is deployed: each with its place, and judged with the pools that there are."""

from dataclasses import replace
from typing import Any

from tests.support.reviewed import add
from tests.support.simulated import reference_store
from twin.azure.messages import Call
from twin.azure.store import Store
from twin.gateway.warned import PATH, handle
from twin.simulation import Simulation

WITHOUT_A_BODY = """<fragment>
  <retry condition="@(context.Response?.StatusCode == 503)" count="1" interval="1">
    <set-backend-service backend-id="another" />
    <forward-request />
  </retry>
</fragment>"""


AGAIN_AT_ONCE = """<policies>
  <inbound><set-backend-service backend-id="openaiopool" /></inbound>
  <backend>
    <retry condition="@(context.Response?.StatusCode == 503)" count="1" interval="0" first-fast-retry="true">
      <forward-request buffer-request-body="true" />
    </retry>
  </backend>
</policies>"""


def told(store: Store, method: str = "GET") -> Any:
    answer = handle(Call(method, PATH), Simulation(store).gateway, store)
    assert answer is not None
    return answer.body


def with_policy(store: Store, text: str) -> None:
    [policy] = store.all("apimanagement:ApiPolicy")
    store.put(replace(policy, private={"value": text, "format": "rawxml"}))


def watching_429_alone(store: Store, name: str) -> None:
    [backend] = [one for one in store.all("apimanagement:Backend") if one.name == name]
    [rule] = backend.properties["circuitBreaker"]["rules"]
    only = {**rule, "failureCondition": {**rule["failureCondition"], "statusCodeRanges": [{"min": 429, "max": 429}]}}
    properties = {**backend.properties, "circuitBreaker": {"rules": [only]}}
    store.put(replace(backend, body={**backend.body, "properties": properties}))


def test_the_reference_has_none():
    assert told(reference_store()) == []


def test_a_warning_has_its_place_and_its_reason():
    store = reference_store()
    add(
        store,
        "policyFragments/Again",
        "apimanagement:PolicyFragment",
        {},
        {"value": WITHOUT_A_BODY, "format": "rawxml"},
    )
    [service] = store.all("apimanagement:ApiManagementService")

    [warning] = told(store)

    message = warning.pop("message")
    assert warning == {
        "service": service.name,
        "policy": "policyFragments/Again",
        "line": 4,
        "column": 6,
        "element": "forward-request",
    }
    assert "buffer-request-body" in message


def test_a_policy_is_judged_with_the_breakers_that_its_pool_has_now():
    store = reference_store()
    with_policy(store, AGAIN_AT_ONCE)
    before = told(store)

    watching_429_alone(store, "aoai-eus-1")

    assert before == []
    [warning] = told(store)
    assert (warning["policy"], warning["line"]) == ("apis/openai/policies/policy", 4)
    assert "the circuit breaker of 'aoai-eus-1' in the pool 'openaiopool' does not watch" in warning["message"]


def test_it_can_be_read_only_and_is_no_answer_to_other_calls():
    store = reference_store()
    assert told(store, "DELETE")["error"]["code"] == "MethodNotAllowed"
    assert handle(Call("GET", "/_twin/gateway"), Simulation(store).gateway, store) is None
