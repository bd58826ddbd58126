"""Contoso's gateway: provisioned throughput first, pay-as-you-go when that is used up, and telemetry of its own."""

import pulumi
from apim_ai_gateway import AIGateway
from pulumi_azure_native import applicationinsights, authorization, resources

# "Monitoring Metrics Publisher": may send telemetry to the component, and nothing else.
METRICS_PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"

location = pulumi.Config().require("location")
group = resources.ResourceGroup("monitoring", resource_group_name="rg-contoso-monitoring", location=location)
insights = applicationinsights.Component(
    "insights", resource_group_name=group.name, location=location, kind="web", application_type="web"
)

openai = "rg-contoso-openai"
gateway = AIGateway(
    "models",
    {
        "location": location,
        "resource_group": {"name": "rg-contoso-gateway"},
        "service": {"publisher_email": "ai@contoso.example", "publisher_name": "Contoso AI", "sku": "Standard"},
        "backends": [
            {"name": "ptu", "account": {"name": "contoso-ptu-weu", "resource_group": openai}, "priority": 1},
            {"name": "payg-weu", "account": {"name": "contoso-payg-weu", "resource_group": openai}, "priority": 2},
            {"name": "payg-swc", "account": {"name": "contoso-payg-swc", "resource_group": openai}, "priority": 2},
        ],
        "subscriptions": ["chat", "search"],
        "application_insights": insights.id,
    },
)

authorization.RoleAssignment(
    "telemetry",
    scope=insights.id,
    principal_id=gateway.principal_id,
    principal_type="ServicePrincipal",
    role_definition_id=f"/providers/Microsoft.Authorization/roleDefinitions/{METRICS_PUBLISHER}",
)

pulumi.export("endpoint", gateway.endpoint)
pulumi.export("keys", gateway.keys)
