"""A call to Azure Resource Manager and its answer, free of any HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Call:
    """One request. `path` is decoded, `body` is parsed JSON, header names are lower-case, `base` is `http://host:port`.

    `malformed` says why a body could not be read as JSON.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    malformed: str = ""


@dataclass(frozen=True)
class Answer:
    """What goes back. The listener waits `hold` seconds before it sends it; `reset` cuts the connection instead."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hold: float = 0.0
    reset: bool = False

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        return replace(self, headers={**self.headers, **headers})

    def held(self, seconds: float) -> "Answer":
        return replace(self, hold=max(self.hold, seconds))
