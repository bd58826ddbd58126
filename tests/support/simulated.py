"""The reference deployment in a simulation: the program on mocks, its resources in a local Azure on virtual time."""

import functools
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from twin.azure.estate import REFERENCE
from twin.azure.rules.roles import ASSIGNMENT
from twin.azure.shapes import shape
from twin.azure.store import Store
from twin.simulation import Deployed, Simulation, store_of
from twin.simulation.deployed import OPENAI_USER, PROVIDER, native

from .deployment import NAMED_BY, Deployment, Secret
from .reference import ACCOUNTS, PRINCIPAL, SUBSCRIPTION, deploy_reference

CALLER = "00000000-0000-0000-0000-0000000000cc"
"""Somebody who may call the accounts with a token of their own: what a gateway without an identity passes on."""


def recorded(deployment: Deployment) -> list[Deployed]:
    """The azure-native resources that a program registered, in their order, with the ids that Azure would give them.

    On mocks an id is a type and a logical name, and a resource without a name of its own is named after that.
    """
    ids: dict[str, str] = {}
    made: list[Deployed] = []
    for one in deployment:
        if one.type.startswith(PROVIDER):
            token = native(one.type)
            named = {NAMED_BY[token]: f"{one.name}01234567"} if token in NAMED_BY else {}
            inputs = {**named, **_plain(one.inputs, ids)}
            ids[f"/{token}/{one.name}"] = shape(token).resource_id(inputs, SUBSCRIPTION)
            made.append(Deployed(token, inputs, {"identity": {"principalId": PRINCIPAL}}))
    return made


def stack_export(deployed: Iterable[Deployed]) -> dict[str, Any]:
    """As `pulumi stack export` writes them, with what is not Azure's in between."""
    listed: list[dict[str, Any]] = [{"type": "pulumi:pulumi:Stack"}, {"type": "pulumi:providers:azure-native"}]
    for one in deployed:
        module, _, name = one.token.partition(":")
        entry = {"type": f"azure-native:{module}/v20240501:{name}", "custom": True}
        listed.append({**entry, "inputs": dict(one.inputs), "outputs": dict(one.outputs)})
    return json.loads(json.dumps({"version": 3, "deployment": {"resources": listed}}))


def _plain(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, Secret):
        return _plain(value.value, ids)
    if isinstance(value, dict):
        return {key: _plain(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, ids) for inner in value]
    return ids.get(value, value) if isinstance(value, str) else value


def simulate_reference(**changes: Any) -> Simulation:
    """Pulumi.dev.yaml with these keys changed, deployed anew: no two simulations share a store."""
    return Simulation(reference_store(**changes))


def reference_store(**changes: Any) -> Store:
    """A local Azure of one's own, with Pulumi.dev.yaml and these keys changed. Accounts that it names exist."""
    return Store.parse(_text(json.dumps(changes, sort_keys=True)))


@functools.cache
def _text(changes: str) -> str:
    changed = json.loads(changes)
    estate = _estate(changed.get("backends") or ())
    accounts = [account["name"] for account in estate["resourceGroups"][0]["accounts"]]
    return store_of([*recorded(deploy_reference(**changed)), *map(_role_of_the_caller, accounts)], estate).text()


def _role_of_the_caller(account: str) -> Deployed:
    scope = f"{ACCOUNTS}/{account}"
    inputs = {"scope": scope, "roleAssignmentName": str(uuid.uuid5(uuid.NAMESPACE_URL, scope)), "principalId": CALLER}
    role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{OPENAI_USER}"
    return Deployed(ASSIGNMENT, {**inputs, "roleDefinitionId": role, "principalType": "User"})


def _estate(backends: Any) -> dict[str, Any]:
    """The reference's, and whatever further accounts the backends call."""
    estate = yaml.safe_load(REFERENCE.read_text())
    group = estate["resourceGroups"][0]
    known = {account["name"] for account in group["accounts"]}
    wanted = [one["account"]["name"] for one in backends if "account" in one]
    group["accounts"] += [{"name": name, "location": "eastus2"} for name in wanted if name not in known]
    return estate
