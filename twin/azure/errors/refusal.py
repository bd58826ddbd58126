"""How Azure says no: one class per error code, whose constructor takes the thing and writes the sentence.

The words are Azure's where they are known: from its error texts quoted in public issues, named at each class. A class
that names no source has Azure's code and, as far as is known, its fact; the sentence follows the nearest known one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Detail:
    """One wrong field."""

    target: str
    message: str
    code: str = "ValidationError"


class Refusal(Exception):
    """An answer that says no. The class's name is Azure's error code, unless `code` says otherwise."""

    status: ClassVar[int] = 400

    def __init__(self, message: str, details: Sequence[Detail] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)

    @property
    def code(self) -> str:
        return type(self).__name__

    def body(self) -> dict[str, object]:
        """The JSON that goes over the wire."""
        error: dict[str, object] = {"code": self.code, "message": self.message}
        if self.details:
            error["details"] = [{"code": d.code, "target": d.target, "message": d.message} for d in self.details]
        return {"error": error}
