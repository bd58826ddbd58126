"""Which backends an API's policies send its calls to."""

from tests.support.service import Service, a_service, policy
from twin.gateway.behind import backends_behind
from twin.gateway.configuration import configuration_of

SENT_TO = '<set-backend-service backend-id="{}" />'


def behind(service: Service) -> list[str]:
    store = service.azure.endpoint.store
    [resource] = store.all("apimanagement:ApiManagementService")
    configuration = configuration_of(resource, store)
    return backends_behind(configuration.apis[0], configuration)


def with_backends() -> Service:
    service = a_service()
    service.backend("ptu")
    service.backend("payg")
    service.pool("all", "ptu", "payg")
    service.api("openai")
    return service


def test_an_api_without_a_policy_has_none():
    assert behind(with_backends()) == []


def test_names_come_as_the_service_writes_them_the_narrowest_scope_first_and_each_once():
    service = with_backends()
    assert service.put("/policies/policy", policy(SENT_TO.format("ptu"))).status < 300
    inbound = SENT_TO.format("ALL") + SENT_TO.format("ptu") + SENT_TO.format("all")
    assert service.put("/apis/openai/policies/policy", policy(inbound)).status < 300

    assert behind(service) == ["all", "ptu"]


def test_names_in_an_expression_count_where_there_are_such_backends():
    service = with_backends()
    choice = """@(context.Request.Headers.GetValueOrDefault("x-tier", "none") == "gold" ? "ptu" : "all")"""
    body = policy(f"<set-backend-service backend-id='{choice}' />")
    assert service.put("/apis/openai/policies/policy", body).status < 300

    assert behind(service) == ["ptu", "all"]


def test_names_in_a_fragment_count():
    service = with_backends()
    fragment = {"format": "xml", "value": f"<fragment>{SENT_TO.format('all')}</fragment>"}
    assert service.put("/policyFragments/route", {"properties": fragment}).status < 300
    body = policy('<include-fragment fragment-id="route" />')
    assert service.put("/apis/openai/policies/policy", body).status < 300

    assert behind(service) == ["all"]
