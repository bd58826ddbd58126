"""Why a run of the engine failed, operation by operation, and what to do next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..provider.refusal import Refusal, read
from .events import Diagnostic, Report, Resource

# Azure's way to say "later": the same command, run again, carries on.
PASSING = frozenset({408, 409, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Failure:
    """One operation that failed. `refusal` is Azure's answer where the engine quotes one; `message` is all it said."""

    operation: str
    resource: Resource
    message: str
    refusal: Refusal | None

    @property
    def may_pass(self) -> bool:
        """Whether trying again, with nothing changed, can help."""
        return self.refusal is None or self.refusal.status in PASSING


def failures(report: Report) -> list[Failure]:
    """The operations that failed, in the order in which they did."""
    found = []
    for step in report.failed:
        said = [one.message for one in report.errors if one.resource == step.resource]
        message = "\n".join(said) or "the engine gives no reason"
        found.append(Failure(step.operation, step.resource, message, read(message)))
    return found


def other_errors(report: Report) -> list[Diagnostic]:
    """Errors that are about no operation: a program that stops, a configuration that is refused, a rule that is broken.

    What the engine only adds to them is left out: that an update failed in which an operation did, and that a program
    ended with an exit status after it has said why.
    """
    told = {step.resource for step in report.failed}
    errors = [one for one in report.errors if one.resource not in told]
    reasons = [one for one in errors if not one.message.startswith("an unhandled error occurred")]
    if report.failed:
        reasons = [one for one in reasons if not one.message.endswith(" failed")]
    return reasons if reasons or report.failed else errors


def next_step(found: Sequence[Failure], command: str, configuration: str) -> str:
    """What to do after a run failed with these operations: try again, or change something first."""
    if not found:
        return f"Correct {configuration} or the program, then run `{command}` again."
    if all(failure.may_pass for failure in found):
        return f"Run `{command}` again: it carries on where it stopped."
    return f"Correct {configuration} or the program, then run `{command}` again: what exists already is kept."
