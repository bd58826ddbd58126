"""What the engine reports while it works, event by event (`pulumi up --json`), summed up for whoever watches.

The events are those of https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

STACK_TYPE = "pulumi:pulumi:Stack"
SECRET_MARK = "4dabf18193072939515e22adb298388d"  # the key under which every special value says what it is
UNCHANGED = frozenset({"same", "read", "refresh"})
# Steps that only accompany another one of the same replacement, which is the one to show.
ACCOMPANYING = frozenset({"replace", "delete-replaced", "discard-replaced", "remove-pending-replace"})


@dataclass(frozen=True)
class Resource:
    """A resource as the engine names it."""

    urn: str

    @property
    def type(self) -> str:
        """The type without its package where that is clear: `apimanagement:Backend`, `OpenAIBackend`."""
        token = self.urn.split("::", 3)[2].rpartition("$")[2]
        module, _, name = token.partition(":")[2].partition(":")
        return name if module == "index" else f"{module}:{name}"

    @property
    def name(self) -> str:
        return self.urn.split("::", 3)[3]

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


@dataclass(frozen=True)
class Step:
    """One thing done, or to be done, to a resource; `changed` are the paths of the properties that differ."""

    operation: str
    resource: Resource
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnostic:
    """Something the engine, the program or a policy pack says to the person."""

    severity: str
    message: str
    resource: Resource | None = None


@dataclass(frozen=True)
class Violation:
    """A rule of a policy pack that a resource breaks."""

    rule: str
    level: str
    message: str
    resource: Resource | None = None


@dataclass
class Report:
    """Where one run of the engine stands: fed with its events, one by one, in their order."""

    previewing: bool = True
    updating: bool = False
    planned: dict[tuple[str, str], Step] = field(default_factory=dict)
    running: dict[str, Step] = field(default_factory=dict)
    done: list[Step] = field(default_factory=list)
    failed: list[Step] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    succeeded: bool = False

    def feed(self, event: Mapping[str, Any]) -> Step | None:
        """Take one event in. Returns the step that it ends, if it ends one."""
        if "resourcePreEvent" in event:
            self._started(event["resourcePreEvent"]["metadata"])
        elif "resOutputsEvent" in event:
            return self._finished(event["resOutputsEvent"]["metadata"])
        elif "resOpFailedEvent" in event:
            step = _step(event["resOpFailedEvent"]["metadata"])
            self.running.pop(step.resource.urn, None)
            self.failed.append(step)
        elif "diagnosticEvent" in event:
            self._said(event["diagnosticEvent"])
        elif "policyEvent" in event:
            self.violations.append(_violation(event["policyEvent"]))
        elif "summaryEvent" in event:
            self.previewing = False
            self.succeeded = event["summaryEvent"].get("result", "succeeded") == "succeeded" and not self.errors
        return None

    @property
    def steps(self) -> list[Step]:
        """What was done or, in a preview, is to be done; not the stack itself, and each replacement once."""
        steps = self.done if self.updating else self.planned.values()
        return [one for one in steps if one.resource.type != "pulumi:Stack" and one.operation not in ACCOMPANYING]

    @property
    def changes(self) -> list[Step]:
        return [step for step in self.steps if step.operation not in UNCHANGED]

    @property
    def unchanged(self) -> int:
        return len(self.steps) - len(self.changes)

    @property
    def errors(self) -> list[Diagnostic]:
        return [one for one in self.diagnostics if one.severity == "error"]

    def _started(self, metadata: Mapping[str, Any]) -> None:
        step = _step(metadata)
        if self.previewing:
            self.planned[step.resource.urn, step.operation] = step
        else:
            self.updating = True
            self.running[step.resource.urn] = step

    def _finished(self, metadata: Mapping[str, Any]) -> Step | None:
        step = _step(metadata)
        if metadata["type"] == STACK_TYPE:
            self.outputs = shown_outputs((metadata.get("new") or {}).get("outputs") or {})
        # A preview may report a resource twice, and a component when its outputs are registered, too.
        if self.previewing or self.running.pop(step.resource.urn, None) is None:
            return None
        self.done.append(step)
        return step

    def _said(self, event: Mapping[str, Any]) -> None:
        resource = Resource(event["urn"]) if event.get("urn") else None
        said = Diagnostic(event["severity"], event["message"].strip(), resource)
        # What a preview has said already, the update need not say again.
        if said.severity != "debug" and said.message and not event.get("ephemeral") and said not in self.diagnostics:
            self.diagnostics.append(said)


def shown_outputs(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """A stack's outputs with its secrets as `[secret]`, however deep."""

    def shown(value: Any) -> Any:
        if isinstance(value, Mapping):
            return "[secret]" if SECRET_MARK in value else {key: shown(inner) for key, inner in value.items()}
        return [shown(inner) for inner in value] if isinstance(value, list) else value

    return {name: shown(value) for name, value in outputs.items()}


def _step(metadata: Mapping[str, Any]) -> Step:
    changed: Iterable[str] = metadata.get("detailedDiff") or metadata.get("diffs") or ()
    return Step(metadata["op"], Resource(metadata["urn"]), tuple(sorted(changed)))


def _violation(event: Mapping[str, Any]) -> Violation:
    resource = Resource(event["resourceUrn"]) if event.get("resourceUrn") else None
    return Violation(event["policyName"], event["enforcementLevel"], event["message"].strip(), resource)
