"""The stacks that the twin's backend holds, read from their checkpoints."""

import json
import re
from pathlib import Path
from typing import Any, Final

from ..engine.environment import Folders

_SERVICE: Final = re.compile(r"/providers/Microsoft\.ApiManagement/service/([^/]+)", re.IGNORECASE)


def stacks(folders: Folders) -> list[str]:
    """The stacks in the twin's backend, each with its number of resources."""
    return [
        f"{file.stem} of {file.parent.name}, {_resources(file)} resources"
        for file in sorted(folders.backend.glob(".pulumi/stacks/*/*.json"))
    ]


def _resources(file: Path) -> int:
    """Resources in a checkpoint, without the stack itself and the providers, which only Pulumi knows of."""
    return sum(not one["type"].startswith(("pulumi:pulumi:", "pulumi:providers:")) for one in _state(file))


def services_of(folders: Folders, project: str, stack: str) -> set[str]:
    """The API Management services, in lower case, in which a stack has something."""
    file = folders.backend / ".pulumi" / "stacks" / project / f"{stack}.json"
    found = (_SERVICE.search(str(one.get("id", ""))) for one in _state(file))
    return {match[1].lower() for match in found if match}


def _state(file: Path) -> list[dict[str, Any]]:
    return (json.loads(file.read_text()).get("checkpoint", {}).get("latest") or {}).get("resources") or []
