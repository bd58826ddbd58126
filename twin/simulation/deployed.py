"""From what a program deploys to a local Azure that holds it: the resources of a stack export, or those that a program
registered on mocks.

Each goes the way of a PUT, through the same rules and models as any other, so what Azure would refuse is refused here.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from ..azure.estate import add_estate
from ..azure.identity import SUBSCRIPTION
from ..azure.manager import Manager
from ..azure.messages import Call
from ..azure.rules.accounts import ACCOUNT
from ..azure.rules.backends import is_pool
from ..azure.rules.proposal import service_of
from ..azure.rules.roles import ASSIGNMENT
from ..azure.shapes import shape
from ..azure.state import State
from ..azure.store import Resource, Store
from ..azure.types import TYPES
from ..messages import Url

PROVIDER: Final = "azure-native:"
OPENAI_USER: Final = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
_SERVICE: Final = "apimanagement:ApiManagementService"
_BACKEND: Final = "apimanagement:Backend"
SIMULATED_GROUP: Final = "rg-simulated"
"""Where accounts are made that a backend calls and that exist nowhere."""
_SIMULATED: Final = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{SIMULATED_GROUP}/providers/Microsoft.CognitiveServices/accounts"
)
_BEGAN: Final = datetime(2023, 11, 14, 22, 0, tzinfo=UTC)


class NotDeployable(Exception):
    """Every resource that the local Azure refuses, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Deployed:
    """One resource of a program: the SDK's token without its provider, inputs and outputs in the SDK's names."""

    token: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict)


def exported(export: Mapping[str, Any]) -> list[Deployed]:
    """The azure-native resources of `pulumi stack export`, in the order in which they were made."""
    resources = (export.get("deployment") or {}).get("resources") or []
    return [
        Deployed(native(str(one["type"])), one.get("inputs") or {}, one.get("outputs") or {})
        for one in resources
        if str(one["type"]).startswith(PROVIDER) and one.get("custom")
    ]


def native(token: str) -> str:
    """`azure-native:apimanagement/v20240501:Backend` as the table of types names it: `apimanagement:Backend`."""
    module, _, name = token.removeprefix(PROVIDER).partition(":")
    return f"{module.partition('/')[0]}:{name}"


def store_of(resources: Iterable[Deployed], estate: Mapping[str, Any] | None = None) -> Store:
    """A local Azure with these resources in it, and with what the estate says was there before.

    An account that a backend calls and that exists nowhere is made, with any deployment, and the service's identity may
    call it: it is an account beyond the program's reach. What roles the program assigns at such accounts is left out.
    Raises NotDeployable.
    """
    store, new_id = Store(), _ids()
    problems = add_estate(store, {"subscription": SUBSCRIPTION, **(estate or {})}, now=_BEGAN, new_id=new_id)
    if problems:
        raise NotDeployable(problems)
    manager = Manager(State(store, new_id))
    made_here = (one for one in resources if one.token in TYPES and not _is_about_elsewhere(one, store))
    refused = [problem for one in made_here for problem in _put(manager, one)]
    if refused:
        raise NotDeployable(refused)
    manager.handle(Call("GET", "/subscriptions", {"api-version": "2022-12-01"}), _BEGAN)
    _make_missing_accounts(manager, new_id)
    return store


def _is_about_elsewhere(deployed: Deployed, store: Store) -> bool:
    """A role at something that neither the program nor the estate has made."""
    return deployed.token == ASSIGNMENT and store.get(str(deployed.inputs.get("scope"))) is None


def _put(manager: Manager, deployed: Deployed) -> list[str]:
    """Make one resource; why the local Azure refuses it, if it does."""
    target = shape(deployed.token)
    path = target.resource_id(deployed.inputs, SUBSCRIPTION)
    call = Call("PUT", path, {"api-version": target.row.api_version}, target.to_wire(deployed.inputs))
    answer = manager.handle(call, _BEGAN)
    if answer.status not in (200, 201, 202) and isinstance(answer.body, dict):
        return [f"{path}: {reason}" for reason in _reasons(answer.body["error"])]
    if deployed.token == _SERVICE:
        _keep_identity(manager.state.store, path, deployed.outputs)
    return []


def _reasons(error: Mapping[str, Any]) -> list[str]:
    """Of a refusal in Azure's shape: what is wrong with each field, where it says so."""
    return [f"{one['target']}: {one['message']}" for one in error.get("details") or ()] or [error["message"]]


def _keep_identity(store: Store, path: str, outputs: Mapping[str, Any]) -> None:
    """Roles were assigned to the principal that the service had where it was deployed: it is the same here."""
    principal = (outputs.get("identity") or {}).get("principalId")
    service = store.get(path)
    if service is not None and principal and service.body.get("identity"):
        identity = {**service.body["identity"], "principalId": principal}
        store.restore(Resource(service.id, service.token, {**service.body, "identity": identity}, service.private))


def _make_missing_accounts(manager: Manager, new_id: Callable[[], UUID]) -> None:
    store = manager.state.store
    known = {Url.parse(one.properties["endpoint"]).host.lower() for one in store.all(ACCOUNT)}
    for backend in [one for one in store.all(_BACKEND) if not is_pool(one.properties)]:
        host = Url.parse(str(backend.properties["url"])).host.lower()
        if host in known:
            continue
        known.add(host)
        name, service = host.partition(".")[0], store.get(service_of(backend.id))
        group = {"name": SIMULATED_GROUP, "location": "eastus", "accounts": [{"name": name}]}
        add_estate(store, {"resourceGroups": [group]}, now=_BEGAN, new_id=new_id)
        principal = ((service.body if service else {}).get("identity") or {}).get("principalId")
        if principal:
            _put(manager, _role_of(principal, f"{_SIMULATED}/{name}", new_id))


def _role_of(principal: str, account: str, new_id: Callable[[], UUID]) -> Deployed:
    role = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{OPENAI_USER}"
    inputs = {"scope": account, "roleAssignmentName": str(new_id()), "principalId": principal}
    return Deployed(ASSIGNMENT, {**inputs, "roleDefinitionId": role, "principalType": "ServicePrincipal"})


def _ids() -> Callable[[], UUID]:
    """The same ids each time: a simulation repeats itself to the byte."""
    numbers = itertools.count(1)
    return lambda: UUID(int=next(numbers))
