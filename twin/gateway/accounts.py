"""The simulated accounts of a local Azure: those that Azure Resource Manager holds at the moment.

What a PUT or a DELETE changes is true at the next request. An account keeps its limits, its faults and its requests for
as long as it exists; one that is deleted and made again is another one.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from ..azure.rules.accounts import ACCOUNT, DEPLOYMENT, SIMULATION
from ..azure.rules.roles import ASSIGNMENT
from ..azure.store import Resource, Store
from ..bearer import Issuer
from ..chance import Chance
from ..clock import Clock
from ..openai.account import Account
from ..openai.settings import Behaviour, Deployment, Settings

# An account is reached by its subdomain under each of these.
# https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
_DOMAINS: Final = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
_KINDS: Final = ("OpenAI", "AIServices")


class Accounts:
    """All accounts in the store that `store` gives at the moment; `keep`: see Account.

    `behaviour` is how those work of which the estate says nothing.
    """

    def __init__(
        self,
        store: Callable[[], Store],
        clock: Clock,
        chance: Chance,
        issuer: Issuer,
        *,
        keep: int = 0,
        behaviour: Behaviour | None = None,
    ) -> None:
        self.issuer = issuer
        self._store = store
        self._make = lambda settings: Account(settings, clock, chance, issuer, keep=keep)
        self._behaviour = behaviour or Behaviour()
        self._seen: tuple[Store, int] | None = None
        self._by_identity: dict[str, Account] = {}
        self._by_host: dict[str, Account] = {}

    def at(self, host: str) -> Account | None:
        """The account of a host name, with a port or without."""
        self._refresh()
        return self._by_host.get(host.partition(":")[0].lower())

    def named(self, name: str) -> Account | None:
        self._refresh()
        return next((one for one in self._by_identity.values() if one.name.lower() == name.lower()), None)

    def all(self) -> list[Account]:
        """In the order in which they were made."""
        self._refresh()
        return list(self._by_identity.values())

    def _refresh(self) -> None:
        store = self._store()
        if self._seen is not None and self._seen[0] is store and self._seen[1] == store.revision:
            return
        self._seen = store, store.revision
        before, self._by_identity, self._by_host = self._by_identity, {}, {}
        for resource in store.all(ACCOUNT):
            settings = settings_of(resource, store, self._behaviour)
            if settings is None:
                continue
            identity = str(resource.properties["internalId"])
            account = before.get(identity) or self._make(settings)
            if account.settings != settings:
                account.configure(settings)
            self._by_identity[identity] = account
            subdomain = settings.host.partition(".")[0].lower()
            self._by_host.update({subdomain + domain: account for domain in _DOMAINS})


def settings_of(account: Resource, store: Store, behaviour: Behaviour) -> Settings | None:
    """What an account is to its callers; None for one that serves no models, or has no subdomain to be called at."""
    subdomain = account.properties.get("customSubDomainName")
    if not subdomain or account.body.get("kind") not in _KINDS:
        return None
    deployments = tuple(_deployment(one) for one in store.below(account.id, DEPLOYMENT))
    simulation = next(iter(store.below(account.id, SIMULATION)), None)
    told = simulation.body if simulation else {}
    keys = () if account.properties.get("disableLocalAuth") else account.private.values()
    return Settings(
        name=account.name,
        host=str(urlsplit(account.properties["endpoint"]).hostname),
        region=str(account.body["location"]),
        deployments=deployments,
        any_deployment=bool(told.get("anyDeployment")) and not deployments,
        keys=frozenset(map(str, keys)),
        grants=frozenset(_grants(account, store)),
        behaviour=replace(behaviour, **told.get("behaviour", {})),
    )


def _deployment(resource: Resource) -> Deployment:
    model, sku = resource.properties["model"], resource.body["sku"]
    return Deployment(
        resource.name, model["name"], sku["name"], int(sku.get("capacity") or 1), str(model.get("version") or "")
    )


def _grants(account: Resource, store: Store) -> Iterator[tuple[str, str]]:
    """(principal, role) of every assignment at the account or above it."""
    for assignment in store.all(ASSIGNMENT):
        scope = str(assignment.properties["scope"]).lower().rstrip("/")
        if f"{account.id.lower()}/".startswith(f"{scope}/"):
            role = str(assignment.properties["roleDefinitionId"]).rpartition("/")[2]
            yield str(assignment.properties["principalId"]).lower(), role.lower()
