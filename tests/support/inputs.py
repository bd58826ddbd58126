"""Inputs of a gateway without problems, and ways to change them."""

import copy
import re
from typing import Any

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"

GOOD: dict[str, Any] = {
    "location": "eastus2",
    "resourceGroup": {"name": "rg-gateway"},
    "service": {"publisherEmail": "platform@example.com", "publisherName": "Platform team", "sku": "Developer"},
    "backends": [
        {"name": "east", "account": {"name": "aoai-east", "resourceGroup": "rg-openai"}},
        {"name": "west", "url": "https://aoai-west.openai.azure.com/openai"},
    ],
}

REMOVED = object()


def changed(inputs: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with other values at paths such as `backends[1].priority`; REMOVED removes what is there."""
    result = copy.deepcopy(inputs)
    for path, value in changes.items():
        *parents, last = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
        owner: Any = result
        for step in parents:
            owner = owner.setdefault(step, {}) if isinstance(owner, dict) else owner[step]
        if value is REMOVED:
            del owner[last]
        elif isinstance(owner, list) and last == len(owner):
            owner.append(value)
        else:
            owner[last] = value
    return result
