"""status: whether the twin runs, where, and what is on it."""

import json
from dataclasses import asdict

from ..engine.environment import Folders
from . import running
from .running import COMMAND
from .screen import Screen
from .session import state_folder
from .stacks import stacks


def status(screen: Screen, *, as_json: bool) -> bool:
    """Tell whether the twin runs, and where. Returns whether it does.

    As JSON: `arm` and `gateway` (base URLs), `subscription_id`, `pid`, `state_dir`, `versions` and `running`; just
    `{"running": false}` when it does not run. Scripts may rely on it.
    """
    folders = Folders(state_folder())
    found = running.find(folders.state)
    if as_json:
        screen.say(json.dumps({"running": True, **asdict(found)} if found else {"running": False}, indent=2))
        return found is not None
    if found is None:
        screen.say(f"The twin does not run. To start it and deploy the project in this folder: {COMMAND} up")
        if (folders.state / "twin.json").exists():
            screen.say("It ended without being told to.")
            for line in running.end_of_log(folders.state):
                screen.say(line)
        return False
    screen.say("The twin runs.")
    screen.rows(
        [
            ("Azure Resource Manager", found.arm),
            ("gateway", found.gateway),
            ("subscription", found.subscription_id),
            ("process", str(found.pid)),
            ("state", found.state_dir),
            *(("stack", line) for line in stacks(folders)),
        ]
    )
    return True
