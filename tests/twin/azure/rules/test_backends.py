"""Backends and pools, in Azure's words."""

from typing import Any

import pytest

from tests.support.arm import refusal, wrong_fields
from tests.support.service import Service


def pool_body(service: Service, *members: str, **properties: Any) -> dict[str, Any]:
    services = [{"id": f"{service.id}/backends/{member}", "priority": 1, "weight": 1} for member in members]
    return {"properties": {"type": "Pool", "pool": {"services": services}, **properties}}


def test_a_backend_comes_back_as_it_was_sent_and_as_single(service: Service) -> None:
    sent = {"url": "https://aoai-eus2-1.openai.azure.com/openai", "protocol": "http", "description": "PTU"}
    answer = service.put("/backends/aoai-eus2-1", {"properties": sent})
    assert answer.status == 201
    assert service.properties("/backends/aoai-eus2-1") == {**sent, "type": "Single"}


def test_a_second_put_of_a_backend_answers_200(service: Service) -> None:
    body = {"properties": {"url": "https://a.example/openai", "protocol": "http"}}
    assert [service.put("/backends/a", body).status for _ in range(2)] == [201, 200]


def test_a_pool_with_url_and_protocol_is_refused_as_azure_refuses_it(service: Service) -> None:
    service.backend("a")
    answer = service.put("/backends/pool", pool_body(service, "a", url="https://a.example", protocol="http"))
    assert wrong_fields(answer) == [
        ("url", "Url is not supported for backend pool."),
        ("protocol", "Protocol is not supported for backend pool."),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("credentials", {"header": {"api-key": ["secret"]}}),
        ("proxy", {"url": "http://proxy.example"}),
        ("resourceId", "/subscriptions/s"),
        ("tls", {"validateCertificateChain": True}),
        ("circuitBreaker", {"rules": []}),
    ],
)
def test_what_belongs_to_one_address_is_refused_on_a_pool(service: Service, name: str, value: object) -> None:
    service.backend("a")
    answer = service.put("/backends/pool", pool_body(service, "a", **{name: value}))
    label = name[0].upper() + name[1:]
    assert wrong_fields(answer) == [(name, f"{label} is not supported for backend pool.")]


def test_a_pool_with_a_member_that_does_not_exist_is_refused_by_its_name(service: Service) -> None:
    service.backend("a")
    answer = service.put("/backends/pool", pool_body(service, "a", "backend-west"))
    assert wrong_fields(answer) == [("pool", "Backend Entity 'backend-west' not found.")]


def test_a_member_of_another_service_does_not_exist_here(service: Service) -> None:
    service.backend("a")
    body = pool_body(service, "a")
    body["properties"]["pool"]["services"][0]["id"] = service.id.replace("contoso", "fabrikam") + "/backends/a"
    assert wrong_fields(service.put("/backends/pool", body)) == [("pool", "Backend Entity 'a' not found.")]


def test_a_member_may_be_named_in_short_and_comes_back_by_its_full_id(service: Service) -> None:
    service.backend("a")
    answer = service.put(
        "/backends/pool", {"properties": {"type": "Pool", "pool": {"services": [{"id": "/backends/a"}]}}}
    )
    assert answer.status == 201
    assert service.properties("/backends/pool")["pool"] == {"services": [{"id": f"{service.id}/backends/a"}]}


def test_a_pool_without_members_is_refused(service: Service) -> None:
    assert wrong_fields(service.put("/backends/pool", pool_body(service))) == [
        ("pool.services", "'pool.services' has 0 items: at least 1 allowed")
    ]


def test_a_pool_takes_thirty_members_and_no_more(service: Service) -> None:
    names = [f"b{number}" for number in range(31)]
    for name in names:
        service.backend(name)
    assert service.put("/backends/pool", pool_body(service, *names[:30])).status == 201
    assert wrong_fields(service.put("/backends/pool", pool_body(service, *names))) == [
        ("pool", "A backend pool can have at most 30 services, and this one has 31.")
    ]


def test_a_pool_cannot_be_a_member_of_a_pool(service: Service) -> None:
    service.backend("a")
    service.pool("inner", "a")
    assert wrong_fields(service.put("/backends/outer", pool_body(service, "inner"))) == [
        ("pool", "Backend 'inner' is a backend pool: pools cannot be nested.")
    ]


def test_a_member_cannot_turn_into_a_pool(service: Service) -> None:
    service.backend("a")
    service.backend("b")
    service.pool("pool", "a")
    assert wrong_fields(service.put("/backends/a", pool_body(service, "b"))) == [
        ("pool", "Backend 'a' is a member of the backend pool 'pool'.")
    ]


def test_a_pool_cannot_be_a_member_of_itself(service: Service) -> None:
    service.backend("a")
    service.pool("pool", "a")
    assert wrong_fields(service.put("/backends/pool", pool_body(service, "a", "pool"))) == [
        ("pool", "Backend pool 'pool' cannot be a member of itself.")
    ]


def test_one_backend_may_be_in_two_pools(service: Service) -> None:
    service.backend("a")
    service.pool("one", "a")
    assert service.put("/backends/two", pool_body(service, "a")).status == 201


@pytest.mark.parametrize(
    ("name", "value", "words"), [("priority", 101, "high (101 > 100)"), ("weight", -1, "low (-1 < 0)")]
)
def test_priority_and_weight_outside_0_to_100_are_refused(service: Service, name: str, value: int, words: str) -> None:
    service.backend("a")
    body = pool_body(service, "a")
    body["properties"]["pool"]["services"][0][name] = value
    target = f"pool.services[0].{name}"
    assert wrong_fields(service.put("/backends/pool", body)) == [(target, f"'{target}' is too {words}")]


def test_priority_and_weight_of_0_are_taken(service: Service) -> None:
    service.backend("a")
    body = pool_body(service, "a")
    body["properties"]["pool"]["services"][0].update(priority=0, weight=0)
    assert service.put("/backends/pool", body).status == 201


def test_protocol_https_is_refused_in_azures_words(service: Service) -> None:
    answer = service.put("/backends/a", {"properties": {"url": "https://a.example", "protocol": "https"}})
    assert wrong_fields(answer) == [("protocol", "Protocol is not supported")]


def test_protocol_soap_is_taken(service: Service) -> None:
    answer = service.put("/backends/a", {"properties": {"url": "https://a.example", "protocol": "soap"}})
    assert answer.status == 201


def test_a_backend_needs_url_and_protocol(service: Service) -> None:
    assert wrong_fields(service.put("/backends/a", {"properties": {}})) == [
        ("url", "Url is required."),
        ("protocol", "Protocol is required."),
    ]


@pytest.mark.parametrize("url", ["aoai.openai.azure.com", "ftp://a.example", "https://", "https://a b.example"])
def test_a_url_that_is_not_absolute_http_is_refused(service: Service, url: str) -> None:
    answer = service.put("/backends/a", {"properties": {"url": url, "protocol": "http"}})
    assert wrong_fields(answer) == [("url", f"Url '{url}' is not a valid absolute URI of scheme http or https.")]


def test_an_empty_url_is_too_short_for_the_model(service: Service) -> None:
    answer = service.put("/backends/a", {"properties": {"url": "", "protocol": "http"}})
    assert wrong_fields(answer) == [("url", "'url' is too short (0): at least 1 characters required")]


def test_a_single_backend_with_a_pool_is_refused(service: Service) -> None:
    service.backend("a")
    body = pool_body(service, "a", url="https://a.example", protocol="http", type="Single")
    assert wrong_fields(service.put("/backends/b", body)) == [
        ("pool", "Pool is not supported for a backend of type Single.")
    ]


def test_a_backend_of_another_type_is_refused(service: Service) -> None:
    body = {"properties": {"type": "Cluster", "url": "https://a.example", "protocol": "http"}}
    assert wrong_fields(service.put("/backends/a", body)) == [
        ("type", "'Cluster' is not a valid type: it must be 'Single' or 'Pool'.")
    ]


def test_credentials_that_refer_to_a_missing_named_value_are_refused(service: Service) -> None:
    body = {
        "properties": {
            "url": "https://a.example",
            "protocol": "http",
            "credentials": {"header": {"api-key": ["{{aoai-key}}"]}},
        }
    }
    assert wrong_fields(service.put("/backends/a", body)) == [("credentials", "Property 'aoai-key' not found.")]
    service.made("/namedValues/aoai-key", displayName="aoai-key", value="secret", secret=True)
    assert service.put("/backends/a", body).status == 201


def test_a_refused_put_leaves_the_backend_as_it_was(service: Service) -> None:
    before = service.backend("a")
    assert (
        refusal(service.put("/backends/a", {"properties": {"url": "https://b.example", "protocol": "https"}}))[0] == 400
    )
    assert service.properties("/backends/a") == before
