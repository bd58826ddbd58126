"""The accounts of an estate: what Azure is told of them, and what only their simulation needs to know."""

from collections.abc import Mapping
from typing import Any, Final

# Keys of an account in the file, and the fields of twin/openai/settings.Behaviour that they set.
_LATENCY: Final = {
    "firstToken": "first_token",
    "spread": "spread",
    "tokensPerSecond": "tokens_per_second",
    "error": "error",
}


def account_body(account: Mapping[str, Any], group: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the PUT of an account, without its tags."""
    return {
        "kind": account.get("kind", "OpenAI"),
        "sku": {"name": account.get("sku", "S0")},
        "location": account.get("location", group["location"]),
        "properties": {
            "customSubDomainName": account.get("customSubDomainName", account["name"]),
            "disableLocalAuth": account.get("disableLocalAuth", True),
        },
    }


def deployment_body(deployment: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the PUT of a deployment."""
    model = {"format": "OpenAI", "name": deployment.get("model", deployment["name"])}
    if "version" in deployment:
        model["version"] = deployment["version"]
    return {
        "sku": {"name": deployment.get("sku", "Standard"), "capacity": deployment.get("capacity", 1)},
        "properties": {"model": model},
    }


def simulation(account: Mapping[str, Any]) -> dict[str, Any]:
    """`anyDeployment`: it has every deployment until somebody makes one. `behaviour`: what differs from the usual."""
    behaviour = {_LATENCY[key]: value for key, value in (account.get("latency") or {}).items()}
    if "burst" in account:
        behaviour["burst"] = account["burst"]
    return {"anyDeployment": not account.get("deployments"), "behaviour": behaviour}
