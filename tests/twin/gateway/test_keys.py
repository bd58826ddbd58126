"""Subscription keys: what each opens, and how Azure refuses the others."""

import pytest

from twin.azure.store import Resource
from twin.gateway.keys import INVALID, MISSING, Key, admitted, keys_of, presented
from twin.messages import Headers, Request, Url
from twin.policy import context as c
from twin.policy.fault import PolicyFault

SERVICE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/apim"
API = c.Api("openai", "OpenAI", "openai", key_names=c.KeyNames("api-key", "key"))


def subscription(name: str, scope: str, **properties: str) -> Resource:
    body = {"properties": {"displayName": name, "scope": SERVICE + scope, "state": "active", **properties}}
    private = {"primaryKey": f"{name}-1", "secondaryKey": f"{name}-2"}
    return Resource(f"{SERVICE}/subscriptions/{name}", "apimanagement:Subscription", body, private)


KEYS = keys_of(
    [
        subscription("all", "/apis", createdDate="2026-01-05T12:00:00Z"),
        subscription("own", "/apis/OpenAI"),
        subscription("other", "/apis/other"),
        subscription("gold", "/products/Gold"),
        subscription("suspended", "/apis", state="suspended"),
    ]
)


def request(header: str = "", query: str = "", name: str = "api-key") -> Request:
    return Request(
        "GET", Url("/openai/x", (("key", query),) if query else ()), Headers([(name, header)] if header else [])
    )


def opened(key: str, products: tuple[str, ...] = ()) -> Key:
    return admitted(request(key), API, products, KEYS, "call", "apim.azure-api.net")


def refused(asked: Request, products: tuple[str, ...] = ()) -> PolicyFault:
    with pytest.raises(PolicyFault) as raised:
        admitted(asked, API, products, KEYS, "call", "apim.azure-api.net")
    return raised.value


@pytest.mark.parametrize("key", ["all-1", "all-2", "own-1", "own-2"])
def test_both_keys_of_a_subscription_to_all_apis_or_to_this_one_open_it(key: str):
    assert opened(key).subscription.id == key[:-2]
    assert opened(key).subscription.key == key


def test_a_subscription_to_a_product_opens_the_apis_in_it():
    assert opened("gold-1", ("gold", "silver")).product == "gold"
    assert refused(request("gold-1"), ("silver",)).reason == "SubscriptionKeyInvalid"


@pytest.mark.parametrize("key", ["other-1", "suspended-1", "suspended-2", "nobodys", "ALL-1", " all-1"])
def test_any_other_key_is_refused_as_invalid(key: str):
    fault = refused(request(key))
    assert (fault.reason, str(fault), fault.source) == ("SubscriptionKeyInvalid", INVALID, "authorization")
    assert fault.answer is not None
    assert fault.answer.status == 401


def test_no_key_is_refused_as_missing_and_the_challenge_says_where_it_goes():
    fault = refused(request())
    assert (fault.reason, str(fault)) == ("SubscriptionKeyNotFound", MISSING)
    assert fault.answer is not None
    assert fault.answer.headers.get("WWW-Authenticate") == (
        'AzureApiManagementKey realm="https://apim.azure-api.net/openai",name="api-key",type="header"'
    )


def test_a_key_may_stand_in_the_query_and_the_header_is_looked_at_first():
    names = API.key_names
    assert presented(request(query="all-1"), names) == "all-1"
    assert presented(request("own-1", query="all-1"), names) == "own-1"
    assert presented(request("all-1", name="API-Key"), names) == "all-1", "header names have no case"
    assert presented(request("all-1", name="Ocp-Apim-Subscription-Key"), names) == "", "the API has names of its own"


def test_what_expressions_see_of_a_subscription():
    seen = opened("all-2").subscription
    assert (seen.id, seen.name, seen.primary_key, seen.secondary_key) == ("all", "all", "all-1", "all-2")
    assert seen.created == 1_767_614_400.0
