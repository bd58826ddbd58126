"""Azure OpenAI accounts that exist, looked up in Azure Resource Manager.

No address is derived from a name: `*.openai.azure.com` is a global namespace, and prompts would go to whoever owns it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_azure_native as azure_native
from pulumi_azure_native import cognitiveservices

from .checks.resource_ids import parts
from .lookups import look_up

KINDS = ("OpenAI", "AIServices")
SHARED_HOST = ".api.cognitive.microsoft.com"


@dataclass(frozen=True)
class Account:
    """An account that exists."""

    id: pulumi.Output[str]
    url: pulumi.Output[str]


class Accounts:
    """Looks accounts up on behalf of `parent`, each account once."""

    def __init__(self, name: str, parent: pulumi.Resource) -> None:
        self._name = name
        self._parent = parent
        self._found: dict[tuple[Any, ...], Account] = {}
        self._providers: dict[str, azure_native.Provider] = {}

    def look_up(self, account: Mapping[str, Any]) -> Account:
        parts = (account.get("subscription"), account["resource_group"], account["name"])
        key = tuple(part.casefold() if isinstance(part, str) else part for part in parts)
        if key not in self._found:
            self._found[key] = self._get(account)
        return self._found[key]

    def _get(self, account: Mapping[str, Any]) -> Account:
        found = look_up(
            "backends: account",
            "cognitiveservices:getAccount",
            cognitiveservices.GetAccountResult,
            {"accountName": account["name"], "resourceGroupName": account["resource_group"]},
            parent=self._parent,
            provider=self._provider(account.get("subscription")),
        )
        return Account(id=found.id, url=found.apply(backend_url))

    def _provider(self, subscription: str | None) -> azure_native.Provider | None:
        """The provider looks in its own subscription only, so another subscription needs a provider of its own."""
        if subscription is None:
            return None
        if subscription not in self._providers:
            self._providers[subscription] = azure_native.Provider(
                f"{self._name}-{subscription}",
                subscription_id=subscription,
                opts=pulumi.ResourceOptions(parent=self._parent),
            )
        return self._providers[subscription]


def backend_url(account: cognitiveservices.GetAccountResult) -> str:
    """Where the account answers. Refuses what could never work, which is cheaper in a preview than in production."""
    if account.kind not in KINDS:
        raise pulumi.RunError(
            f"account {account.name} is of kind {account.kind}; {' and '.join(KINDS)} serve models. Name another one."
        )
    endpoint = account.properties.endpoint.rstrip("/")
    if endpoint.endswith(SHARED_HOST):
        raise pulumi.RunError(
            f"account {account.name} answers at {endpoint}, an address that many accounts share and that accepts no"
            f" tokens of identities. Give it one of its own: az cognitiveservices account update --name {account.name}"
            f" --resource-group {parts(account.id)['group']} --custom-domain {account.name}"
        )
    return f"{endpoint}/openai"
