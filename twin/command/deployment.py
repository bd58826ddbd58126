"""One run of the engine as a person sees it: what is going on, what was done, and why it failed."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from ..engine.errors import CommandError
from ..engine.events import Diagnostic, Report, Step, Violation
from ..engine.failures import Failure, failures, next_step, other_errors
from ..engine.runs import Ended, run_with_events
from . import running
from .screen import Screen, Work
from .session import Session

DOING = {
    "create": "creating",
    "create-replacement": "creating",
    "delete": "deleting",
    "delete-replaced": "deleting",
    "import": "importing",
    "read": "reading",
    "refresh": "refreshing",
    "replace": "replacing",
    "update": "updating",
}
DONE = {
    "create": "created",
    "create-replacement": "replaced",
    "delete": "deleted",
    "import": "imported",
    "update": "updated",
}
SHOWN_AT_ONCE = 2  # of the operations under way, on a line that has to fit
LONGEST_JSON = 100  # characters of a stack output that is no text


class FailedError(Exception):
    """A run of the engine that failed and has said why."""


def deploy(screen: Screen, session: Session, words: Sequence[str], title: str) -> Report:
    """Run `pulumi WORDS` on the session's stack and show how it goes.

    Raises FailedError after listing what failed, and KeyboardInterrupt when a person stopped it.
    """
    report = Report()
    with screen.working(title) as work:
        work.note_unless_moving(title)

        def take(event: Mapping[str, Any]) -> None:
            ended = report.feed(event)
            if ended and ended.operation in DONE and ended.resource.type != "pulumi:Stack":
                count = f"{len(report.done)} of {len(report.planned)}"
                work.note_unless_moving(f"  {count}: {DONE[ended.operation]} {ended.resource}")
            work.say(under_way(report))

        ended = run_with_events(
            session.command(*words, "--json"),
            session.environment,
            session.project.folder,
            on_event=take,
            on_interrupt=lambda: _stopping(work),
        )
    for line in remarks(report):
        screen.warn(line)
    if ended.interrupted:
        made = len(report.changes) if report.updating else 0
        screen.warn(f"Stopped. Changes made before that: {made}. They are kept.")
        raise KeyboardInterrupt
    if ended.status != 0 or not report.succeeded:
        _explain(screen, session, report, ended, words[0])
        raise FailedError
    return report


def under_way(report: Report) -> str:
    """The line that moves: how far it is, and what is being done just now."""
    if report.previewing:
        return f"{len(report.planned)} resources looked at"
    steps = [step for step in report.running.values() if step.operation in DOING]
    shown = [f"{DOING[step.operation]} {step.resource}" for step in steps[:SHOWN_AT_ONCE]]
    more = [f"{len(steps) - SHOWN_AT_ONCE} more"] if len(steps) > SHOWN_AT_ONCE else []
    return ", ".join((f"{len(report.done)} of {len(report.planned)} resources", *shown, *more))


def change_rows(changes: Sequence[Step]) -> list[tuple[str, str, str, str]]:
    """A table of changes: operation, type, name, and the properties that differ."""
    words = {"create-replacement": "replace"}
    return [
        (words.get(step.operation, step.operation), step.resource.type, step.resource.name, ", ".join(step.changed))
        for step in changes
    ]


def summary(report: Report) -> str:
    """`2 created, 1 updated, 20 unchanged`; of a preview `2 to create, …`."""
    counts = Counter(step.operation for step in report.changes)
    parts = [f"{n} {DONE.get(word, word)}" if report.updating else f"{n} to {word}" for word, n in counts.items()]
    return ", ".join([*parts, f"{report.unchanged} unchanged"] if report.unchanged else parts)


def output_rows(outputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A table of stack outputs; what is no text is shown as JSON, shortened to a line."""

    def shown(value: Any) -> str:
        text = value if isinstance(value, str) else json.dumps(value)
        return text if isinstance(value, str) or len(text) <= LONGEST_JSON else text[:LONGEST_JSON] + "…"

    return [(name, shown(value)) for name, value in outputs.items()]


def remarks(report: Report) -> list[str]:
    """What the program, the engine and policy packs said that is no failure."""
    said = [one for one in report.diagnostics if one.severity != "error"]
    texts = [f"warning: {_remark(one)}" if one.severity == "warning" else _remark(one) for one in said]
    return texts + [_broken(one) for one in report.violations if one.level != "mandatory"]


def failure_lines(failure: Failure) -> list[str]:
    """One failed operation: the resource, and what Azure said about it."""
    told = failure.refusal
    facts = {"message": failure.message}
    if told:
        facts = {
            "code": f"{told.code or 'none given'} (status {told.status})",
            "message": told.message,
            "target": told.target,
            "details": told.details,
            "correlation id": told.correlation_id,
        }
    width = max(map(len, facts))
    lines = [f"{name.ljust(width)}  {text}" for name, text in facts.items() if text]
    return [f"{failure.operation} {failure.resource}", *(f"    {line}" for line in lines)]


def _explain(screen: Screen, session: Session, report: Report, ended: Ended, verb: str) -> None:
    found = failures(report)
    others = other_errors(report)
    broken = [one for one in report.violations if one.level == "mandatory"]
    errors = screen.errors
    if found:
        count = "1 operation" if len(found) == 1 else f"{len(found)} operations"
        errors.print(Text(f"{count} failed:", style="bold red"))
    for failure in found:
        for line in ("", *(f"  {line}" for line in failure_lines(failure))):
            errors.print(Text(line), soft_wrap=True)
    for text in (*map(_remark, others), *map(_broken, broken)):
        errors.print(Text.assemble(("error: ", "bold red"), text), soft_wrap=True)
    if not (found or others or broken):
        raise CommandError(f"`pulumi {verb}` ended with exit status {ended.status}:", ended.said.strip())
    if running.find(session.folders.state) is None:
        raise CommandError("The twin's server has died meanwhile.", *running.end_of_log(session.folders.state))
    configuration = session.project.stack_file(session.stack).name
    errors.print()
    command = f"{running.COMMAND} {'down' if verb == 'destroy' else verb}"
    errors.print(Text(next_step(found, command, configuration)), soft_wrap=True)


def _stopping(work: Work) -> None:
    work.note("Stopping: what is under way is finished first. (Ctrl-C twice more stops it at once.)")


def _remark(said: Diagnostic) -> str:
    return (
        f"{said.resource}: {said.message}" if said.resource and said.resource.type != "pulumi:Stack" else said.message
    )


def _broken(violation: Violation) -> str:
    about = f" ({violation.resource})" if violation.resource else ""
    return f"policy {violation.rule}{about}: {violation.message}"
