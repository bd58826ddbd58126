"""status: whether the twin runs, where, and what is on it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..assumptions import Assumptions
from ..engine.environment import Folders
from . import running
from .calls import call
from .running import COMMAND
from .screen import Screen
from .session import state_folder
from .stacks import stacks
from .trouble import described


def status(screen: Screen, *, as_json: bool) -> bool:
    """Tell whether the twin runs, and where. Returns whether it does.

    As JSON: `arm`, `gateway` and `accounts` (base URLs), `subscription_id`, `pid`, `state_dir`, `versions`, `units`,
    `assume` (by id) and `running`; just `{"running": false}` when it does not run. Scripts may rely on it.
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
    units = [("gateway units", str(found.units))] if found.units > 1 else []
    screen.rows(
        [
            ("Azure Resource Manager", found.arm),
            ("gateway", found.gateway),
            *units,
            ("subscription", found.subscription_id),
            ("process", str(found.pid)),
            ("state", found.state_dir),
            *(("stack", line) for line in stacks(folders)),
            *(("account", account_line(account)) for account in call(found, "GET", "/_twin/accounts")),
            *(("assumes", line) for line in assumed(found.assume)),
            *(("warning", warning_line(warning)) for warning in call(found, "GET", "/_twin/warnings")),
        ]
    )
    return True


def account_line(account: Mapping[str, Any]) -> str:
    """An account and its state: what happens to its requests, as long as a fault is in force."""
    faults = [f"{described(one)}{_left(one)}" for one in account["faults"]]
    return f"{account['name']}, {'; '.join(faults) or 'well'}"


def _left(fault: Mapping[str, Any]) -> str:
    return f", for {fault['for']:.0f} s more" if "for" in fault else ""


def warning_line(warning: Mapping[str, Any]) -> str:
    """What a deployed policy asks for and will not get; the place is that in its text."""
    where = f"{warning['policy']} of {warning['service']}, line {warning['line']}"
    return f"{where}: <{warning['element']}> {warning['message']}"


def assumed(answers: Mapping[str, str]) -> list[str]:
    """The answers to open questions about Azure that are not the usual ones."""
    return [
        f"{one.id} {answers[one.id]}, not {one.choices[0]}: {one.question}?"
        for one in Assumptions.register()
        if answers.get(one.id, one.choices[0]) != one.choices[0]
    ]
