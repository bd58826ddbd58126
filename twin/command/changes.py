"""up and preview: what they run, and what they tell when all went well."""

import json
from contextlib import suppress

from ..engine.events import Report
from .calls import call
from .demo import LOOK, Entrance, demonstrate, entrance, entrance_lines
from .deployment import change_rows, deploy, output_rows, summary
from .look import look_from
from .running import COMMAND
from .screen import Screen
from .session import Options, Session, session
from .stacks import services_of


def up(screen: Screen, options: Options, *, show: bool) -> None:
    """Make the stack on the twin what the program says, and tell what that was.

    `show`: what was made or changed is demonstrated, too. Whoever ends that early has a deployment all the same.
    """
    with session(screen, options) as ready:
        report = deploy(screen, ready, ["up", "--yes"], f"Deploying {about(ready)}")
    if report.changes:
        screen.say(f"{about(ready)}: {summary(report)}")
        screen.rows(change_rows(report.changes))
    else:
        screen.say(f"{about(ready)}: nothing changed, {report.unchanged} resources are as the program wants them.")
    if report.outputs:
        screen.say("\nOutputs")
        screen.rows(output_rows(report.outputs))
    screen.say("\nOn this machine")
    screen.rows(places(ready, report))
    found = _entrance(ready)
    if found is None:
        return
    for line in entrance_lines(found):
        screen.say(line)
    if show and report.changes:
        with suppress(KeyboardInterrupt):
            demonstrate(screen, ready.twin, found)
    screen.say(f"\nTo see it fail over: {COMMAND} demo. To see what goes on: {COMMAND} watch")


def _entrance(ready: Session) -> Entrance | None:
    """How what was deployed is called, if it has an API that leads to a backend."""
    look = look_from(call(ready.twin, "GET", LOOK))
    mine = services_of(ready.folders, ready.project.name, ready.stack)
    service = next((one for one in look.services if one.name.lower() in mine), None)
    return entrance(ready.twin, look, service) if service else None


def preview(screen: Screen, options: Options) -> None:
    """Show what `up` would do."""
    with session(screen, options) as ready:
        report = deploy(screen, ready, ["preview"], f"Previewing {about(ready)}")
    if report.changes:
        screen.say(f"{about(ready)}: {summary(report)}")
        screen.rows(change_rows(report.changes))
        screen.say(f"\nNothing has been changed. To do this: {COMMAND} up")
    else:
        screen.say(f"{about(ready)}: nothing to change, {report.unchanged} resources are as the program wants them.")


def about(ready: Session) -> str:
    return f"{ready.project.name}, stack {ready.stack}"


def places(ready: Session, report: Report) -> list[tuple[str, str]]:
    """Where things are, and how to see what is hidden."""
    secret = [name for name, value in report.outputs.items() if "[secret]" in json.dumps(value)]
    return [
        ("gateway", ready.twin.gateway),
        ("Azure Resource Manager", ready.twin.arm),
        *((f"secret output {name}", f"{COMMAND} pulumi stack output {name} --show-secrets") for name in secret),
        ("to take it all down", f"{COMMAND} down"),
    ]
