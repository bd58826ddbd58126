"""The parts of a small gateway as other people write them: azure-native resources, no components. All are sound.

What a program wants otherwise it says by keyword.
"""

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi_azure_native import apimanagement, resources

SIGNED_IN = '<authentication-managed-identity resource="https://cognitiveservices.azure.com" />'
SENT = (
    '<retry condition="@(context.Response?.StatusCode == 429)" count="1" interval="0" first-fast-retry="true">'
    '<forward-request buffer-request-body="true" buffer-response="false" /></retry>'
)

group = resources.ResourceGroup("group", resource_group_name="rg-programs", location="eastus2")


def service(**otherwise: Any) -> apimanagement.ApiManagementService:
    given = {
        "publisher_email": "team@example.com",
        "publisher_name": "Team",
        "sku": apimanagement.ApiManagementServiceSkuPropertiesArgs(name="Standard", capacity=1),
        "identity": apimanagement.ApiManagementServiceIdentityArgs(type="SystemAssigned"),
    }
    return apimanagement.ApiManagementService(
        "service", resource_group_name=group.name, location=group.location, **{**given, **otherwise}
    )


def breaker(*statuses: tuple[int, int]) -> apimanagement.BackendCircuitBreakerArgs:
    condition = apimanagement.CircuitBreakerFailureConditionArgs(
        count=1,
        interval="PT10S",
        status_code_ranges=[apimanagement.FailureStatusCodeRangeArgs(min=low, max=high) for low, high in statuses],
    )
    rule = apimanagement.CircuitBreakerRuleArgs(
        name="busy-or-down", failure_condition=condition, trip_duration="PT10S", accept_retry_after=True
    )
    return apimanagement.BackendCircuitBreakerArgs(rules=[rule])


def backend(
    name: str, on: apimanagement.ApiManagementService, *, url: str = "", **otherwise: Any
) -> apimanagement.Backend:
    given = {"circuit_breaker": breaker((429, 429), (502, 504))}
    return apimanagement.Backend(
        name,
        backend_id=name,
        resource_group_name=group.name,
        service_name=on.name,
        type="Single",
        url=url or f"https://{name}.example/openai",
        protocol="http",
        **{**given, **otherwise},
    )


def pool(
    on: apimanagement.ApiManagementService, members: Sequence[apimanagement.Backend], **otherwise: Any
) -> apimanagement.Backend:
    entries = [
        apimanagement.BackendPoolItemArgs(id=member.id, priority=place, weight=1)
        for place, member in enumerate(members, start=1)
    ]
    return apimanagement.Backend(
        "pool",
        backend_id="pool",
        resource_group_name=group.name,
        service_name=on.name,
        type="Pool",
        pool=apimanagement.BackendBaseParametersPoolArgs(services=entries),
        **otherwise,
    )


def api(on: apimanagement.ApiManagementService, **otherwise: Any) -> apimanagement.Api:
    given = {"subscription_required": True}
    return apimanagement.Api(
        "chat",
        api_id="chat",
        resource_group_name=group.name,
        service_name=on.name,
        display_name="Chat",
        path="chat",
        protocols=["https"],
        **{**given, **otherwise},
    )


def policy(
    on: apimanagement.ApiManagementService,
    of: apimanagement.Api,
    after: apimanagement.Backend,
    *,
    backend_id: str = "pool",
    sent: str = SENT,
) -> apimanagement.ApiPolicy:
    sections = {
        "inbound": f'<base /><set-backend-service backend-id="{backend_id}" />{SIGNED_IN}',
        "backend": sent,
        "outbound": "<base />",
        "on-error": "<base />",
    }
    text = "".join(f"<{name}>{held}</{name}>" for name, held in sections.items())
    return apimanagement.ApiPolicy(
        "chat-policy",
        policy_id="policy",
        api_id=of.name,
        resource_group_name=group.name,
        service_name=on.name,
        format="rawxml",
        value=f"<policies>{text}</policies>",
        opts=pulumi.ResourceOptions(depends_on=[after]),
    )
