"""Backends with their circuit breakers, and the pool that spreads calls over them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_azure_native import apimanagement

from .access import assign_role
from .accounts import Accounts
from .arguments import BackendPoolArgs, OpenAIBackendArgs
from .checks import BACKEND_POOL, OPENAI_BACKEND
from .children import child, on_service
from .fallback import Member, fallback_pools
from .outputs import declared
from .validation import settled


class OpenAIBackend(pulumi.ComponentResource):
    """One Azure OpenAI account as a backend of API Management, with a circuit breaker.

    The breaker belongs to the backend: one deployment's 429 keeps calls to every model of the account away. Teams that
    mind make one backend and one pool for each model. With `principal_id` the gateway's identity is given its role on
    the account; of several backends on one account only one may have it, as Azure refuses a second assignment.
    https://learn.microsoft.com/azure/api-management/backends
    """

    name: pulumi.Output[str]
    """Name of the backend; the backend is made when this is known."""
    resource_id: pulumi.Output[str]
    """Resource id of the backend, for the members of a pool."""

    def __init__(
        self,
        name: str,
        args: OpenAIBackendArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        accounts: Accounts | None = None,
    ) -> None:
        """`accounts` lets the backends of one gateway share what was looked up."""
        inputs = settled(f'OpenAIBackend "{name}"', OPENAI_BACKEND, args)
        super().__init__("apim-ai-gateway:index:OpenAIBackend", name, None, opts)

        account = inputs.get("account")
        found = (accounts or Accounts(name, self)).look_up(account) if account else None
        backend = apimanagement.Backend(
            name,
            backend_id=inputs["name"],
            **on_service(inputs),
            type=apimanagement.BackendType.SINGLE,
            title=inputs["name"],
            description=_description(account),
            url=found.url if found else inputs["url"],
            protocol=apimanagement.BackendProtocol.HTTP,  # the kind of service; the url says https
            tls=apimanagement.BackendTlsPropertiesArgs(validate_certificate_chain=True, validate_certificate_name=True),
            # `resource_id` stays out: Azure documents it for Logic Apps, Function Apps and API Apps only.
            circuit_breaker=_circuit_breaker(inputs["breaker"]),
            opts=child(self),
        )
        if found and "principal_id" in inputs:
            assign_role(f"{name}-role", account_id=found.id, principal_id=inputs["principal_id"], opts=child(self))

        self.name = backend.urn.apply(lambda _: inputs["name"])
        self.resource_id = backend.id
        self.register_outputs(declared(self, OpenAIBackend))


class BackendPool(pulumi.ComponentResource):
    """A load-balanced pool of backends, and the pools its policy turns to.

    Members of the lowest priority take the calls, by weight; those of the next priority when every breaker there is
    open. With two members and more there are further pools of the same members in other orders, called like the pool
    with -last, -first and -turned: the policy of OpenAIApi turns to them after failures that open no breaker.
    https://learn.microsoft.com/azure/api-management/backends
    """

    name: pulumi.Output[str]
    """Name of the pool; it and the pools of its members in other orders are made when this is known."""
    pool_id: pulumi.Output[str]
    """Resource id of the pool."""

    def __init__(self, name: str, args: BackendPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        inputs = settled(f'BackendPool "{name}"', BACKEND_POOL, args)
        super().__init__("apim-ai-gateway:index:BackendPool", name, None, opts)

        self._inputs = inputs
        self._ids = {member["name"]: member["id"] for member in inputs["members"]}
        pool_name: str = inputs["name"]
        listed = (Member(m["name"], m["priority"], m["weight"]) for m in inputs["members"])
        # In an order of their own, so that a list in another order is no change.
        members = sorted(listed, key=lambda member: (member.priority, member.name))
        pool = self._pool(name, pool_name, members, "Azure OpenAI accounts behind the gateway")
        others = [
            self._pool(
                f"{name}{fallback.removeprefix(pool_name)}",
                fallback,
                order,
                f"Members of {pool_name} in another order, for calls that failed without opening a breaker",
            )
            for fallback, order in fallback_pools(pool_name, members).pools.items()
        ]

        # URNs are known in a preview, so the name is; and whoever uses it waits for every pool.
        self.name = pulumi.Output.all(*(made.urn for made in (pool, *others))).apply(lambda _: pool_name)
        self.pool_id = pool.id
        self.register_outputs(declared(self, BackendPool))

    def _pool(self, name: str, pool_name: str, members: Sequence[Member], description: str) -> apimanagement.Backend:
        """A pool has neither url nor protocol, nor a breaker: Azure refuses them."""
        return apimanagement.Backend(
            name,
            backend_id=pool_name,
            **on_service(self._inputs),
            type=apimanagement.BackendType.POOL,
            title=pool_name,
            description=description,
            pool=apimanagement.BackendBaseParametersPoolArgs(
                services=[
                    # Both said explicitly: what Azure does with a member that has none is not documented.
                    apimanagement.BackendPoolItemArgs(
                        id=self._ids[member.name], priority=member.priority, weight=member.weight
                    )
                    for member in members
                ]
            ),
            opts=child(self),
        )


def _description(account: Mapping[str, Any] | None) -> pulumi.Input[str]:
    if account is None:
        return "Azure OpenAI endpoint"
    return pulumi.Output.concat("Azure OpenAI account ", account["name"], " in ", account["resource_group"])


def _circuit_breaker(breaker: Mapping[str, Any]) -> apimanagement.BackendCircuitBreakerArgs:
    """One rule: the service accepts no second one, whatever its specification says."""
    ranges = [
        apimanagement.FailureStatusCodeRangeArgs(min=range_["min"], max=range_["max"])
        for range_ in breaker["status_ranges"]
    ]
    return apimanagement.BackendCircuitBreakerArgs(
        rules=[
            apimanagement.CircuitBreakerRuleArgs(
                name="throttled-or-down",
                failure_condition=apimanagement.CircuitBreakerFailureConditionArgs(
                    count=breaker["count"], interval=breaker["interval"], status_code_ranges=ranges
                ),
                trip_duration=breaker["trip_duration"],
                accept_retry_after=breaker["accept_retry_after"],
            )
        ]
    )
