"""Each component used without AIGateway: the same checks and the same words."""

import re
from typing import Any, get_args, get_origin, get_type_hints

import pulumi
import pytest

from components import arguments
from components.checks import (
    APIM_SERVICE,
    BACKEND_POOL,
    GATEWAY,
    OPENAI_API,
    OPENAI_BACKEND,
    problems,
)
from components.checks.shapes import Flag, Kind, ListOf, MapOf, Shape, Text, Whole
from components.checks.spelling import snake
from tests.support.inputs import GOOD, GROUP_ID, REMOVED, changed

BACKEND_ID = f"{GROUP_ID}/providers/Microsoft.ApiManagement/service/apim/backends"
ON_SERVICE = {"resourceGroupName": "rg", "serviceName": "apim"}
MEMBERS = [{"name": "east", "priority": 1}, {"name": "west", "priority": 2}]

SERVICE: dict[str, Any] = {"resourceGroupName": "rg", "location": "eastus2", **GOOD["service"]}
BACKEND: dict[str, Any] = {**ON_SERVICE, **GOOD["backends"][0]}
POOL: dict[str, Any] = {**ON_SERVICE, "members": [m | {"id": f"{BACKEND_ID}/{m['name']}"} for m in MEMBERS]}
API: dict[str, Any] = {
    **ON_SERVICE,
    "gatewayUrl": "https://apim.azure-api.net",
    "pool": "openaiopool",
    "members": MEMBERS,
}


@pytest.mark.parametrize(
    ("shape", "inputs"),
    [(APIM_SERVICE, SERVICE), (OPENAI_BACKEND, BACKEND), (BACKEND_POOL, POOL), (OPENAI_API, API)],
    ids=["ApimService", "OpenAIBackend", "BackendPool", "OpenAIApi"],
)
def test_each_component_takes_good_inputs_and_names_what_is_missing(shape: Shape, inputs: dict[str, Any]) -> None:
    assert problems(inputs, shape) == []
    for key, declared in shape.keys.items():
        if declared.needed and key in inputs:
            (problem,) = problems(changed(inputs, {key: REMOVED}), shape)
            assert problem == f"{key}: found nothing; it is needed. {declared.needed}"


@pytest.mark.parametrize(
    ("shape", "inputs", "home", "changes"),
    [
        (APIM_SERVICE, SERVICE, "service.", {"sku": "developer", "capacity": 1.5, "publisherEmail": "me"}),
        (APIM_SERVICE, SERVICE, "service.", {"existing": {"name": "-"}, "sku": REMOVED, "publisherName": REMOVED}),
        (OPENAI_BACKEND, BACKEND, "backends[0].", {"account.name": "?", "url": "http://west.example.com"}),
        (OPENAI_BACKEND, BACKEND, "backends[0].", {"breaker": {"interval": "10s", "statusRanges": []}}),
        (OPENAI_API, API, "", {"api": {"path": "/openai", "methods": ["get"]}, "policy": {"retryBudget": 6}}),
        (OPENAI_API, API, "", {"api": {"existing": "openai"}, "policy": {"scope": "operation"}}),
    ],
    ids=["service", "existing service", "backend", "breaker", "api", "existing api"],
)
def test_a_component_alone_and_a_gateway_say_the_same(
    shape: Shape, inputs: dict[str, Any], home: str, changes: dict[str, Any]
) -> None:
    base = changed(inputs, changes)
    alone = {_without_place(problem) for problem in problems(base, shape)}
    of_gateway = problems(changed(GOOD, {home + path: value for path, value in changes.items()}))
    assert alone == {_without_place(problem) for problem in of_gateway}
    assert alone


def _without_place(problem: str) -> str:
    return re.sub(r"together with [^;]*;", "together with …;", problem.partition(": ")[2])


def test_a_pool_alone_is_held_against_the_same_rules() -> None:
    bad = changed(
        POOL,
        {"name": "east", "members[1].name": "East", "members[1].id": f"{GROUP_ID}/x", "members[1].weight": 0},
    )
    assert problems(bad, BACKEND_POOL) == [
        'members[1].id ("East"): found "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/x"; '
        "the resource id of a Microsoft.ApiManagement/service/backends is needed. Write "
        "/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ApiManagement/service/<name>/backends/<name>.",
        'members[1].name: found "East"; members[0].name has it already, and Azure does not look at the case. '
        "Rename or remove one of them.",
        "members: found weight 0 on every member of priority 2 (members[1]); one of each priority must take traffic. "
        "Give one of them a weight of 1 or more, or remove them.",
        'members[0].name: found "east"; the gateway makes a pool of this name (name), and to Azure a pool is a '
        "backend too. Rename one of them.",
        'members[1].name: found "East"; the gateway makes a pool of this name (name), and to Azure a pool is a '
        "backend too. Rename one of them.",
    ]


def test_the_gateways_address_is_an_address() -> None:
    assert problems(changed(API, {"gatewayUrl": "apim.azure-api.net"}), OPENAI_API) == [
        'gatewayUrl: found "apim.azure-api.net"; only https is allowed. Begin it with https://.'
    ]


ARGUMENTS = {
    "ApimServiceArgs": APIM_SERVICE,
    "OpenAIBackendArgs": OPENAI_BACKEND,
    "BackendPoolArgs": BACKEND_POOL,
    "OpenAIApiArgs": OPENAI_API,
    "AIGatewayArgs": GATEWAY,
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_typed_arguments_have_the_keys_and_kinds_of_the_table(name: str) -> None:
    assert _keys(getattr(arguments, name)) == _declared(ARGUMENTS[name])


def _keys(args: type) -> dict[str, Any]:
    # `Input` is an alias with names of the SDK's own in it.
    return {key: _kind(hint) for key, hint in get_type_hints(args, localns=vars(pulumi.output)).items()}


def _kind(hint: Any) -> Any:
    origin, members = get_origin(hint), get_args(hint)
    if origin is list:
        return [_kind(members[0])]
    if origin is dict:
        return {"*": _kind(members[1])}
    if members:  # Input[str]
        return "text"
    if hasattr(hint, "__required_keys__"):
        return _keys(hint)
    return {str: "plain text", int: "whole", bool: "flag"}[hint]


def _declared(kind: Kind) -> Any:
    match kind:
        case Text():
            return "plain text" if kind.plain else "text"
        case Whole():
            return "whole"
        case Flag():
            return "flag"
        case ListOf():
            return [_declared(kind.item)]
        case MapOf():
            return {"*": _declared(kind.item)}
        case Shape():
            return {snake(name): _declared(key.kind) for name, key in kind.keys.items()}
