"""What became of one call of a simulation."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..journal import Attempt


@dataclass(frozen=True, slots=True)
class Outcome:
    """`began` in seconds from the beginning of the run; `seconds` until the answer's end. `complete` is false where its
    body broke off."""

    began: float
    seconds: float
    status: int
    complete: bool
    tokens: int
    attempts: tuple[Attempt, ...] = field(default=())
    retry_after: str = ""

    @property
    def good(self) -> bool:
        return self.complete and 200 <= self.status < 400

    @property
    def served_by(self) -> str:
        """The backend whose answer it is; empty where none answered."""
        return self.attempts[-1].backend if self.attempts and self.good else ""


def goodput(outcomes: Iterable[Outcome]) -> int:
    """The tokens of all calls that were answered well: what callers had of a capacity that is counted in tokens."""
    return sum(outcome.tokens for outcome in outcomes if outcome.good)
