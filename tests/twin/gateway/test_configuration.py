"""What a gateway runs, read from the resources of a service."""

import pytest

from tests.support.service import Service, a_service, policy
from twin.azure.store import Resource
from twin.backends.backend import Backend, BackendPool
from twin.backends.breaker import Rule
from twin.backends.pool import Member
from twin.gateway.configuration import Configuration, configuration_of
from twin.policy.expressions import ExpressionError


def configured(service: Service) -> Configuration:
    store = service.azure.endpoint.store
    found = store.get(service.id)
    assert isinstance(found, Resource)
    return configuration_of(found, store)


def breaker(**condition: object) -> dict[str, object]:
    ranges = [{"min": 429, "max": 429}, {"min": 500, "max": 503}]
    whole = {"count": 3, "interval": "PT1M", "statusCodeRanges": ranges, "errorReasons": ["Timeout"], **condition}
    return {"rules": [{"name": "r", "failureCondition": whole, "tripDuration": "PT1H30M", "acceptRetryAfter": True}]}


def test_a_new_service_has_its_names_its_place_and_nothing_to_serve():
    found = configured(a_service())
    assert (found.name, found.hosts) == ("apim-contoso", {"apim-contoso.azure-api.net"})
    assert (found.deployment.region, found.deployment.service_name) == ("East US 2", "apim-contoso")
    assert (found.apis, found.backends) == ((), {})
    assert found.policies.keys() == {()}, "the service-wide policy, which is there from the start"


def test_a_breakers_rule_in_seconds():
    service = a_service()
    service.backend("ptu", circuitBreaker=breaker())
    service.backend("payg")
    ptu, payg = configured(service).backends["ptu"], configured(service).backends["payg"]
    assert isinstance(ptu, Backend)
    assert isinstance(payg, Backend)
    statuses = ((429, 429), (500, 503))
    assert ptu.rule == Rule(3, 60.0, 5400.0, statuses, accept_retry_after=True, error_reasons=frozenset({"Timeout"}))
    assert payg.rule is None


def test_a_pools_members_with_priority_and_weight_and_zero_where_nothing_is_said():
    service = a_service()
    service.backend("a")
    service.backend("B")
    services = [{"id": "/backends/a"}, {"id": f"{service.id}/backends/B", "priority": 2, "weight": 7}]
    service.made("/backends/Both", type="Pool", pool={"services": services})
    assert configured(service).backends["both"] == BackendPool("Both", (Member("a", 0, 0), Member("B", 2, 7)))


def test_a_backends_credentials_with_the_named_values_that_they_name():
    service = a_service()
    service.made("/namedValues/nv", displayName="secret", value="s3cret", secret=True)
    service.backend(
        "a",
        credentials={
            "header": {"x-key": ["{{secret}}"]},
            "query": {"code": ["1"]},
            "authorization": {"scheme": "Bearer", "parameter": "{{secret}}"},
        },
    )
    found = configured(service).backends["a"]
    assert isinstance(found, Backend)
    assert (found.headers, found.query, found.authorization) == (
        (("x-key", "s3cret"),),
        (("code", "1"),),
        "Bearer s3cret",
    )


def test_an_api_with_its_key_names_its_operations_and_its_products():
    service = a_service()
    service.api(
        "chat", subscriptionKeyParameterNames={"header": "api-key", "query": "key"}, serviceUrl="https://x.example/a"
    )
    for name, template in (("all", "/*"), ("exact", "/models")):
        service.made(f"/apis/chat/operations/{name}", displayName=name, method="get", urlTemplate=template)
    service.made("/products/Gold", displayName="Gold")
    service.put("/products/Gold/apis/chat", None)
    (api,) = configured(service).apis
    assert (api.name, api.path, api.subscription_required, api.products) == ("chat", "chat", True, {"gold"})
    assert (api.seen.key_names.header, api.seen.key_names.query) == ("api-key", "key")
    assert str(api.target.base) == "https://x.example/a"
    assert [one.seen.id for one in api.operations] == ["exact", "all"], "in the order in which they are tried"
    assert {one.template.method for one in api.operations} == {"GET"}


def test_apis_and_operations_of_similar_names_are_not_mixed_up():
    service = a_service()
    for name in ("chat", "chat-2"):
        service.api(name)
        service.made(f"/apis/{name}/operations/of-{name}", displayName=name, method="GET", urlTemplate="/")
    assert [[one.seen.id for one in api.operations] for api in configured(service).apis] == [["of-chat"], ["of-chat-2"]]


def test_policies_by_what_they_belong_to():
    service = a_service()
    service.api("Chat")
    service.made("/apis/Chat/operations/Get", displayName="g", method="GET", urlTemplate="/")
    service.made("/products/Gold", displayName="Gold")
    for path in ("/apis/Chat", "/apis/Chat/operations/Get", "/products/Gold"):
        assert service.put(f"{path}/policies/policy", policy()).status == 201
    assert set(configured(service).policies) == {(), ("apis", "chat"), ("apis", "chat", "get"), ("products", "gold")}


def test_the_policy_in_force_is_compiled_once_and_then_kept():
    service = a_service()
    service.api("chat")
    service.put("/apis/chat/policies/policy", policy())
    found = configured(service)
    assert found.program("chat", "", "") is found.program("chat", "", "")
    assert found.program("chat", "", "gold") is not found.program("chat", "", "")


def test_a_named_value_that_breaks_an_expression_is_told_when_the_policy_is_needed():
    service = a_service()
    service.api("chat")
    service.made("/namedValues/nv", displayName="code", value="1 + 1")
    service.put("/apis/chat/policies/policy", policy('<set-variable name="v" value="@({{code}})" />'))
    configured(service).program("chat", "", "")
    service.made("/namedValues/nv", displayName="code", value="1 +")
    with pytest.raises(ExpressionError):
        configured(service).program("chat", "", "")
