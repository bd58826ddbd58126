"""The reference deployment without an engine: its configuration, and what Azure answers to the program's questions."""

import copy
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .deployment import Answer, Deployment, deploy

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "__main__.py"

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
PRINCIPAL = "00000000-0000-0000-0000-0000000000aa"
ACCOUNTS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-openai/providers/Microsoft.CognitiveServices/accounts"


def reference_config() -> dict[str, Any]:
    """What Pulumi.dev.yaml configures, by key."""
    return copy.deepcopy(_configured_once())


@functools.cache
def _configured_once() -> dict[str, Any]:
    stack = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    return {key.partition(":")[2]: value for key, value in stack["config"].items()}


def as_config(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as the engine hands them to a program: texts as they are, everything else as JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}


def account(arguments: Mapping[str, Any]) -> dict[str, Any]:
    name, group = arguments["accountName"], arguments["resourceGroupName"]
    return {
        "id": ACCOUNTS.replace("rg-openai", group) + f"/{name}",
        "name": name,
        "kind": "OpenAI",
        "location": "eastus2",
        "properties": {"endpoint": f"https://{name}.openai.azure.com/"},
    }


def service(arguments: Mapping[str, Any]) -> dict[str, Any]:
    name, group = arguments["serviceName"], arguments["resourceGroupName"]
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.ApiManagement/service/{name}",
        "name": name,
        "gatewayUrl": f"https://{name}.azure-api.net",
        "identity": {"type": "SystemAssigned", "principalId": PRINCIPAL, "tenantId": SUBSCRIPTION},
    }


def api(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{service(arguments)['id']}/apis/{arguments['apiId']}",
        "name": arguments["apiId"],
        "path": f"paths/of/{arguments['apiId']}",
    }


ANSWERS: Mapping[str, Answer] = {
    "cognitiveservices:getAccount": account,
    "apimanagement:getApiManagementService": service,
    "apimanagement:getApi": api,
    "apimanagement:getApiPolicy": {"value": "<policies />", "format": "xml"},
    "apimanagement:listSubscriptionSecrets": lambda arguments: {"primaryKey": f"key of {arguments['sid']}"},
    "applicationinsights:getComponent": lambda arguments: {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{arguments['resourceGroupName']}"
        f"/providers/microsoft.insights/components/{arguments['resourceName']}",
        "connectionString": "InstrumentationKey=00000000-0000-0000-0000-000000000000",
    },
    "resources:getResourceGroup": lambda arguments: {"name": arguments["resourceGroupName"], "location": "eastus2"},
}


def deploy_reference(
    *, preview: bool = False, answers: Mapping[str, Answer] | None = None, **changes: Any
) -> Deployment:
    """The program at the repository's root with Pulumi.dev.yaml; `changes` replace keys of it, None removes one.

    A deployment takes tenths of a second, so without `answers` of a test's own each is made once for all tests.
    """
    config = {key: value for key, value in {**reference_config(), **changes}.items() if value is not None}
    if answers:
        return deploy(PROGRAM, config=as_config(config), preview=preview, answers={**ANSWERS, **answers})
    return _deploy_once(json.dumps(config, sort_keys=True), preview)


@functools.cache
def _deploy_once(config: str, preview: bool) -> Deployment:
    return deploy(PROGRAM, config=as_config(json.loads(config)), preview=preview, answers=ANSWERS)
