"""The estate: what exists in the subscription before any program runs, from a YAML file.

    subscription: a GUID, default the twin's
    name: the subscription's display name
    principals: [GUIDs of users and groups that the directory knows]
    identities: [{id: resource id of a user-assigned identity, principalId, clientId}]
    resourceGroups:
      - name
        location
        tags: {}
        accounts: [{name, location (the group's), kind: OpenAI, sku: S0, customSubDomainName (the name),
                    disableLocalAuth: true, tags, deployments, latency, burst: 1}]
        applicationInsights: [{name, location (the group's), tags}]
        services: [{name, location (the group's), sku: Premium, capacity: 1, tags}]

and, of an account, for the calls that it answers:

    deployments: [{name, model: its name, version, sku: Standard, capacity: 1}]; one that lists none has any deployment
    latency: {firstToken, spread, tokensPerSecond, error}, and burst: twin/openai/settings.py says what they mean

Every resource goes the way of a PUT, through the same rules and models as any other.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import yaml

from .estate_accounts import account_body, deployment_body, simulation
from .estate_file import problems_of
from .identity import PRINCIPAL, SUBSCRIPTION
from .manager import Manager
from .messages import Call
from .reading import SUBSCRIPTION as SUBSCRIPTION_TOKEN
from .rules.accounts import ACCOUNT, DEPLOYMENT, SIMULATION
from .state import State
from .store import Resource, Store
from .types import TYPES

REFERENCE: Final = Path(__file__).with_name("estate.yaml")


class BadEstate(Exception):
    """All that is wrong with an estate file, a sentence each."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"The estate in {path} cannot be used:\n{lines}")
        self.problems = problems


def load_estate(path: Path, *, now: datetime, new_id: Callable[[], UUID]) -> Store:
    """The store that an estate file describes. Raises BadEstate with every problem at once."""
    store = Store()
    problems = add_estate(store, read_estate(path), now=now, new_id=new_id)
    if problems:
        raise BadEstate(path, problems)
    return store


def read_estate(path: Path) -> object:
    """What an estate file holds. Raises BadEstate where it cannot be read."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadEstate(path, [f"it cannot be read: {error}"]) from error


def add_estate(store: Store, document: Any, *, now: datetime, new_id: Callable[[], UUID]) -> list[str]:
    """Make what the estate holds and the store does not; what exists stays as it is.

    Returns every problem: what no estate can hold, in which case nothing is made, or else what Azure refuses.
    """
    estate: Mapping[str, Any] = {} if document is None else document
    problems = problems_of(estate)
    if problems:
        return problems
    under_way = set(store.operations)
    _add_directory(store, estate)
    manager = Manager(State(store, new_id))
    simulations = _simulations(estate)
    for where, call in _calls(estate):
        if store.get(call.path):
            continue
        answer = manager.handle(call, now)
        if answer.status in (200, 201) and call.path in simulations:
            store.put(Resource(f"{call.path}/simulation", SIMULATION, simulations[call.path]))
        elif answer.status not in (200, 201) and isinstance(answer.body, dict):
            problems += [f"{where}: {message}" for message in _messages(answer.body["error"])]
    manager.handle(Call("GET", "/subscriptions"), now)  # what the PUTs started is done before anybody looks
    store.drop(operation for operation in store.operations.values() if operation.id not in under_way)
    return problems


def _add_directory(store: Store, estate: Mapping[str, Any]) -> None:
    """The subscription, and who may be given roles in it."""
    subscription = str(estate.get("subscription", SUBSCRIPTION))
    display = {"displayName": estate.get("name", "Local Azure")}
    principals = {str(principal): {} for principal in estate.get("principals") or []}
    for identity in estate.get("identities") or []:
        principals[identity["principalId"]] = {"resourceId": identity["id"], "clientId": identity["clientId"]}
    entries = [Resource(f"/subscriptions/{subscription}", SUBSCRIPTION_TOKEN, display)]
    entries += [Resource(f"/directory/principals/{id_}", PRINCIPAL, {}, known) for id_, known in principals.items()]
    for entry in entries:
        if store.get(entry.id) is None:
            store.put(entry)


def _calls(estate: Mapping[str, Any]) -> Iterator[tuple[str, Call]]:
    """The PUTs that make the estate, each with its place in the file."""
    for index, group in enumerate(estate.get("resourceGroups") or []):
        where = f"resourceGroups[{index}]"
        path = _group(estate, group)
        yield where, _put("resources:ResourceGroup", path, _tagged(group, {"location": group["location"]}))
        for number, account in enumerate(group.get("accounts") or []):
            target = f"{path}/providers/Microsoft.CognitiveServices/accounts/{account['name']}"
            at, body = f"{where}.accounts[{number}]", _tagged(account, account_body(account, group))
            yield at, _put(ACCOUNT, target, body)
            for place, deployment in enumerate(account.get("deployments") or []):
                call = _put(DEPLOYMENT, f"{target}/deployments/{deployment['name']}", deployment_body(deployment))
                yield f"{at}.deployments[{place}]", call
        for number, component in enumerate(group.get("applicationInsights") or []):
            target = f"{path}/providers/Microsoft.Insights/components/{component['name']}"
            body = {"kind": "web", "location": component.get("location", group["location"])}
            body["properties"] = {"Application_Type": "web"}
            body = _tagged(component, body)
            yield f"{where}.applicationInsights[{number}]", _put("applicationinsights:Component", target, body)
        for number, service in enumerate(group.get("services") or []):
            target = f"{path}/providers/Microsoft.ApiManagement/service/{service['name']}"
            body = _service(service, group)
            yield f"{where}.services[{number}]", _put("apimanagement:ApiManagementService", target, body)


def _service(service: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    """With an identity of its own, as a gateway needs one."""
    body = {
        "sku": {"name": service.get("sku", "Premium"), "capacity": service.get("capacity", 1)},
        "location": service.get("location", group["location"]),
        "identity": {"type": "SystemAssigned"},
        "properties": {"publisherEmail": "platform@example.com", "publisherName": "Platform team"},
    }
    return _tagged(service, body)


def _simulations(estate: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """How the accounts behave, each by its path."""
    return {
        f"{_group(estate, group)}/providers/Microsoft.CognitiveServices/accounts/{account['name']}": simulation(account)
        for group in estate.get("resourceGroups") or []
        for account in group.get("accounts") or []
    }


def _group(estate: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    return f"/subscriptions/{estate.get('subscription', SUBSCRIPTION)}/resourceGroups/{group['name']}"


def _tagged(entry: Mapping[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "tags": entry["tags"]} if entry.get("tags") else body


def _put(token: str, path: str, body: dict[str, Any]) -> Call:
    return Call("PUT", path, {"api-version": TYPES[token].api_version}, body)


def _messages(error: Mapping[str, Any]) -> list[str]:
    details = error.get("details")
    return [f"{one['target']}: {one['message']}" for one in details] if details else [str(error["message"])]
