"""The reference deployment in a simulation: the program on mocks, then its resources in a local Azure on virtual time."""

import functools
from collections.abc import Mapping
from typing import Any

import yaml

from twin.azure.estate import REFERENCE
from twin.azure.shapes import shape
from twin.azure.store import Store
from twin.simulation import Deployed, Simulation, store_of
from twin.simulation.deployed import PROVIDER, native

from .deployment import NAMED_BY, Deployment, Secret
from .reference import PRINCIPAL, SUBSCRIPTION, deploy_reference


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
    return Simulation(Store.parse(_text(tuple(sorted(changes.items())))))


@functools.cache
def _text(changes: tuple[tuple[str, Any], ...]) -> str:
    estate = yaml.safe_load(REFERENCE.read_text())
    return store_of(recorded(deploy_reference(**dict(changes))), estate).text()
