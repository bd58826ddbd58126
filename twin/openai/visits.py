"""What an account received and how each request ended, oldest first, for tests and people to read.

Secrets are masked when it is read: nothing here shows a key or a token.
"""

from collections import deque
from typing import Any, Final

from ..messages import Request

MASK: Final = "***"
_SECRET: Final = ("authorization", "cookie", "key", "secret", "sig", "token")  # parts of names whose values are secrets

UNDER_WAY: Final = "under way"
ANSWERED: Final = "answered"
LOST: Final = "connection lost"
BROKEN: Final = "broken off"
HUNG_UP: Final = "caller hung up"


class Visit:
    """One request, without its body. `status` is 0 for as long as none was answered."""

    __slots__ = ("body_bytes", "headers", "method", "outcome", "status", "url")

    def __init__(self, request: Request) -> None:
        self.method = request.method
        self.url = request.url
        self.headers = tuple(request.headers)
        self.body_bytes = len(request.body)
        self.status = 0
        self.outcome = UNDER_WAY

    def end(self, outcome: str) -> None:
        """The first end counts."""
        if self.outcome == UNDER_WAY:
            self.outcome = outcome

    def entry(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "path": self.url.path,
            "query": {name: MASK if _secret(name) else value for name, value in self.url.query},
            "headers": {name.lower(): _masked(name, value) for name, value in self.headers},
            "body_bytes": self.body_bytes,
            "status": self.status,
            "outcome": self.outcome,
        }


class Visits:
    """The latest requests of an account, none where `kept` is 0. All are counted."""

    def __init__(self, kept: int) -> None:
        self._visits: deque[Visit] = deque(maxlen=kept)
        self.count = 0

    def begin(self, request: Request) -> Visit:
        visit = Visit(request)
        self.count += 1
        self._visits.append(visit)
        return visit

    def entries(self) -> list[dict[str, Any]]:
        return [visit.entry() for visit in self._visits]

    def clear(self) -> None:
        self._visits.clear()


def _masked(name: str, value: str) -> str:
    if not _secret(name):
        return value
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MASK}" if space and name.lower() == "authorization" else MASK


def _secret(name: str) -> bool:
    return any(part in name.lower() for part in _SECRET)
