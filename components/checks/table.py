"""THE table of inputs: every key, its kind, its rule and its default, declared once.

Checks, defaults, the change between camelCase and snake_case, and the tests of Pulumi.yaml all read it.
"""

from .breakers import HIGHEST_STATUS, LOWEST_STATUS, MOST_FAILURES, status_range, status_ranges, with_shared_breaker
from .choices import account_or_url
from .durations import canonical, duration
from .members import PRIORITY, WEIGHT, members
from .names import (
    POOL_NAME,
    account_name,
    distinct,
    resource_group_name,
    resource_name,
    service_name,
    subscription_name,
)
from .resource_ids import api_reference, guid, resource_id
from .shapes import Flag, Key, ListOf, MapOf, Shape, Text, Whole
from .skus import TIERS, UNITS, capacity_of_sku, sku, usual_capacity
from .texts import METHODS, SCOPES, api_path, at_most, email, location, methods, one_of, tag, tags
from .together import gateway
from .urls import backend_url, without_slash

RESOURCE_GROUP = Shape(
    {
        "name": Key(Text(resource_group_name), needed="Add the name of the group to make, or of an existing one."),
        "existing": Key(Flag(), default=False),
    },
    example="{name: my-group}",
)

EXISTING_SERVICE = Shape(
    {
        "resourceGroup": Key(Text(resource_group_name), needed="Add the resource group that the service is in."),
        "name": Key(Text(service_name), needed="Add the name of the service."),
    },
    example="{resourceGroup: my-group, name: my-apim}",
)

IDENTITY = Shape(
    {
        "resourceId": Key(
            Text(resource_id("Microsoft.ManagedIdentity/userAssignedIdentities")),
            needed="Add `id` of `az identity show`, or remove identity for the service's own.",
        ),
        "clientId": Key(Text(guid("clientId of `az identity show`")), needed="Add `clientId` of `az identity show`."),
        "principalId": Key(
            Text(guid("principalId of `az identity show`")), needed="Add `principalId` of `az identity show`."
        ),
    }
)

SERVICE = Shape(
    {
        "publisherEmail": Key(Text(email), needed="Add the address that Azure writes to about the service."),
        "publisherName": Key(Text(at_most(100)), needed="Add the name of the team or company."),
        "sku": Key(Text(sku, plain=True), needed=f"Add one of {', '.join(TIERS)}; Developer is the cheapest."),
        "capacity": Key(Whole(0, max(most for _, most in UNITS.values())), default=usual_capacity),
        "name": Key(Text(service_name)),
        "identity": Key(IDENTITY),
        "existing": Key(EXISTING_SERVICE),
    },
    rule=capacity_of_sku,
    instead="existing",
)

ACCOUNT = Shape(
    {
        "name": Key(Text(account_name), needed="Add the name of the Azure OpenAI account."),
        "resourceGroup": Key(Text(resource_group_name), needed="Add the resource group that the account is in."),
        "subscription": Key(Text(guid("the id of the Azure subscription that the account is in"), plain=True)),
    },
    example="{name: my-account, resourceGroup: my-group}",
)

STATUS_RANGE = Shape(
    {
        "min": Key(Whole(LOWEST_STATUS, HIGHEST_STATUS), needed="Add the first status code of the range."),
        "max": Key(Whole(LOWEST_STATUS, HIGHEST_STATUS), needed="Add the last status code of the range."),
    },
    rule=status_range,
    example="{min: 429, max: 429}",
)

BREAKER = Shape(
    {
        "count": Key(Whole(1, MOST_FAILURES), default=1),
        "interval": Key(Text(duration, plain=True, example="PT10S", canonical=canonical), default="PT10S"),
        "tripDuration": Key(Text(duration, plain=True, example="PT10S", canonical=canonical), default="PT10S"),
        "statusRanges": Key(
            ListOf(STATUS_RANGE, status_ranges), default=[{"min": 429, "max": 429}, {"min": 502, "max": 504}]
        ),
        "acceptRetryAfter": Key(Flag(), default=True),
    }
)

BACKEND = Shape(
    {
        "name": Key(Text(resource_name, plain=True), needed="Add a name of its own for the backend."),
        "account": Key(ACCOUNT),
        "url": Key(Text(backend_url, canonical=without_slash)),
        "priority": Key(Whole(0, 100), default=PRIORITY),
        "weight": Key(Whole(0, 100), default=WEIGHT),
        "breaker": Key(BREAKER, default={}),
        "assignRoles": Key(Flag(), default=True),
    },
    rule=account_or_url,
)

POOL = Shape({"name": Key(Text(resource_name, plain=True), default=POOL_NAME)}, example="{name: openaiopool}")

API = Shape(
    {
        "name": Key(Text(resource_name, plain=True), default="openai"),
        "path": Key(Text(api_path, plain=True), default="openai"),
        "displayName": Key(Text(at_most(300)), default="Azure OpenAI"),
        "methods": Key(ListOf(Text(one_of(METHODS), plain=True), methods), default=["POST"]),
        "subscriptionRequired": Key(Flag(), default=True),
        "existing": Key(Text(api_reference)),
    },
    instead="existing",
)

POLICY = Shape(
    {
        "scope": Key(Text(one_of(SCOPES), plain=True), default="api"),
        # No default: as many further attempts as there are further members, but at most five.
        "retryBudget": Key(Whole(0, 5)),
        "recoveryWait": Key(Whole(0, 5), default=3),
        # Azure may not honour more than 240 seconds (Microsoft's page on forward-request).
        "requestTimeout": Key(Whole(1, 240), default=230),
        "replayBody": Key(Flag(), default=True),
        "retryAmbiguous": Key(Flag(), default=False),
        "managedIdentity": Key(Flag(), default=True),
        "exposeAttempts": Key(Flag(), default=False),
        # With an existing API: its policy's text, into which the pool is inserted, and how it comes into the stack.
        "existing": Key(Text()),
        "failover": Key(Flag(), default=True),
        "importExisting": Key(Flag(), default=False),
    }
)

GATEWAY = Shape(
    {
        "location": Key(Text(location)),
        "resourceGroup": Key(RESOURCE_GROUP),
        "service": Key(SERVICE, needed="Add the service to make (publisherEmail, publisherName, sku), or existing."),
        "backends": Key(
            ListOf(BACKEND, members),
            needed="Add a list of 1 to 30 backends, each with a name and an account or a url.",
        ),
        "breaker": Key(BREAKER, default={}),
        "pool": Key(POOL, default={}),
        "api": Key(API, default={}),
        "policy": Key(POLICY, default={}),
        "subscriptions": Key(ListOf(Text(subscription_name, plain=True), distinct), default=[]),
        "applicationInsights": Key(Text(resource_id("Microsoft.Insights/components"))),
        "tags": Key(MapOf(Text(tag, blank=True), tags), default={}),
    },
    rule=gateway,
    handed_down=with_shared_breaker,
)
