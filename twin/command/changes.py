"""up and preview: what they run, and what they tell when all went well."""

import json

from ..engine.events import Report
from .deployment import change_rows, deploy, output_rows, summary
from .running import COMMAND
from .screen import Screen
from .session import Options, Session, session


def up(screen: Screen, options: Options) -> None:
    """Make the stack on the twin what the program says, and tell what that was."""
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
