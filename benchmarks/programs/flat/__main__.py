"""The reference deployment written by hand: the same resources in Azure, no components, no checks, no settings.

`make bench` holds the program against it. Whether both still make the same is checked there, resource by resource.
"""

import uuid
from pathlib import Path

import pulumi
from pulumi_azure_native import apimanagement, authorization, cognitiveservices, resources

OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
ACCOUNTS = {"aoai-eus2-1": 1, "aoai-eus-1": 2, "aoai-eus-2": 2}
POOLS = {
    "openaiopool": ACCOUNTS,
    "openaiopool-last": {"aoai-eus-2": 1, "aoai-eus-1": 2, "aoai-eus2-1": 3},
    "openaiopool-first": {"aoai-eus2-1": 1, "aoai-eus-1": 2, "aoai-eus-2": 3},
    "openaiopool-turned": {"aoai-eus-1": 1, "aoai-eus-2": 1, "aoai-eus2-1": 2},
}
POLICY = Path(__file__).parents[3] / "tests" / "components" / "golden" / "policy-members-3-reference.xml"

group = resources.ResourceGroup("group", resource_group_name="rg-ai-gateway-dev", location="eastus2")
service = apimanagement.ApiManagementService(
    "apim",
    resource_group_name=group.name,
    location="eastus2",
    publisher_email="platform@example.com",
    publisher_name="Platform team",
    sku=apimanagement.ApiManagementServiceSkuPropertiesArgs(name="Developer", capacity=1),
    identity=apimanagement.ApiManagementServiceIdentityArgs(type="SystemAssigned"),
)

backends: dict[str, apimanagement.Backend] = {}
for name in ACCOUNTS:
    account = cognitiveservices.get_account_output(account_name=name, resource_group_name="rg-openai")
    authorization.RoleAssignment(
        f"{name}-role",
        role_assignment_name=account.id.apply(lambda id_: str(uuid.uuid5(uuid.NAMESPACE_URL, id_))),
        scope=account.id,
        principal_id=service.identity.apply(lambda identity: identity.principal_id if identity else ""),
        principal_type="ServicePrincipal",
        role_definition_id=account.id.apply(
            lambda id_: (
                f"/subscriptions/{id_.split('/')[2]}/providers/Microsoft.Authorization/roleDefinitions/{OPENAI_USER}"
            )
        ),
    )
    backends[name] = apimanagement.Backend(
        name,
        backend_id=name,
        resource_group_name=group.name,
        service_name=service.name,
        type="Single",
        url=account.properties.apply(lambda properties: (properties.endpoint or "").rstrip("/") + "/openai"),
        protocol="http",
        circuit_breaker=apimanagement.BackendCircuitBreakerArgs(
            rules=[
                apimanagement.CircuitBreakerRuleArgs(
                    name="throttled-or-down",
                    failure_condition=apimanagement.CircuitBreakerFailureConditionArgs(
                        count=1,
                        interval="PT10S",
                        status_code_ranges=[
                            apimanagement.FailureStatusCodeRangeArgs(min=429, max=429),
                            apimanagement.FailureStatusCodeRangeArgs(min=502, max=504),
                        ],
                    ),
                    trip_duration="PT10S",
                    accept_retry_after=True,
                )
            ]
        ),
    )

pools = [
    apimanagement.Backend(
        pool,
        backend_id=pool,
        resource_group_name=group.name,
        service_name=service.name,
        type="Pool",
        pool=apimanagement.BackendBaseParametersPoolArgs(
            services=[
                apimanagement.BackendPoolItemArgs(id=backends[name].id, priority=priority, weight=1)
                for name, priority in members.items()
            ]
        ),
    )
    for pool, members in POOLS.items()
]

api = apimanagement.Api(
    "api",
    api_id="openai",
    resource_group_name=group.name,
    service_name=service.name,
    display_name="Azure OpenAI",
    path="openai",
    protocols=["https"],
    subscription_required=True,
    subscription_key_parameter_names=apimanagement.SubscriptionKeyParameterNamesContractArgs(
        header="api-key", query="api-key"
    ),
)
operation = apimanagement.ApiOperation(
    "post",
    operation_id="post-any-path",
    api_id=api.name,
    resource_group_name=group.name,
    service_name=service.name,
    display_name="POST any path",
    method="POST",
    url_template="/{*path}",
    template_parameters=[apimanagement.ParameterContractArgs(name="path", type="string", required=True)],
)
apimanagement.ApiPolicy(
    "policy",
    policy_id="policy",
    api_id=api.name,
    resource_group_name=group.name,
    service_name=service.name,
    format="xml",
    value=POLICY.read_text(),
    opts=pulumi.ResourceOptions(depends_on=[operation, *pools]),
)
subscription = apimanagement.Subscription(
    "team-a",
    sid="team-a",
    resource_group_name=group.name,
    service_name=service.name,
    display_name="team-a",
    scope=api.id,
    state=apimanagement.SubscriptionState.ACTIVE,
)
secrets = apimanagement.list_subscription_secrets_output(
    resource_group_name=group.name, service_name=service.name, sid=subscription.name
)

pulumi.export("endpoint", pulumi.Output.concat(service.gateway_url, "/openai"))
pulumi.export("keys", pulumi.Output.secret({"team-a": secrets.primary_key}))
