"""A backend as its ARM resource describes it: an address with a breaker rule, or a pool of such backends.

https://learn.microsoft.com/azure/api-management/backends
"""

from dataclasses import dataclass

from ..messages import Url
from .breaker import Rule
from .pool import Member


@dataclass(frozen=True)
class Backend:
    """One address. `headers`, `query` and `authorization` are credentials that every request to it is given."""

    name: str
    url: Url
    rule: Rule | None = None
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    authorization: str = ""


@dataclass(frozen=True)
class BackendPool:
    """Backends of the same service, by name, with their priorities and weights."""

    name: str
    members: tuple[Member, ...]


AnyBackend = Backend | BackendPool
