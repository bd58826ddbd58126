"""Long-running operations: what was accepted and when it will be done. Times are seconds since 1970."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

# How long Azure keeps the outcome of a finished operation is not documented; an hour outlasts every poll here.
KEPT: Final = 3600.0

Status = Literal["InProgress", "Succeeded", "Failed"]


@dataclass(frozen=True)
class Operation:
    """One accepted request. `target` is the id of the resource that it changes.

    `undo` holds what to put back when it fails: the resource as it was, or None when there was none.
    `error` holds how Azure will answer when it fails: {"status": 500, "body": {...}}.
    """

    id: str
    method: str
    target: str
    started: float
    due: float
    code: int = 200
    status: Status = "InProgress"
    error: dict[str, Any] | None = None
    undo: dict[str, Any] | None = None

    @property
    def done(self) -> bool:
        return self.status != "InProgress"

    def remaining(self, now: float) -> float:
        return max(0.0, self.due - now)

    def ended(self) -> "Operation":
        return replace(self, status="Failed" if self.error else "Succeeded", undo=None)


def due(operations: Iterable[Operation], now: float) -> list[Operation]:
    """The operations whose time has come, in the order in which they end."""
    ready = [operation for operation in operations if not operation.done and operation.due <= now]
    return sorted(ready, key=lambda operation: operation.due)


def stale(operations: Iterable[Operation], now: float) -> list[Operation]:
    """What ended so long ago that nobody asks any more."""
    return [operation for operation in operations if operation.done and operation.due + KEPT < now]
