"""The resources that the tests build stacks from; each passes every rule as it is."""

from dataclasses import replace
from typing import Any

from stage import SERVICE_ID, UNKNOWN, Asked

IN_SERVICE = {"resourceGroupName": "rg", "serviceName": "apim"}
CONDITION = {
    "count": 1,
    "interval": "PT10S",
    "statusCodeRanges": [{"min": 429, "max": 429}, {"min": 502, "max": 504}],
}
RULE = {"name": "r", "failureCondition": CONDITION, "tripDuration": "PT10S", "acceptRetryAfter": True}
POLICY = """<policies>
  <inbound>
    <base />
    <set-backend-service backend-id="openaiopool" />
    <set-header name="api-key" exists-action="delete" />
    <authentication-managed-identity resource="https://cognitiveservices.azure.com" />
  </inbound>
  <backend>
    <retry count="2" interval="0" first-fast-retry="true" condition="@(context.Response.StatusCode == 429)">
      <forward-request timeout="230" buffer-request-body="true" buffer-response="false" />
    </retry>
  </backend>
  <outbound><base /></outbound>
  <on-error><base /></on-error>
</policies>"""


def service(name: str = "apim", **changes: Any) -> Asked:
    publisher = {"publisherEmail": "platform@example.com", "publisherName": "Platform team"}
    sku = {"name": "StandardV2", "capacity": 1}
    props = {"resourceGroupName": "rg", "serviceName": name, "sku": sku, **publisher}
    return Asked("azure-native:apimanagement:ApiManagementService", name, {**props, **changes})


def backend(name: str, **changes: Any) -> Asked:
    props = {
        **IN_SERVICE,
        "backendId": name,
        "url": f"https://{name}.openai.azure.com/openai",
        "protocol": "http",
        "circuitBreaker": {"rules": [RULE]},
    }
    return Asked("azure-native:apimanagement:Backend", name, {**props, **changes})


def breaking(rule: dict[str, Any] | None = None, **condition: Any) -> Asked:
    """A backend whose breaker differs in its rule or in its failure condition; None takes a key away."""
    changed = {key: value for key, value in {**CONDITION, **condition}.items() if value is not None}
    merged = {**RULE, "failureCondition": changed, **(rule or {})}
    whole = {key: value for key, value in merged.items() if value is not None}
    return backend("one", circuitBreaker={"rules": [whole]})


def backend_id(name: str, service_name: str = "apim") -> str:
    return f"{SERVICE_ID.format(service_name)}/backends/{name}"


def pool(*members: str, name: str = "openaiopool", **changes: Any) -> Asked:
    """A pool of backends of the stack, as `up` sees it."""
    services = [{"id": backend_id(member), "priority": 1, "weight": 1} for member in members]
    props = {**IN_SERVICE, "backendId": name, "type": "Pool", "pool": {"services": services}}
    return Asked("azure-native:apimanagement:Backend", name, {**props, **changes}, {"pool": members})


def previewed_pool(*members: str, name: str = "openaiopool", entries: int | None = None, **changes: Any) -> Asked:
    """The same in a first preview: the members' ids are not known, only where they come from."""
    count = len(members) if entries is None else entries
    services = [{"id": UNKNOWN, "priority": 1, "weight": 1} for _ in range(count)]
    props = {**IN_SERVICE, "backendId": name, "type": "Pool", "pool": {"services": services}}
    return Asked("azure-native:apimanagement:Backend", name, {**props, **changes}, {"pool": members})


def api(name: str = "openai", **changes: Any) -> Asked:
    props = {**IN_SERVICE, "apiId": name, "path": name, "subscriptionRequired": True}
    return Asked("azure-native:apimanagement:Api", name, {**props, **changes})


def operation(name: str = "post", api_id: str = "openai") -> Asked:
    named = {"apiId": api_id, "operationId": name, "displayName": name}
    props = {**IN_SERVICE, **named, "method": "POST", "urlTemplate": "/{*path}"}
    return Asked("azure-native:apimanagement:ApiOperation", name, props)


def policy(value: str = POLICY, name: str = "policy", **changes: Any) -> Asked:
    props = {**IN_SERVICE, "apiId": "openai", "policyId": "policy", "value": value, "format": "rawxml"}
    return Asked("azure-native:apimanagement:ApiPolicy", name, {**props, **changes})


def operation_policy(value: str, name: str = "operation-policy", operation_id: str = "post") -> Asked:
    props = {**IN_SERVICE, "apiId": "openai", "operationId": operation_id, "policyId": "policy", "value": value}
    return Asked("azure-native:apimanagement:ApiOperationPolicy", name, props)


def service_policy(value: str) -> Asked:
    props = {**IN_SERVICE, "policyId": "policy", "value": value, "format": "rawxml"}
    return Asked("azure-native:apimanagement:Policy", "service-policy", props)


def fragment(value: str, name: str = "check") -> Asked:
    props = {**IN_SERVICE, "id": name, "value": value, "format": "rawxml"}
    return Asked("azure-native:apimanagement:PolicyFragment", name, props)


def product(**changes: Any) -> Asked:
    return Asked("azure-native:apimanagement:Product", "product", {**IN_SERVICE, "productId": "product", **changes})


def named_value(**changes: Any) -> Asked:
    props = {**IN_SERVICE, "namedValueId": "greeting", "displayName": "greeting", "value": "hello"}
    return Asked("azure-native:apimanagement:NamedValue", "value", {**props, **changes})


def diagnostic(**changes: Any) -> Asked:
    props = {**IN_SERVICE, "apiId": "openai", "diagnosticId": "applicationinsights", "loggerId": "/loggers/ai"}
    return Asked("azure-native:apimanagement:ApiDiagnostic", "diagnostic", {**props, **changes})


def account(name: str = "aoai-eus-1", location: str = "eastus", **properties: Any) -> Asked:
    props = {
        "resourceGroupName": "rg-openai",
        "accountName": name,
        "kind": "OpenAI",
        "location": location,
        "properties": {"disableLocalAuth": True, "customSubDomainName": name, **properties},
    }
    return Asked("azure-native:cognitiveservices:Account", name, props)


def role(role_id: str = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", **changes: Any) -> Asked:
    props = {
        "scope": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/aoai-eus-1",
        "roleDefinitionId": f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{role_id}",
        "principalId": "p",
    }
    return Asked("azure-native:authorization:RoleAssignment", "role", {**props, **changes})


def workspace(name: str = "team") -> Asked:
    return Asked("azure-native:apimanagement:Workspace", name, {**IN_SERVICE, "workspaceId": name})


def inside(asked: Asked, workspace_name: str = "team") -> Asked:
    """The same in a workspace of the service."""
    kind = asked.type.replace(":apimanagement:", ":apimanagement:Workspace")
    return replace(asked, type=kind, props={**asked.props, "workspaceId": workspace_name})


def section(inbound: str = "<base />", backend: str = "<base />", outbound: str = "<base />") -> str:
    """A policy document with these sections."""
    return (
        f"<policies><inbound>{inbound}</inbound><backend>{backend}</backend>"
        f"<outbound>{outbound}</outbound><on-error><base /></on-error></policies>"
    )
