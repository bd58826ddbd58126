"""What Azure Resource Manager says when it refuses, and the one line of text in which it travels through the engine."""

import re
from dataclasses import dataclass
from typing import Any, Final

# In this order; the first two are the real provider's.
_NAMES: Final = {
    "Code": "code",
    "Message": "message",
    "Target": "target",
    "Details": "details",
    "CorrelationId": "correlation_id",
}
_TEXT: Final = re.compile(
    r"Status=(?P<status>\d+)"
    + "".join(rf'(?: {name}="(?P<{field}>(?:[^"\\]|\\.)*)")?' for name, field in _NAMES.items()),
    re.DOTALL,
)


@dataclass(frozen=True)
class Refusal:
    """ARM's answer. `details` is one line: `target: message; target: message`."""

    status: int
    code: str
    message: str
    target: str = ""
    details: str = ""
    correlation_id: str = ""

    def __str__(self) -> str:
        """As pulumi-azure-native writes it (`Status=409 Code="…" Message="…"`), plus what it leaves out."""
        texts = {name: str(getattr(self, field)) for name, field in _NAMES.items()}
        return f"Status={self.status}" + "".join(f" {name}={_quoted(text)}" for name, text in texts.items() if text)


class ArmError(Exception):
    """ARM did not do what was asked."""


class RefusedError(ArmError):
    """ARM answered, and the answer is no."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class UnreachableError(ArmError):
    """There is no answer."""


class CancelledError(ArmError):
    """The engine said to stop."""


def refusal_in(status: int, body: object, correlation_id: str = "") -> Refusal:
    """The refusal in an answer: `{"error": {...}}`, or an operation that failed, or whatever else the body says."""
    error = _error(body)
    details = [detail for detail in error.get("details") or () if isinstance(detail, dict)]
    return Refusal(
        status,
        str(error.get("code") or ""),
        str(error.get("message") or body or "no reason given"),
        str(error.get("target") or ""),
        "; ".join(_line(detail) for detail in details),
        correlation_id,
    )


def _error(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        return {}
    inner = body.get("error")
    return inner if isinstance(inner, dict) else body


def _line(detail: dict[str, Any]) -> str:
    about = detail.get("target") or detail.get("code")
    return f"{about}: {detail.get('message')}" if about else str(detail.get("message"))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def read(text: str) -> Refusal | None:
    """The first refusal that a text quotes, such as a diagnostic of the engine; None where there is none."""
    found = _TEXT.search(text)
    if found is None:
        return None
    parts = {name: re.sub(r"\\(.)", r"\1", part or "", flags=re.DOTALL) for name, part in found.groupdict().items()}
    return Refusal(int(parts.pop("status")), **parts)
