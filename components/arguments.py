"""The inputs of the components, as typed dictionaries.

Their shape is plain and only texts may be outputs of other resources: the number of resources is then known in the
first preview, and a program in another language is told at compile time what a plugin could not accept. The texts under
the keys become the descriptions in the plugin's schema. Keys without a default in their text are needed.
"""

from typing import NotRequired, TypedDict

from pulumi import Input


class ResourceGroupArgs(TypedDict):
    name: Input[str]
    """Name of the resource group."""
    existing: NotRequired[bool]
    """Whether the group exists already and is used as it is. Default false: it is made here and deleted with the
    rest."""


class ExistingServiceArgs(TypedDict):
    resource_group: Input[str]
    """Name of the resource group that the service is in."""
    name: Input[str]
    """Name of the service. It is looked up, so a wrong name fails in the preview."""


class IdentityArgs(TypedDict):
    resource_id: Input[str]
    """Resource id of a user-assigned managed identity."""
    client_id: Input[str]
    """Its client id; the policy asks for tokens with it."""
    principal_id: Input[str]
    """Its principal (object) id; roles are assigned to it."""


class ServiceArgs(TypedDict):
    """A new service, or `existing` alone."""

    publisher_email: NotRequired[Input[str]]
    """Address that Azure writes to about the service. Needed for a new service."""
    publisher_name: NotRequired[Input[str]]
    """Name of the team or company, shown in the developer portal. Needed for a new service."""
    sku: NotRequired[str]
    """Tier: Developer, Basic, Standard, Premium, BasicV2, StandardV2 or PremiumV2. Needed for a new service, as tiers
    differ in price by a factor of fifty. https://learn.microsoft.com/azure/api-management/api-management-features"""
    capacity: NotRequired[int]
    """Number of units. Default 1."""
    name: NotRequired[Input[str]]
    """Name of the service, unique in all of Azure and kept for 48 hours after a delete. Default: derived, with a
    random suffix."""
    identity: NotRequired[IdentityArgs]
    """A user-assigned managed identity to call the accounts with. Default: the service's own, system-assigned one."""
    existing: NotRequired[ExistingServiceArgs]
    """A service that exists already and is used as it is."""


class ApimServiceArgs(TypedDict):
    """A new service in `resource_group_name` and `location`, or `existing` alone."""

    resource_group_name: NotRequired[Input[str]]
    """Name of the resource group to make the service in. Needed for a new service."""
    location: NotRequired[Input[str]]
    """Azure region, such as eastus2. Needed for a new service; another region later means another service."""
    publisher_email: NotRequired[Input[str]]
    """Address that Azure writes to about the service. Needed for a new service."""
    publisher_name: NotRequired[Input[str]]
    """Name of the team or company, shown in the developer portal. Needed for a new service."""
    sku: NotRequired[str]
    """Tier: Developer, Basic, Standard, Premium, BasicV2, StandardV2, PremiumV2 or Consumption. Needed for a new
    service. https://learn.microsoft.com/azure/api-management/api-management-features"""
    capacity: NotRequired[int]
    """Number of units. Default 1; 0 for Consumption."""
    name: NotRequired[Input[str]]
    """Name of the service, unique in all of Azure and kept for 48 hours after a delete. Default: the component's name
    with a random suffix."""
    identity: NotRequired[IdentityArgs]
    """A user-assigned managed identity. Default: the service's own, system-assigned one."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of the service. Default none."""
    existing: NotRequired[ExistingServiceArgs]
    """A service that exists already and is used as it is."""


class AccountArgs(TypedDict):
    name: Input[str]
    """Name of an Azure OpenAI or AI Services account. It is looked up, so a wrong name fails in the preview."""
    resource_group: Input[str]
    """Name of the resource group that the account is in."""
    subscription: NotRequired[str]
    """Id of the Azure subscription that the account is in. Default: the one that Pulumi deploys to. With it the
    account is looked up through a provider of its own, which has its credentials from the environment (`az login`,
    ARM_*), not from the stack's configuration."""


class StatusRangeArgs(TypedDict):
    min: int
    """First status code of the range, from 200."""
    max: int
    """Last status code of the range, up to 599."""


class BreakerArgs(TypedDict):
    """When a circuit breaker opens and for how long. https://learn.microsoft.com/azure/api-
    management/backends#circuit-breaker"""

    count: NotRequired[int]
    """Failures within `interval` that open the breaker, 1 to 10000. Default 1."""
    interval: NotRequired[str]
    """ISO 8601 duration in which failures are counted. Default PT10S."""
    trip_duration: NotRequired[str]
    """ISO 8601 duration for which the breaker stays open when no Retry-After says otherwise. Default PT10S."""
    status_ranges: NotRequired[list[StatusRangeArgs]]
    """Status codes that count as failures, at most ten ranges. Default 429 and 502 to 504."""
    accept_retry_after: NotRequired[bool]
    """Whether a Retry-After header of the account sets how long the breaker stays open. Default true."""


class BackendArgs(TypedDict):
    """One account behind the gateway: exactly one of `account` and `url` says where the calls go."""

    name: str
    """Name of the backend in API Management. Its resources are known by it: another name is another backend."""
    account: NotRequired[AccountArgs]
    """The account, looked up in Azure Resource Manager."""
    url: NotRequired[Input[str]]
    """Address of an endpoint outside ARM's reach, such as https://my-account.openai.azure.com/openai. Nothing assigns
    roles there."""
    priority: NotRequired[int]
    """Tier in the pool, 0 to 100; lower ones are used first. Default 1."""
    weight: NotRequired[int]
    """Share of the calls among the members of the same priority, 0 to 100. Default 1."""
    breaker: NotRequired[BreakerArgs]
    """What differs from the gateway's breaker. Default: nothing."""
    assign_roles: NotRequired[bool]
    """Whether the gateway's identity is given its role on the account. Default true. Set it to false where you may not
    assign roles, or where the role is assigned already: Azure refuses a second assignment of the same role
    (RoleAssignmentExists)."""


class OpenAIBackendArgs(TypedDict):
    """Exactly one of `account` and `url` says where the calls go."""

    resource_group_name: Input[str]
    """Name of the resource group that the service is in."""
    service_name: Input[str]
    """Name of the API Management service."""
    name: str
    """Name of the backend in API Management: 1 to 80 letters, digits, "-" and "_"."""
    account: NotRequired[AccountArgs]
    """The account, looked up in Azure Resource Manager."""
    url: NotRequired[Input[str]]
    """Address of an endpoint outside ARM's reach, such as https://my-account.openai.azure.com/openai."""
    breaker: NotRequired[BreakerArgs]
    """When the backend's circuit breaker opens. Default: at the first 429, 502, 503 or 504, for Retry-After or else 10
    seconds."""
    principal_id: NotRequired[Input[str]]
    """Principal id of the gateway's identity. With it the identity is given the role "Cognitive Services OpenAI User"
    on the account. Default: no role is assigned."""


class PoolMemberArgs(TypedDict):
    name: str
    """Name of the backend."""
    id: Input[str]
    """Resource id of the backend, so that it exists before the pool does."""
    priority: NotRequired[int]
    """Tier, 0 to 100; lower ones are used first, others when every breaker there is open. Default 1."""
    weight: NotRequired[int]
    """Share of the calls among the members of the same priority, 0 to 100. Default 1."""


class BackendPoolArgs(TypedDict):
    resource_group_name: Input[str]
    """Name of the resource group that the service is in."""
    service_name: Input[str]
    """Name of the API Management service."""
    name: NotRequired[str]
    """Name of the pool, which policies refer to. Default openaiopool."""
    members: list[PoolMemberArgs]
    """The pool's members, 1 to 30."""


class PoolArgs(TypedDict):
    name: NotRequired[str]
    """Name of the pool, which policies refer to. Default openaiopool."""


class ApiArgs(TypedDict):
    """A new API, or `existing` alone."""

    name: NotRequired[str]
    """Name (id) of the API in API Management. Default openai."""
    path: NotRequired[str]
    """What stands between the gateway's host and Azure OpenAI's own path. Default openai."""
    display_name: NotRequired[Input[str]]
    """Name in the portal. Default Azure OpenAI."""
    methods: NotRequired[list[str]]
    """HTTP methods with a catch-all operation. Default POST. Others are opt-in: stored responses, files, batches and
    threads live on one account, and a pool cannot follow them."""
    subscription_required: NotRequired[bool]
    """Whether callers need a subscription key, in the header or query parameter `api-key`. Default true."""
    existing: NotRequired[Input[str]]
    """Name or resource id of an API that exists on the service; only its policy is set. It needs an existing
    service."""


class PolicyArgs(TypedDict):
    scope: NotRequired[str]
    """`api` (default): the policy is set on the API and every operation inherits it. `operation`: on the catch-all
    operations."""
    retry_budget: NotRequired[int]
    """Further attempts after a 429 or 502 to 504, 0 to 5. Default: as many as there are further members, but at most
    5."""
    recovery_wait: NotRequired[int]
    """Seconds that a call may wait when every breaker is open and one will close within them, 0 to 5. Default 3; with
    0 it is refused at once."""
    request_timeout: NotRequired[int]
    """Seconds for the whole call, 1 to 240. Default 230; Azure's load balancer may end longer ones."""
    replay_body: NotRequired[bool]
    """Whether the request body is kept to be sent again. Default true. Without it nothing is tried twice. The v2 tiers
    keep at most 2 MiB."""
    retry_ambiguous: NotRequired[bool]
    """Whether a call that timed out, and that was probably executed and will be billed, is tried again. Default
    false."""
    managed_identity: NotRequired[bool]
    """Whether the gateway calls the accounts with its own identity. Default true; without it the caller's
    Authorization header is passed on."""
    expose_attempts: NotRequired[bool]
    """Whether answers tell how many attempts they took, and the host and region of the account that answered. Default
    false."""
    existing: NotRequired[Input[str]]
    """Text of the policy that an existing API has; the pool is inserted into it and the rest stays as it is. Default:
    the API gets this project's policy."""
    failover: NotRequired[bool]
    """With `existing`: whether the failover behaviour is inserted as well, or the pool alone. Default true."""
    import_existing: NotRequired[bool]
    """Whether to take the policy of an existing API into the stack as it is, without a change. Set it for one
    deployment, then remove it. Default false."""


class OpenAIApiMemberArgs(TypedDict):
    """What the policy has to know of a member of the pool."""

    name: str
    """Name of the backend."""
    priority: NotRequired[int]
    """As in the pool. Default 1."""
    weight: NotRequired[int]
    """As in the pool. Default 1."""
    breaker: NotRequired[BreakerArgs]
    """As in the backend. Default: the defaults of a breaker."""


class OpenAIApiArgs(TypedDict):
    resource_group_name: Input[str]
    """Name of the resource group that the service is in."""
    service_name: Input[str]
    """Name of the API Management service."""
    gateway_url: Input[str]
    """Address of the service's gateway, such as https://my-apim.azure-api.net."""
    pool: Input[str]
    """Name of the pool. Pass the output `name` of a BackendPool: the policy is then set after its pools exist."""
    members: list[OpenAIApiMemberArgs]
    """The pool's members; retries and waiting times derive from them."""
    api: NotRequired[ApiArgs]
    """The API to make, or an existing one. Default: a new API `openai`."""
    policy: NotRequired[PolicyArgs]
    """What the policy does. Default: everything at its default."""
    client_id: NotRequired[Input[str]]
    """Client id of a user-assigned identity to call the accounts with. Default: the service's own identity."""


class AIGatewayArgs(TypedDict):
    service: ServiceArgs
    """The API Management service, new or existing."""
    backends: list[BackendArgs]
    """The accounts behind the gateway, 1 to 30."""
    location: NotRequired[Input[str]]
    """Azure region, such as eastus2. Needed for a new service."""
    resource_group: NotRequired[ResourceGroupArgs]
    """The resource group of a new service. Needed for a new service."""
    breaker: NotRequired[BreakerArgs]
    """The circuit breaker of every backend that does not say otherwise."""
    pool: NotRequired[PoolArgs]
    """The load-balanced pool of the backends."""
    api: NotRequired[ApiArgs]
    """The API that callers use, new or existing."""
    policy: NotRequired[PolicyArgs]
    """What the gateway does with a call."""
    subscriptions: NotRequired[list[str]]
    """Names of the subscriptions to make, one for each team or application; each has a key of its own. Default none."""
    application_insights: NotRequired[Input[str]]
    """Resource id of an Application Insights component to send requests, failures and metrics to. Default: none."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of the resource group and the service. Default none."""
