"""Subscriptions, their keys, and products."""

from typing import Any

import pytest

from tests.support.arm import body_of, refusal, wrong_fields
from tests.support.service import Service, policy


def subscription(scope: str = "/apis", **properties: Any) -> dict[str, Any]:
    return {"properties": {"displayName": "Team A", "scope": scope, "state": "active", **properties}}


@pytest.mark.parametrize("scope", ["/apis", "/apis/openai", "{id}/apis", "{id}/apis/openai"])
def test_a_scope_comes_back_as_a_full_id(service: Service, scope: str) -> None:
    service.api()
    full = scope.replace("{id}", service.id)
    assert service.put("/subscriptions/team-a", subscription(full)).status == 201
    expected = full if full.startswith(service.id) else service.id + full
    assert service.properties("/subscriptions/team-a")["scope"] == expected


@pytest.mark.parametrize("scope", ["", "/", "/operations/x", "/apis/a/operations/b", "all"])
def test_a_scope_that_is_none_is_refused_in_azures_words(service: Service, scope: str) -> None:
    assert wrong_fields(service.put("/subscriptions/team-a", subscription(scope))) == [
        ("scope", "Subscription scope should be one of '/apis', '/apis/{apiId}', '/products/{productId}'")
    ]


@pytest.mark.parametrize(("scope", "kind"), [("/apis/nowhere", "Api"), ("/products/nowhere", "Product")])
def test_the_scope_must_exist(service: Service, scope: str, kind: str) -> None:
    answer = service.put("/subscriptions/team-a", subscription(scope))
    assert wrong_fields(answer) == [("scope", f"{kind} 'nowhere' not found.")]


def test_keys_are_generated_and_given_out_by_list_secrets_only(service: Service) -> None:
    answer = service.put("/subscriptions/team-a", subscription())
    keys = body_of(service.post("/subscriptions/team-a/listSecrets"))
    assert set(keys) == {"primaryKey", "secondaryKey"}
    assert all(len(key) == 32 for key in keys.values())
    assert keys["primaryKey"] != keys["secondaryKey"]
    shown = [body_of(answer), body_of(service.get("/subscriptions/team-a")), body_of(service.get("/subscriptions"))]
    assert not any(key in str(shown) for key in keys.values())


def test_keys_that_were_given_are_kept_and_survive_a_put_without_them(service: Service) -> None:
    given = {"primaryKey": "first-key", "secondaryKey": "second-key"}
    answer = service.put("/subscriptions/team-a", subscription(**given))
    assert not {"primaryKey", "secondaryKey"} & set(body_of(answer)["properties"])
    service.put("/subscriptions/team-a", subscription(displayName="Team B"))
    assert body_of(service.post("/subscriptions/team-a/listSecrets")) == given


def test_a_subscription_without_a_state_is_submitted(service: Service) -> None:
    found = service.made("/subscriptions/team-a", displayName="Team A", scope="/apis")
    assert found["state"] == "submitted"


def test_an_unknown_state_is_refused(service: Service) -> None:
    (target, message), *others = wrong_fields(service.put("/subscriptions/team-a", subscription(state="paused")))
    assert (target, others) == ("state", [])
    assert message.startswith("'paused' is not a valid state: it must be 'suspended' or 'active'")


def test_a_subscription_needs_a_display_name(service: Service) -> None:
    answer = service.put("/subscriptions/team-a", {"properties": {"scope": "/apis"}})
    assert wrong_fields(answer) == [("displayName", "DisplayName is required.")]


def test_one_key_cannot_open_two_subscriptions(service: Service) -> None:
    service.made("/subscriptions/a", displayName="a", scope="/apis", primaryKey="shared")
    answer = service.put("/subscriptions/b", subscription(secondaryKey="shared"))
    assert wrong_fields(answer) == [("primaryKey", "A subscription with the same key already exists.")]


def test_query_parameters_of_the_put_are_no_properties(service: Service) -> None:
    answer = service.put("/subscriptions/team-a", subscription(), query={"notify": "false", "appType": "portal"})
    assert answer.status == 201


def test_the_secrets_of_a_missing_subscription_are_not_found(service: Service) -> None:
    answer = service.post("/subscriptions/nobody/listSecrets")
    assert refusal(answer) == (404, "ResourceNotFound", "Subscription not found.")


def test_two_products_with_one_name_are_refused_in_azures_words(service: Service) -> None:
    service.made("/products/a", displayName="Gold")
    assert wrong_fields(service.put("/products/b", {"properties": {"displayName": "gold"}})) == [
        ("name", "Product with the same name already exists")
    ]


def test_a_product_needs_a_display_name(service: Service) -> None:
    answer = service.put("/products/a", {"properties": {}})
    assert wrong_fields(answer) == [("displayName", "DisplayName is required.")]


def in_a_product(service: Service) -> str:
    """The path of an API's being in a product."""
    service.api()
    assert service.put("/products/gold", {"properties": {"displayName": "Gold"}}).status == 201
    assert service.put("/products/gold/apis/openai", None).status == 201, "as Microsoft's client: without a body"
    return "/products/gold/apis/openai"


def test_an_api_in_a_product_looks_as_the_api_does_also_later(service: Service) -> None:
    path = in_a_product(service)
    assert service.properties(path) == service.properties("/apis/openai")
    changed = {"displayName": "Another name", "path": "openai"}
    assert service.put("/apis/openai", {"properties": changed}).status == 200
    assert service.properties(path)["displayName"] == "Another name"


def test_an_api_that_does_not_exist_is_in_no_product(service: Service) -> None:
    service.put("/products/gold", {"properties": {"displayName": "Gold"}})
    assert refusal(service.put("/products/gold/apis/nowhere", None)) == (404, "ResourceNotFound", "Api not found.")


def test_an_api_that_is_deleted_is_in_no_product_any_longer(service: Service) -> None:
    path = in_a_product(service)
    assert service.delete("/apis/openai").status == 202
    assert service.get("/products/gold").status == 200
    assert service.get(path).status == 404


def test_a_products_policy_is_checked_and_goes_with_it(service: Service) -> None:
    in_a_product(service)
    text = "<policies><inbound><base /><no-such-element /></inbound></policies>"
    assert service.put("/products/gold/policies/policy", {"properties": {"value": text}}).status == 400
    assert service.put("/products/gold/policies/policy", policy()).status == 201
    assert service.put("/products/gold/policies/other", policy()).status == 400
    assert service.delete("/products/gold").status == 200
    assert service.get("/products/gold/policies/policy").status == 404
