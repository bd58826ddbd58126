"""Which API and which operation a request is for.

The API with the longest path that the request's path begins with; in it the operation whose method is the request's and
whose template fits, literal parts before parameters and parameters before wildcards. There is no 405 and nothing is
answered for HEAD or OPTIONS by itself: what has no operation is 404 OperationNotFound,
except that a `cors` policy answers a browser that asks before it sends a request (call.py).
https://learn.microsoft.com/azure/api-management/add-api-manually
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar
from urllib.parse import unquote

# `{name}`, `{*name}` for the rest of the path, and `*` for a rest without a name.
_PART = re.compile(r"\{(\*?)([^{}]+)\}|\*")


class HasPath(Protocol):
    @property
    def path(self) -> str: ...


A = TypeVar("A", bound=HasPath)


@dataclass(frozen=True)
class Template:
    """A URL template such as `/deployments/{name}/*?api-version={version}` for one method."""

    method: str
    text: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        path = self.text.partition("?")[0]
        pieces, at = [], 0
        for match in _PART.finditer(path):
            pieces.append(re.escape(path[at : match.start()]))
            pieces.append("(.*)" if match[0] == "*" or match[1] else "([^/]+)")
            at = match.end()
        pieces.append(re.escape(path[at:]))
        text = "".join(pieces)
        return re.compile(text if text.endswith("(.*)") else f"{text}/?", re.IGNORECASE | re.DOTALL)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        path = self.text.partition("?")[0]
        return tuple(match[2] or "" for match in _PART.finditer(path))

    @cached_property
    def rank(self) -> tuple[int, int, int]:
        """Templates are tried in this order: fewest wildcards, fewest parameters, longest."""
        wildcards = sum(1 for match in _PART.finditer(self.text) if match[0] == "*" or match[1])
        return wildcards, len(self._names) - wildcards, -len(self.text)

    def parameters(self, method: str, path: str, query: Mapping[str, str]) -> dict[str, str] | None:
        """The parameters of a request that fits; None for one that does not."""
        if method != self.method and self.method != "*":
            return None
        match = self._pattern.fullmatch(path)
        if match is None:
            return None
        found = {name: unquote(value) for name, value in zip(self._names, match.groups(), strict=True) if name}
        for name, part in self._query.items():
            if name.lower() not in query:
                return None
            if part:
                found[part] = query[name.lower()]
        return found

    @cached_property
    def _query(self) -> dict[str, str]:
        """The query parameters that the template demands, each with the name of its template parameter."""
        pairs = (piece.partition("=") for piece in self.text.partition("?")[2].split("&") if piece)
        return {name: (match[2] or "") if (match := _PART.fullmatch(value)) else "" for name, _, value in pairs}


def longest(apis: Iterable[A], path: str) -> tuple[A, str] | None:
    """The API that a path belongs to, and the path below it."""
    best: tuple[A, str] | None = None
    lowered = path.lower()
    for api in apis:
        prefix = f"/{api.path}".rstrip("/").lower()
        if (lowered == prefix or lowered.startswith(prefix + "/")) and (
            best is None or len(api.path) > len(best[0].path)
        ):
            best = api, path[len(prefix) :] or "/"
    return best
