"""The inputs of each component for a program that uses it without AIGateway; the same pieces, so the same words."""

from .members import PRIORITY, WEIGHT, members
from .names import POOL_NAME, resource_group_name, resource_name, service_name
from .resource_ids import guid, resource_id
from .shapes import Key, ListOf, MapOf, Shape, Text, Whole
from .table import API, BACKEND, BREAKER, POLICY, SERVICE
from .texts import location, tag, tags
from .together import api_and_policy, pool_and_members
from .urls import https_url, without_slash

SERVICE_IT_BELONGS_TO = {
    "resourceGroupName": Key(Text(resource_group_name), needed="Add the resource group that the service is in."),
    "serviceName": Key(Text(service_name), needed="Add the name of the service."),
}

APIM_SERVICE = Shape(
    {
        "resourceGroupName": Key(Text(resource_group_name), needed="Add the resource group to make the service in."),
        "location": Key(Text(location), needed='Add the region, for instance "eastus2".'),
        **SERVICE.keys,
        "tags": Key(MapOf(Text(tag, blank=True), tags), default={}),
    },
    rule=SERVICE.rule,
    instead="existing",
)

OPENAI_BACKEND = Shape(
    {
        **SERVICE_IT_BELONGS_TO,
        **{key: BACKEND.keys[key] for key in ("name", "account", "url", "breaker")},
        "principalId": Key(Text(guid("the principal id of the gateway's identity"))),
    },
    rule=BACKEND.rule,
)

MEMBER_PLACE = {
    "name": Key(Text(resource_name, plain=True), needed="Add the name of the backend."),
    "priority": Key(Whole(0, 100), default=PRIORITY),
    "weight": Key(Whole(0, 100), default=WEIGHT),
}

POOL_MEMBER = Shape(
    {
        **MEMBER_PLACE,
        "id": Key(
            Text(resource_id("Microsoft.ApiManagement/service/backends")), needed="Add the resource id of the backend."
        ),
    }
)

BACKEND_POOL = Shape(
    {
        **SERVICE_IT_BELONGS_TO,
        "name": Key(Text(resource_name, plain=True), default=POOL_NAME),
        "members": Key(ListOf(POOL_MEMBER, members), needed="Add a list of 1 to 30 backends, each with name and id."),
    },
    rule=pool_and_members,
)

API_MEMBER = Shape({**MEMBER_PLACE, "breaker": Key(BREAKER, default={})})

OPENAI_API = Shape(
    {
        **SERVICE_IT_BELONGS_TO,
        "gatewayUrl": Key(
            Text(https_url, canonical=without_slash), needed="Add the address of the service's gateway, its gatewayUrl."
        ),
        "pool": Key(Text(resource_name), needed="Add the name of the pool."),
        "members": Key(ListOf(API_MEMBER, members), needed="Add the members of the pool, each with its name."),
        "api": Key(API, default={}),
        "policy": Key(POLICY, default={}),
        "clientId": Key(Text(guid("the client id of a user-assigned identity"))),
    },
    rule=api_and_policy,
)
