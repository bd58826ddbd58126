"""What a path of Azure Resource Manager points to."""

import functools
import re
from dataclasses import dataclass
from typing import Final

from .errors import InvalidResourceNamespace, InvalidResourceType, Refusal, ResourceNotFound
from .shapes import Shape, shape, type_of
from .types import ACTIONS, TYPES, Action, ResourceType

_PROVIDERS: Final = "/providers/"
_SUBSCRIPTION: Final = re.compile(r"/subscriptions/[^/]+", re.IGNORECASE)
# A path may name an API's revision; the twin keeps only the current one (Address.revision says which was meant).
_REVISION: Final = re.compile(r"(/apis/[^/;]+);rev=([^/;]+)", re.IGNORECASE)


@dataclass(frozen=True)
class ResourceAddress:
    """One resource, which need not exist."""

    path: str
    shape: Shape
    revision: str | None = None

    @property
    def row(self) -> ResourceType:
        return self.shape.row

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The id of what this resource lies in: a resource, a resource group, or the subscription."""
        return parent_of(self.path)


@dataclass(frozen=True)
class Collection:
    """All resources of one type below a parent, or everywhere below a subscription."""

    path: str
    row: ResourceType
    parent: str


@dataclass(frozen=True)
class ActionAddress:
    """A function on a resource."""

    resource: ResourceAddress
    action: Action


@dataclass(frozen=True)
class SubscriptionAddress:
    """A subscription, or with an empty id all of them."""

    subscription: str


Address = ResourceAddress | Collection | ActionAddress | SubscriptionAddress


def parent_of(path: str) -> str:
    """The id that a resource's id goes on from.

    `…/service/s/apis/a` lies in `…/service/s`; that lies in its resource group; an extension such as
    `<any id>/providers/Microsoft.Authorization/roleAssignments/r` lies in that id.
    """
    container = path.rsplit("/", 2)[0]
    above, separator, rest = container.rpartition(_PROVIDERS)
    return above if separator and "/" not in rest else container


def find(method: str, path: str) -> Address:
    """What the path points to. Raises the 404 that Azure answers for types it does not know."""
    plain = path.rstrip("/")
    if plain.lower() == "/subscriptions":
        return SubscriptionAddress("")
    if _SUBSCRIPTION.fullmatch(plain):
        return SubscriptionAddress(plain.rpartition("/")[2])
    if method == "POST":
        resource, _, verb = plain.rpartition("/")
        found = _resource(resource)
        action = None if found is None else _action(found.row.token, verb)
        if found is not None and action is not None:
            return ActionAddress(found, action)
    else:
        address = _resource(plain) or _collection(plain)
        if address is not None:
            return address
    raise _unknown(plain)


def _resource(path: str) -> ResourceAddress | None:
    revision = _REVISION.search(path)
    plain = _REVISION.sub(r"\1", path)
    found = type_of(plain)
    return None if found is None else ResourceAddress(_spelled(plain, found), found, revision[2] if revision else None)


def _spelled(path: str, found: Shape) -> str:
    """The id as Azure gives it back: names as they were written, the words between them as Azure spells them."""
    template, steps = found.row.path.replace("/resourcegroups/", "/resourceGroups/").split("/"), path.split("/")
    head = "/".join(steps[: len(steps) - len(template) + 2]) if template[1] == "{scope}" else ""
    if head:
        scope = type_of(head)
        head = head if scope is None else _spelled(head, scope)
        template, steps = template[2:], steps[-len(template) + 2 :]
    pairs = zip(template, steps, strict=True)
    spelled = [step if word.startswith("{") else word for word, step in pairs]
    return "/".join([head, *spelled] if head else spelled)


def _action(token: str, verb: str) -> Action | None:
    return next((a for a in ACTIONS.values() if a.resource == token and a.verb.lower() == verb.lower()), None)


def _collection(path: str) -> Collection | None:
    plain = _REVISION.sub(r"\1", path)
    for token in TYPES:
        row = shape(token).row
        for pattern in _collections(token):
            if found := pattern.fullmatch(plain):
                return Collection(plain, row, found["parent"])
    return None


@functools.cache
def _collections(token: str) -> tuple[re.Pattern[str], ...]:
    """Where a type is listed: below its parent; and, for what lies in a resource group, below the subscription."""
    container = TYPES[token].path.rpartition("/")[0]
    below_parent = re.sub(r"{(\w+)}", lambda p: ".+" if p[1] == "scope" else "[^/]+", parent_of(container + "/x"))
    rest = container[len(parent_of(container + "/x")) :]
    patterns = [f"(?P<parent>{below_parent}){re.escape(rest)}"]
    if parent_of(container + "/x").endswith("{resourceGroupName}"):
        patterns.append(f"(?P<parent>/subscriptions/[^/]+){re.escape(rest)}")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _unknown(path: str) -> Refusal:
    _, separator, below = path.rpartition(_PROVIDERS)
    if not separator:
        return ResourceNotFound(f"No resource of Azure Resource Manager is at '{path}'.")
    namespace, *segments = below.split("/")
    rows = [row for row in TYPES.values() if row.arm_type.partition("/")[0].lower() == namespace.lower()]
    if not rows:
        return InvalidResourceNamespace(namespace)
    known = sorted({row.arm_type.partition("/")[2] for row in rows})
    return InvalidResourceType("/".join(segments[::2]), namespace, rows[0].api_version, known)
