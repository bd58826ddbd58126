"""The whole gateway from one typed set of inputs. This file composes; how each part is made stands beside it."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import resources

from .access import Access, give_access
from .accounts import Accounts
from .api import OpenAIApi, import_problems
from .arguments import (
    AIGatewayArgs,
    ApimServiceArgs,
    BackendPoolArgs,
    OpenAIApiArgs,
    OpenAIApiMemberArgs,
    OpenAIBackendArgs,
    PoolMemberArgs,
)
from .backends import BackendPool, OpenAIBackend
from .checks import GATEWAY, camel_case, warnings
from .checks.place import Place
from .children import OnService, child
from .lookups import look_up
from .outputs import declared
from .service import ApimService, autoname_problems, identified
from .subscriptions import make_subscriptions
from .telemetry import send_to_application_insights
from .validation import settled


class AIGateway(pulumi.ComponentResource):
    """Azure API Management in front of several Azure OpenAI accounts: a throttled or broken account never reaches the
    caller while another one answers.

    One backend an account, each with a circuit breaker; one pool of them with priorities and weights; one API whose
    policy sends every call to the pool and tries another member where that helps. Every problem of the inputs is told
    at once, before anything is made.
    https://learn.microsoft.com/azure/api-management/genai-gateway-capabilities
    """

    endpoint: pulumi.Output[str]
    """Address that callers use instead of an account's `https://<account>.openai.azure.com/openai`."""
    gateway_url: pulumi.Output[str]
    """Address of the service's gateway, such as https://my-apim.azure-api.net."""
    pool_id: pulumi.Output[str]
    """Resource id of the pool."""
    principal_id: pulumi.Output[str]
    """Principal id of the identity that calls the accounts; empty for an existing service without one."""
    keys: pulumi.Output[dict[str, str]]
    """Primary key of each subscription, by its name. Secret."""
    missing_roles: pulumi.Output[list[str]]
    """Commands that somebody who may assign roles has to run, one for each account with `assignRoles: false`."""

    def __init__(self, name: str, args: AIGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        further = [
            *autoname_problems(_service_name(name), args.get("service"), Place().key("service")),
            *import_problems(args.get("api"), args.get("policy"), Place()),
        ]
        self._inputs = settled(f'AIGateway "{name}"', GATEWAY, args, *further)
        super().__init__("apim-ai-gateway:index:AIGateway", name, None, opts)
        self._name = name
        for warning in warnings(camel_case(GATEWAY, args)):
            pulumi.log.warn(warning, self)

        accounts = Accounts(name, self)
        service = self._make_service()
        on = OnService(resource_group_name=service.resource_group_name, service_name=service.name)
        access = self._give_access(service, accounts)
        pool = self._make_pool(on, self._make_backends(on, accounts))
        api = self._make_api(on, service.gateway_url, pool, access)
        self._make_telemetry(on, api)

        self.endpoint = api.endpoint
        self.gateway_url = service.gateway_url
        self.pool_id = pool.pool_id
        self.principal_id = service.principal_id
        self.keys = make_subscriptions(name, self._inputs["subscriptions"], on=on, scope=api.api_id, parent=self)
        self.missing_roles = access.missing
        self.register_outputs(declared(self, AIGateway))

    def _make_service(self) -> ApimService:
        spec = self._inputs["service"]
        if "existing" in spec:
            args = ApimServiceArgs(existing=spec["existing"])
        else:
            place = {"resource_group_name": self._resource_group(), "location": self._inputs["location"]}
            args = ApimServiceArgs(**spec, **place, tags=self._inputs["tags"])
        return ApimService(_service_name(self._name), args, pulumi.ResourceOptions(parent=self))

    def _resource_group(self) -> pulumi.Output[str]:
        group = self._inputs["resource_group"]
        if group["existing"]:
            asked = {"resourceGroupName": group["name"]}
            return look_up(
                "resourceGroup: existing group",
                "resources:getResourceGroup",
                resources.GetResourceGroupResult,
                asked,
                parent=self,
            ).name
        made = resources.ResourceGroup(
            f"{self._name}-group",
            resource_group_name=group["name"],
            location=self._inputs["location"],
            tags=self._inputs["tags"],
            opts=child(self),
        )
        return made.name

    def _give_access(self, service: ApimService, accounts: Accounts) -> Access:
        if not self._inputs["policy"]["managed_identity"]:
            return Access([], pulumi.Output.from_input([]))
        principal_id = identified(service)
        return give_access(self._name, self._inputs["backends"], accounts, principal_id, parent=self)

    def _make_backends(self, on: OnService, accounts: Accounts) -> Sequence[OpenAIBackend]:
        """Without `principal_id`: roles belong to accounts, not to backends (access.py)."""
        made: list[OpenAIBackend] = []
        for backend in self._inputs["backends"]:
            args = OpenAIBackendArgs(
                **on,
                **{key: backend[key] for key in ("name", "account", "url", "breaker") if key in backend},
            )
            opts = pulumi.ResourceOptions(parent=self)
            made.append(OpenAIBackend(f"{self._name}-{backend['name']}", args, opts, accounts=accounts))
        return made

    def _make_pool(self, on: OnService, backends: Sequence[OpenAIBackend]) -> BackendPool:
        args = BackendPoolArgs(
            **on,
            name=self._inputs["pool"]["name"],
            members=[
                PoolMemberArgs(
                    name=backend["name"],
                    id=made.resource_id,
                    priority=backend["priority"],
                    weight=backend["weight"],
                )
                for backend, made in zip(self._inputs["backends"], backends, strict=True)
            ],
        )
        return BackendPool(f"{self._name}-pool", args, pulumi.ResourceOptions(parent=self))

    def _make_api(self, on: OnService, gateway_url: pulumi.Output[str], pool: BackendPool, access: Access) -> OpenAIApi:
        # The policy comes last: an existing API must not send its calls to a pool whose accounts refuse the gateway.
        ready = pulumi.Output.all(pool.name, *(role.urn for role in access.roles)).apply(lambda values: values[0])
        args = OpenAIApiArgs(
            **on,
            gateway_url=gateway_url,
            pool=ready,
            members=[
                OpenAIApiMemberArgs(**{key: backend[key] for key in ("name", "priority", "weight", "breaker")})
                for backend in self._inputs["backends"]
            ],
            api=self._inputs["api"],
            policy=self._inputs["policy"],
        )
        if "identity" in self._inputs["service"]:
            args["client_id"] = self._inputs["service"]["identity"]["client_id"]
        return OpenAIApi(f"{self._name}-api", args, pulumi.ResourceOptions(parent=self))

    def _make_telemetry(self, on: OnService, api: OpenAIApi) -> None:
        if "application_insights" not in self._inputs:
            return
        send_to_application_insights(
            f"{self._name}-telemetry",
            component_id=self._inputs["application_insights"],
            on=on,
            logger_id=f"{self._inputs['pool']['name']}-telemetry",
            api_name=api.name,
            parent=self,
        )


def _service_name(name: str) -> str:
    return f"{name}-apim"
