"""Microsoft's own management clients against the endpoint, over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.apimanagement import ApiManagementClient
from azure.mgmt.apimanagement import models as apim
from azure.mgmt.applicationinsights import ApplicationInsightsManagementClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.authorization.v2022_04_01.models import RoleAssignmentCreateParameters
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient

from tests.support.arm import LocalArm, local_arm
from tests.support.service import service_body

GROUP, NAME = "rg-gateway", "apim-contoso"
RULE = apim.CircuitBreakerRule(
    name="throttled",
    failure_condition=apim.CircuitBreakerFailureCondition(
        count=1, interval=timedelta(seconds=10), status_code_ranges=[apim.FailureStatusCodeRange(min=429, max=429)]
    ),
    trip_duration=timedelta(seconds=10),
    accept_retry_after=True,
)
POLICY = (
    "<policies><inbound><base/></inbound><backend><base/></backend><outbound><base/></outbound><on-error/></policies>"
)


@pytest.fixture(scope="module")
def arm() -> Iterator[LocalArm]:
    with local_arm() as running:
        group = f"/subscriptions/{running.subscription_id}/resourceGroups/{GROUP}"
        assert running.call("PUT", f"{group}?api-version=2024-03-01", {"location": "eastus2"})[0] == 201
        service = f"{group}/providers/Microsoft.ApiManagement/service/{NAME}?api-version=2024-05-01"
        body = {**service_body(), "identity": {"type": "SystemAssigned"}}
        assert running.call("PUT", service, body)[0] == 201
        yield running


@pytest.fixture(scope="module")
def client(arm: LocalArm) -> Any:  # Microsoft's annotations allow None everywhere
    return arm.client(ApiManagementClient)


def test_a_service_is_made_listed_deleted_and_purged(client: Any) -> None:
    wanted = apim.ApiManagementServiceResource(
        location="eastus2",
        sku=apim.ApiManagementServiceSkuProperties(name="Developer", capacity=1),
        publisher_email="team@contoso.com",
        publisher_name="Contoso",
    )
    made = client.api_management_service.begin_create_or_update(GROUP, "apim-second", wanted).result()
    assert (made.name, made.provisioning_state) == ("apim-second", "Succeeded")
    assert made.gateway_url == "https://apim-second.azure-api.net"
    assert {one.name for one in client.api_management_service.list()} == {NAME, "apim-second"}
    client.api_management_service.begin_delete(GROUP, "apim-second").result()
    assert [one.name for one in client.deleted_services.list_by_subscription()] == ["apim-second"]
    with pytest.raises(ResourceExistsError) as refused:
        client.api_management_service.begin_create_or_update(GROUP, "apim-second", wanted)
    assert refused.value.error is not None
    assert refused.value.error.code == "ServiceAlreadyExistsInSoftDeletedState"
    client.deleted_services.begin_purge("apim-second", "eastus2").result()
    assert list(client.deleted_services.list_by_subscription()) == []


def test_backends_and_pool_come_back_as_models(client: Any) -> None:
    for name in ("ptu", "payg"):
        contract = apim.BackendContract(
            url=f"https://{name}.openai.azure.com/openai",
            protocol="http",
            circuit_breaker=apim.BackendCircuitBreaker(rules=[RULE]),
        )
        made = client.backend.create_or_update(GROUP, NAME, name, contract)
        assert made.circuit_breaker.as_dict() == {"rules": [RULE.as_dict()]}
    ids = [client.backend.get(GROUP, NAME, name).id for name in ("ptu", "payg")]
    services = [apim.BackendPoolItem(id=id_, priority=number, weight=1) for number, id_ in enumerate(ids, 1)]
    pool = apim.BackendContract(type_properties_type="Pool", pool=apim.BackendBaseParametersPool(services=services))
    made = client.backend.create_or_update(GROUP, NAME, "openaiopool", pool)
    assert [(one.id, one.priority, one.weight) for one in made.pool.services] == [(ids[0], 1, 1), (ids[1], 2, 1)]
    assert {one.name for one in client.backend.list_by_service(GROUP, NAME)} == {"ptu", "payg", "openaiopool"}
    assert client.backend.get_entity_tag(GROUP, NAME, "ptu") is True
    with pytest.raises(HttpResponseError, match="is used by the following entities"):
        client.backend.delete(GROUP, NAME, "ptu", if_match="*")


def test_a_refusal_arrives_with_its_details(client: Any) -> None:
    services = [apim.BackendPoolItem(id="/backends/none")]
    pool = apim.BackendContract(
        type_properties_type="Pool",
        url="https://a.example",
        protocol="http",
        pool=apim.BackendBaseParametersPool(services=services),
    )
    with pytest.raises(HttpResponseError) as refused:
        client.backend.create_or_update(GROUP, NAME, "broken", pool)
    assert refused.value.error is not None
    assert refused.value.error.code == "ValidationError"
    assert [(one.target, one.message) for one in refused.value.error.details] == [
        ("url", "Url is not supported for backend pool."),
        ("protocol", "Protocol is not supported for backend pool."),
        ("pool", "Backend Entity 'none' not found."),
    ]


def test_an_api_with_everything_below_it(client: Any) -> None:
    wanted = apim.ApiCreateOrUpdateParameter(display_name="Azure OpenAI", path="openai", protocols=["https"])
    made = client.api.begin_create_or_update(GROUP, NAME, "openai", wanted).result()
    assert (made.provisioning_state, made.is_current, made.api_revision) == ("Succeeded", True, "1")
    parameters = [apim.ParameterContract(name="path", type="string", required=True)]
    operation = apim.OperationContract(
        display_name="All", method="POST", url_template="/{*path}", template_parameters=parameters
    )
    client.api_operation.create_or_update(GROUP, NAME, "openai", "all", operation)
    assert [one.name for one in client.api_operation.list_by_api(GROUP, NAME, "openai")] == ["all"]
    policy = apim.PolicyContract(value=POLICY, format="rawxml")
    client.api_policy.create_or_update(GROUP, NAME, "openai", "policy", policy)
    assert client.api_policy.get(GROUP, NAME, "openai", "policy").value.startswith("<policies>\r\n\t<inbound>")
    assert client.api_policy.get(GROUP, NAME, "openai", "policy", format="rawxml").format == "rawxml"
    logger = apim.LoggerContract(logger_type="applicationInsights", credentials={"instrumentationKey": "s3cret"})
    logger_id = client.logger.create_or_update(GROUP, NAME, "insights", logger).id
    diagnostic = apim.DiagnosticContract(logger_id=logger_id, always_log="allErrors")
    found = client.api_diagnostic.create_or_update(GROUP, NAME, "openai", "applicationinsights", diagnostic)
    assert found.logger_id == logger_id
    client.api.begin_delete(GROUP, NAME, "openai", if_match="*").result()
    with pytest.raises(ResourceNotFoundError, match="Api not found"):
        client.api.get(GROUP, NAME, "openai")


def test_keys_and_secrets_are_listed_and_never_shown(client: Any) -> None:
    wanted = apim.SubscriptionCreateParameters(display_name="Team A", scope="/apis", state="active")
    made = client.subscription.create_or_update(GROUP, NAME, "team-a", wanted)
    assert (made.primary_key, made.secondary_key, made.state) == (None, None, "active")
    keys = client.subscription.list_secrets(GROUP, NAME, "team-a")
    assert len(keys.primary_key) == len(keys.secondary_key) == 32
    value = apim.NamedValueCreateContract(display_name="key", value="s3cret", secret=True)
    assert client.named_value.begin_create_or_update(GROUP, NAME, "key", value).result().value is None
    assert client.named_value.list_value(GROUP, NAME, "key").value == "s3cret"


def test_a_backend_is_changed_by_patch(client: Any) -> None:
    client.backend.create_or_update(
        GROUP, NAME, "patched", apim.BackendContract(url="https://a.example", protocol="http")
    )
    changed = apim.BackendUpdateParameters(description="by patch")
    found = client.backend.update(GROUP, NAME, "patched", if_match="*", parameters=changed)
    assert (found.url, found.description) == ("https://a.example", "by patch")


def test_the_authorization_client_assigns_lists_and_is_refused(arm: LocalArm, client: Any) -> None:
    authorization: Any = arm.client(AuthorizationManagementClient, api_version="2022-04-01")
    cognitive: Any = arm.client(CognitiveServicesManagementClient)
    scope = cognitive.accounts.get("rg-openai", "aoai-eus-1").id
    principal = client.api_management_service.get(GROUP, NAME).identity.principal_id
    (role,) = authorization.role_definitions.list(scope, filter="roleName eq 'Cognitive Services OpenAI User'")
    wanted = RoleAssignmentCreateParameters(
        role_definition_id=role.id, principal_id=principal, principal_type="ServicePrincipal"
    )
    names = [f"{number}1111111-1111-1111-1111-111111111111" for number in (1, 2)]
    assert authorization.role_assignments.create(scope, names[0], wanted).scope == scope
    with pytest.raises(ResourceExistsError, match="The role assignment already exists"):
        authorization.role_assignments.create(scope, names[1], wanted)
    listed = authorization.role_assignments.list_for_scope(scope, filter=f"principalId eq '{principal}'")
    assert [one.name for one in listed] == names[:1]
    assert [one.name for one in authorization.role_assignments.list_for_subscription()] == names[:1]
    authorization.role_assignments.delete(scope, names[0])
    assert list(authorization.role_assignments.list_for_scope(scope)) == []


def test_the_estate_is_seen_by_the_other_clients(arm: LocalArm) -> None:
    accounts: Any = arm.client(CognitiveServicesManagementClient).accounts
    assert [one.name for one in accounts.list()] == ["aoai-eus2-1", "aoai-eus-1", "aoai-eus-2"]
    found = accounts.get("rg-openai", "aoai-eus2-1")
    assert found.properties.endpoint == "https://aoai-eus2-1.openai.azure.com/"
    components = arm.client(ApplicationInsightsManagementClient).components
    assert [one.name for one in components.list()] == ["appi-gateway"]
