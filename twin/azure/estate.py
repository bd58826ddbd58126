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
                    disableLocalAuth: true, tags}]
        applicationInsights: [{name, location (the group's), tags}]
        services: [{name, location (the group's), sku: Premium, capacity: 1, tags}]

Every resource goes the way of a PUT, through the same rules and models as any other.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import yaml

from .identity import PRINCIPAL, SUBSCRIPTION
from .manager import Manager
from .messages import Call
from .reading import SUBSCRIPTION as SUBSCRIPTION_TOKEN
from .state import State
from .store import Resource, Store
from .types import TYPES

REFERENCE: Final = Path(__file__).with_name("estate.yaml")

_GUID: Final = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("subscription", "name", "principals", "identities", "resourceGroups"),
    "identities": ("id", "principalId", "clientId"),
    "resourceGroups": ("name", "location", "tags", "accounts", "applicationInsights", "services"),
    "accounts": ("name", "location", "kind", "sku", "customSubDomainName", "disableLocalAuth", "tags"),
    "applicationInsights": ("name", "location", "tags"),
    "services": ("name", "location", "sku", "capacity", "tags"),
}
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "identities": ("id", "principalId", "clientId"),
    "resourceGroups": ("name", "location"),
    "accounts": ("name",),
    "applicationInsights": ("name",),
    "services": ("name",),
}
_LISTS: Final = ("principals", "identities", "resourceGroups", "accounts", "applicationInsights", "services")


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
    problems = list(_problems(estate, "", ""))
    if problems:
        return problems
    under_way = set(store.operations)
    _add_directory(store, estate)
    manager = Manager(State(store, new_id))
    for where, call in _calls(estate):
        if store.get(call.path):
            continue
        answer = manager.handle(call, now)
        if answer.status not in (200, 201) and isinstance(answer.body, dict):
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
    subscription = f"/subscriptions/{estate.get('subscription', SUBSCRIPTION)}"
    for index, group in enumerate(estate.get("resourceGroups") or []):
        where = f"resourceGroups[{index}]"
        path = f"{subscription}/resourceGroups/{group['name']}"
        yield where, _put("resources:ResourceGroup", path, _tagged(group, {"location": group["location"]}))
        for number, account in enumerate(group.get("accounts") or []):
            target = f"{path}/providers/Microsoft.CognitiveServices/accounts/{account['name']}"
            yield f"{where}.accounts[{number}]", _put("cognitiveservices:Account", target, _account(account, group))
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


def _account(account: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    body = {
        "kind": account.get("kind", "OpenAI"),
        "sku": {"name": account.get("sku", "S0")},
        "location": account.get("location", group["location"]),
        "properties": {
            "customSubDomainName": account.get("customSubDomainName", account["name"]),
            "disableLocalAuth": account.get("disableLocalAuth", True),
        },
    }
    return _tagged(account, body)


def _service(service: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    """With an identity of its own, as a gateway needs one."""
    body = {
        "sku": {"name": service.get("sku", "Premium"), "capacity": service.get("capacity", 1)},
        "location": service.get("location", group["location"]),
        "identity": {"type": "SystemAssigned"},
        "properties": {"publisherEmail": "platform@example.com", "publisherName": "Platform team"},
    }
    return _tagged(service, body)


def _tagged(entry: Mapping[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "tags": entry["tags"]} if entry.get("tags") else body


def _put(token: str, path: str, body: dict[str, Any]) -> Call:
    return Call("PUT", path, {"api-version": TYPES[token].api_version}, body)


def _messages(error: Mapping[str, Any]) -> list[str]:
    details = error.get("details")
    return [f"{one['target']}: {one['message']}" for one in details] if details else [str(error["message"])]


def _problems(value: Any, kind: str, at: str) -> Iterator[str]:
    """Unknown and missing keys, and values of the wrong kind, at any depth."""
    if not isinstance(value, dict):
        yield f"{at or 'the file'} must hold keys and values, not {value!r}"
        return
    for key in value:
        if key not in _KEYS[kind]:
            near = difflib.get_close_matches(str(key), _KEYS[kind], 1)
            hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(_KEYS[kind])}"
            yield f"{_at(at, key)} is not known{hint}"
    yield from (f"{_at(at, key)} is missing" for key in _REQUIRED.get(kind, ()) if value.get(key) in (None, ""))
    for key, inner in value.items():
        yield from _problems_of_key(str(key), inner, _at(at, key))


def _problems_of_key(key: str, value: Any, at: str) -> Iterator[str]:
    if key in _LISTS and value is not None:
        if not isinstance(value, list):
            yield f"{at} must be a list"
            return
        for index, entry in enumerate(value):
            if key != "principals":
                yield from _problems(entry, key, f"{at}[{index}]")
            elif not _GUID.fullmatch(str(entry)):
                yield f"{at}[{index}] is {entry!r}: it must be a GUID"
    elif key in ("subscription", "principalId", "clientId") and not _GUID.fullmatch(str(value)):
        yield f"{at} is {value!r}: it must be a GUID"
    elif key == "tags" and not isinstance(value, dict | None):
        yield f"{at} must hold names and values, not {value!r}"
    elif key == "disableLocalAuth" and not isinstance(value, bool):
        yield f"{at} is {value!r}: it must be true or false"
    elif key == "capacity" and (not isinstance(value, int) or isinstance(value, bool)):
        yield f"{at} is {value!r}: it must be a whole number"
    elif key in ("name", "location", "kind", "sku", "customSubDomainName", "id") and not isinstance(value, str | None):
        yield f"{at} is {value!r}: it must be a text (put it in quotes)"


def _at(at: str, key: object) -> str:
    return f"{at}.{key}" if at else str(key)
