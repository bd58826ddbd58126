"""Azure OpenAI accounts."""

import fnmatch
from urllib.parse import urlsplit

from pulumi_policy.proxy import UnknownValueError

from guardrails.kinds import ACCOUNT, azure_name
from guardrails.reading import Resource
from guardrails.rule import HIGH, MANDATORY, Finding, Setting, learn, resource_rule
from guardrails.stack import Placed

KINDS = ("openai", "aiservices")
PRODUCTION = {
    "production_stacks": Setting(
        ["prod", "prod-*", "*-prod", "production", "*-production"], "Patterns of the names of production stacks."
    )
}


def models_account(account: Resource) -> list[Resource]:
    """The account itself, when it serves models (other kinds, such as speech, are not this pack's concern)."""
    return [account] if (account.props.text("kind") or "").lower() in KINDS else []


@resource_rule(
    "openai-account-disables-keys",
    ACCOUNT,
    MANDATORY,
    HIGH,
    each=models_account,
    says="An Azure OpenAI account takes no keys: one that leaks opens it to anybody, past the gateway and its limits.",
    fix="Set properties.disableLocalAuth: true; the gateway calls the account with its managed identity.",
    link=learn("ai-services/disable-local-auth"),
)
def disables_keys(account: Resource) -> Finding:
    if account.props.flag("properties", "disableLocalAuth"):
        return None
    return f"properties.disableLocalAuth is {account.props.shown('properties', 'disableLocalAuth')}"


@resource_rule(
    "openai-account-is-private-in-production",
    ACCOUNT,
    MANDATORY,
    HIGH,
    each=models_account,
    says="On production stacks an Azure OpenAI account has no public network access: only the gateway should reach it.",
    fix="Set properties.publicNetworkAccess: Disabled and give the account a private endpoint.",
    link=learn("ai-services/cognitive-services-virtual-networks"),
    settings=PRODUCTION,
)
def is_private_in_production(account: Resource, production_stacks: list[str]) -> Finding:
    if not is_production(account, production_stacks):
        return None
    access = account.props.at("properties", "publicNetworkAccess")
    return None if (access.text() or "").lower() == "disabled" else f"{access.path} is {access.shown()}"


def is_production(resource: Resource, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(resource.stack.lower(), pattern.lower()) for pattern in patterns)


def account_of(backend: Placed) -> Resource | None:
    """The account of this stack that a backend forwards to: by what its url was computed from, or by its host."""
    sources = backend.stack.behind(backend.resource, "url", ACCOUNT)
    if len(sources) == 1:
        return sources[0]
    try:
        host = urlsplit(backend.resource.props.text("url") or "").hostname or ""
    except UnknownValueError:
        return None
    return next((account for account in backend.stack.of(ACCOUNT) if _answers_as(account, host.split(".")[0])), None)


def _answers_as(account: Resource, first_label: str) -> bool:
    try:
        own = account.props.text("properties", "customSubDomainName") or azure_name(account) or ""
    except UnknownValueError:
        return False
    return bool(first_label) and own.lower() == first_label.lower()
