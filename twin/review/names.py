"""What a reader calls the things of a deployment: the same in two deployments that mean the same.

What Azure or Pulumi draws at random is left out: the last eight digits of a name that a program leaves to Pulumi,
GUIDs, which stand for keys and identities, and the names of the named values that Azure makes of a logger's
credentials.
https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
"""

import re
from collections.abc import Mapping
from typing import Final

from ..azure.addresses import parent_of
from ..azure.rules.backends import is_pool
from ..azure.store import Resource, Store

SERVICE: Final = "apimanagement:ApiManagementService"
_LEFT_TO_PULUMI: Final = (SERVICE, "resources:ResourceGroup")
_DRAWN: Final = re.compile(r"(?<=.)[0-9a-f]{8}\Z")
_GUID: Final = re.compile(
    r"\b[0-9a-f]{8}(-?)([0-9a-f]{4}\1){3}[0-9a-f]{12}\b|(?<=Logger-Credentials--)[0-9a-f]{24}", re.IGNORECASE
)
_WORDS: Final = {"Api": "API", "ApiOperation": "operation", "Component": "Application Insights"}


class Names:
    """The names of what one local Azure holds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._services = list(store.all(SERVICE))
        drawn = [one.name for token in _LEFT_TO_PULUMI for one in store.all(token) if _DRAWN.search(one.name)]
        self._plain: Mapping[str, str] = {name.lower(): _DRAWN.sub("…", name) for name in drawn}
        self._drawn = re.compile("|".join(map(re.escape, drawn)) or r"(?!)", re.IGNORECASE)

    def plain(self, text: str) -> str:
        """A text without what is random in it."""
        return _GUID.sub("…", self.steady(text))

    def steady(self, text: str) -> str:
        """A text with the names that Pulumi drew made the same each time."""
        return self._drawn.sub(lambda match: self._plain[match[0].lower()], text)

    def thing(self, resource: Resource) -> str:
        """Such as `backend east` or `operation chat of API openai`; with several services, with the service's name."""
        service = next((one for one in self._services if _within(resource, one)), None)
        prefix = f"{self.steady(service.name)}: " if service and len(self._services) > 1 else ""
        return prefix + self._thing(resource)

    def thing_at(self, resource_id: str) -> str:
        """What lies at an id; of what is not known here, its name."""
        found = self._store.get(resource_id)
        return self.thing(found) if found else self.plain(resource_id.rpartition("/")[2])

    def identity(self, principal: str) -> str:
        """Whose principal that is: one that a resource here has, or somebody else's, by its GUID."""
        owner = next((one for one in self._store.all() if _principal(one) == principal.lower()), None)
        return f"the identity of {self.thing(owner)}" if owner else principal

    def _thing(self, resource: Resource) -> str:
        if resource.token == SERVICE:
            return "the service"
        parent = self._store.get(parent_of(resource.id))
        inside = parent is not None and parent.token not in _LEFT_TO_PULUMI and parent.token != "directory:Subscription"
        where = f" of {self._thing(parent)}" if inside and parent else ""
        return f"{_kind(resource)} {self.plain(resource.name)}{where}"


def _principal(resource: Resource) -> str:
    return str((resource.body.get("identity") or {}).get("principalId", "")).lower()


def _kind(resource: Resource) -> str:
    name = resource.token.partition(":")[2]
    if name == "Backend":
        return "pool" if is_pool(resource.properties) else "backend"
    return _WORDS.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removeprefix("Api")).lower()


def _within(resource: Resource, service: Resource) -> bool:
    return f"{resource.id}/".lower().startswith(f"{service.id}/".lower())
