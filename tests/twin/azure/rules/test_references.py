"""What cannot be deleted because something uses it."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.arm import body_of, local_azure_with, refusal, wrong_fields
from tests.support.service import SERVICE, Service, a_service, policy
from twin.azure.rules.policies import names_used
from twin.azure.rules.proposal import View


def in_use(label: str, name: str, *users: str) -> tuple[int, str, str]:
    listed = "".join(f"{user}\r\n" for user in users)
    return 400, "ValidationError", f"The {label} '{name}' is used by the following entities:\r\n{listed}"


def test_a_backend_in_a_pool_cannot_be_deleted(service: Service) -> None:
    service.backend("ptu")
    service.pool("openaiopool", "ptu")
    for query in ({}, {"deleteSubscriptions": "true"}):
        answer = service.delete("/backends/ptu", query=query)
        assert refusal(answer) == in_use("Backend", "ptu", "/backends/openaiopool")
    assert service.delete("/backends/openaiopool").status == 200
    assert service.delete("/backends/ptu").status == 200


def test_a_backend_that_policies_name_cannot_be_deleted(service: Service) -> None:
    service.backend("ptu")
    service.api()
    service.put("/apis/openai/policies/policy", policy("<set-backend-service backend-id='ptu' />"))
    service.made("/policyFragments/shared", value="<fragment><set-backend-service backend-id='ptu'/></fragment>")
    assert refusal(service.delete("/backends/ptu")) == in_use(
        "Backend", "ptu", "/apis/openai/policies/policy", "/policyFragments/shared"
    )


def test_a_backend_that_only_an_expression_names_can_be_deleted(service: Service) -> None:
    service.backend("ptu")
    service.api()
    service.put("/apis/openai/policies/policy", policy("<set-backend-service backend-id='@(\"ptu\")' />"))
    assert service.delete("/backends/ptu").status == 200


def test_a_fragment_that_the_service_wide_policy_includes_cannot_be_deleted(service: Service) -> None:
    service.made("/policyFragments/shared", value="<fragment><set-variable name='a' value='b'/></fragment>")
    value = "<policies><inbound><include-fragment fragment-id='shared'/></inbound><backend><forward-request/></backend>"
    value += "<outbound/><on-error/></policies>"
    assert service.put("/policies/policy", {"properties": {"value": value}}).status == 200
    assert refusal(service.delete("/policyFragments/shared")) == in_use("Policy Fragment", "shared", "/policies/policy")
    service.delete("/policies/policy")
    assert service.delete("/policyFragments/shared").status == 200


def test_a_named_value_in_a_policy_or_a_credential_cannot_be_deleted(service: Service) -> None:
    service.made("/namedValues/nv", displayName="aoai-key", value="secret", secret=True)
    service.backend("ptu", credentials={"header": {"api-key": ["{{aoai-key}}"]}})
    service.api()
    service.put("/apis/openai/policies/policy", policy("<set-header name='k'><value>{{aoai-key}}</value></set-header>"))
    assert refusal(service.delete("/namedValues/nv")) == in_use(
        "Named Value", "nv", "/apis/openai/policies/policy", "/backends/ptu"
    )


def test_a_logger_that_a_diagnostic_writes_to_cannot_be_deleted(service: Service) -> None:
    service.made("/loggers/insights", loggerType="applicationInsights", credentials={"instrumentationKey": "k"})
    service.api()
    service.made("/apis/openai/diagnostics/applicationinsights", loggerId="/loggers/insights")
    path = "/apis/openai/diagnostics/applicationinsights"
    assert refusal(service.delete("/loggers/insights")) == in_use("Logger", "insights", path)
    assert service.delete(path).status == 200
    assert service.delete("/loggers/insights").status == 200


def test_a_loggers_own_named_value_cannot_be_deleted(service: Service) -> None:
    service.made("/loggers/insights", loggerType="applicationInsights", credentials={"instrumentationKey": "k"})
    (value,) = body_of(service.get("/namedValues"))["value"]
    assert refusal(service.delete(f"/namedValues/{value['name']}"))[0] == 400


def test_a_product_with_subscriptions_goes_only_with_them(service: Service) -> None:
    service.made("/products/gold", displayName="Gold")
    service.made("/subscriptions/team-a", displayName="Team A", scope="/products/gold")
    assert refusal(service.delete("/products/gold")) == (
        400,
        "ValidationError",
        "Product cannot be deleted since it has existing subscriptions. Delete subscriptions before deleting the"
        " product or pass in deleteSubscriptions=true as query param",
    )
    assert service.delete("/products/gold", query={"deleteSubscriptions": "true"}).status == 200
    assert service.get("/subscriptions/team-a").status == 404


def test_an_api_takes_its_children_and_the_subscriptions_to_it_along(service: Service) -> None:
    service.api()
    service.made("/apis/openai/operations/chat", displayName="Chat", method="POST", urlTemplate="/chat")
    service.put("/apis/openai/policies/policy", policy())
    service.made("/subscriptions/team-a", displayName="Team A", scope="/apis/openai")
    service.made("/subscriptions/all", displayName="All", scope="/apis")
    assert service.delete("/apis/openai").status == 202
    assert service.get("/apis/openai/operations/chat").status == 404
    assert service.get("/subscriptions/team-a").status == 404
    assert service.get("/subscriptions/all").status == 200


def dangling(service: Service) -> list[str]:
    """Every reference to something that does not exist."""
    store: View = service.azure.endpoint.store
    broken = []
    for one in store.below(service.id):
        members = ((one.properties.get("pool") or {}).get("services")) or []
        wanted = [member["id"] for member in members]
        wanted += [one.properties["loggerId"]] if "loggerId" in one.properties else []
        scope = str(one.properties.get("scope", ""))
        wanted += [scope] if "/apis/" in scope else []
        if "value" in one.private and "format" in one.private:
            wanted += [f"{service.id}/backends/{name}" for kind, name in names_used(one) if kind == "backend"]
            wanted += [f"{service.id}/policyFragments/{name}" for kind, name in names_used(one) if kind == "fragment"]
            wanted += [f"{service.id}/namedValues/{name}" for kind, name in names_used(one) if kind == "named value"]
        broken += [f"{one.id} -> {target}" for target in wanted if store.get(target) is None]
    return broken


EVERYTHING = (
    "/namedValues/region",
    "/backends/a",
    "/backends/b",
    "/backends/pool",
    "/policyFragments/shared",
    "/loggers/insights",
    "/apis/openai",
    "/apis/openai/operations/chat",
    "/apis/openai/policies/policy",
    "/apis/openai/operations/chat/policies/policy",
    "/apis/openai/diagnostics/applicationinsights",
    "/subscriptions/team-a",
)


def everything(service: Service) -> None:
    service.made("/namedValues/region", displayName="region", value="eastus2")
    service.backend("a")
    service.backend("b")
    service.pool("pool", "a", "b")
    service.made("/policyFragments/shared", value="<fragment><set-backend-service backend-id='b'/></fragment>")
    service.made("/loggers/insights", loggerType="applicationInsights", credentials={"instrumentationKey": "k"})
    service.api()
    service.made("/apis/openai/operations/chat", displayName="Chat", method="POST", urlTemplate="/chat")
    named = "<set-header name='r'><value>{{region}}</value></set-header><set-backend-service backend-id='pool' />"
    service.put("/apis/openai/policies/policy", policy(named))
    service.put("/apis/openai/operations/chat/policies/policy", policy("<include-fragment fragment-id='shared' />"))
    service.made("/apis/openai/diagnostics/applicationinsights", loggerId="/loggers/insights")
    service.made("/subscriptions/team-a", displayName="Team A", scope="/apis/openai")


@functools.cache
def _everything() -> str:
    service = a_service()
    everything(service)
    service.get("")
    return service.azure.endpoint.store.text()


@settings(max_examples=15, deadline=None)
@given(st.permutations(EVERYTHING), st.integers(1, len(EVERYTHING)))
def test_deleting_in_any_order_never_leaves_a_dangling_reference(order: list[str], count: int) -> None:
    service = Service(local_azure_with(_everything()), SERVICE)
    assert dangling(service) == []
    for path in order[:count]:
        service.delete(path)
        assert dangling(service) == []


def test_deleting_in_reverse_order_of_making_leaves_nothing(service: Service) -> None:
    everything(service)
    statuses = [service.delete(path).status for path in reversed(EVERYTHING)]
    assert set(statuses) <= {200, 202}
    service.get("")
    left = [one.id.removeprefix(service.id) for one in service.azure.endpoint.store.below(service.id)]
    assert left == ["/policies/policy"]


@pytest.mark.parametrize("path", ["/backends/none", "/apis/none", "/namedValues/none", "/subscriptions/none"])
def test_deleting_what_is_not_there_is_no_error(service: Service, path: str) -> None:
    assert service.delete(path).status == 204


def test_a_child_of_a_missing_parent_is_refused_and_not_made(service: Service) -> None:
    operation = {"properties": {"displayName": "Chat", "method": "POST", "urlTemplate": "/chat"}}
    answer = service.put("/apis/none/operations/chat", operation)
    assert refusal(answer) == (404, "ResourceNotFound", "Api not found.")
    assert wrong_fields(service.put("/apis/openai", {"properties": {}})) != []
