"""What a policy expression sees of a call: the `context` variable, as plain data.

The gateway fills these in; expressions only read them. Names and types are those of the documentation's table of the
context variable, in Python's spelling. Moments are seconds since the Unix epoch.

https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#ContextVariables
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Chance(Protocol):
    """Where random numbers come from."""

    def random(self) -> float: ...

    def getrandbits(self, bits: int, /) -> int: ...


class Body(Protocol):
    """A message's body. `read` gives it whole; without `preserve` it can be read only once."""

    def read(self, *, preserve: bool) -> bytes: ...


class Headers(Mapping[str, Sequence[str]]):
    """Headers (or query parameters) by name, whatever the case, each with all its values."""

    def __init__(self, items: Mapping[str, Sequence[str]] | None = None) -> None:
        self._entries = {name.lower(): (name, list(values)) for name, values in (items or {}).items()}

    def __getitem__(self, name: str) -> Sequence[str]:
        return self._entries[name.lower()][1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._entries

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(slots=True)
class Url:
    scheme: str
    host: str
    port: int
    path: str
    query_string: str = ""
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Request:
    """`see_url` and `see_original_url` take the addresses apart when an expression asks for them: few do."""

    method: str
    see_url: Callable[[], Url]
    see_original_url: Callable[[], Url]
    headers: Mapping[str, Sequence[str]]
    ip_address: str = "127.0.0.1"
    body: Body | None = None
    matched_parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> Url:
        return self.see_url()

    @property
    def original_url(self) -> Url:
        return self.see_original_url()


@dataclass(slots=True)
class Response:
    status_code: int
    status_reason: str
    headers: Mapping[str, Sequence[str]]
    body: Body | None = None


@dataclass(slots=True)
class LastError:
    source: str = ""
    reason: str = ""
    message: str = ""
    scope: str = ""
    section: str = ""
    path: str = ""
    policy_id: str = ""


@dataclass(slots=True)
class KeyNames:
    header: str = "Ocp-Apim-Subscription-Key"
    query: str = "subscription-key"


@dataclass(slots=True)
class Api:
    id: str
    name: str
    path: str
    service_url: Url | None = None
    protocols: Sequence[str] = ("https",)
    revision: str = "1"
    version: str | None = None
    is_current_revision: bool = True
    key_names: KeyNames = field(default_factory=KeyNames)


@dataclass(slots=True)
class Operation:
    id: str
    name: str
    method: str
    url_template: str


@dataclass(slots=True)
class Group:
    id: str
    name: str


@dataclass(slots=True)
class Product:
    id: str
    name: str
    apis: Sequence[Api] = ()
    groups: Sequence[Group] = ()
    approval_required: bool = False
    published: bool = True
    subscription_limit: int | None = None
    subscription_required: bool = True


@dataclass(slots=True)
class Subscription:
    id: str
    name: str
    key: str
    primary_key: str
    secondary_key: str
    created: float = 0.0
    start: float | None = None
    end: float | None = None


@dataclass(slots=True)
class Identity:
    id: str
    provider: str


@dataclass(slots=True)
class User:
    id: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    note: str | None = None
    registered: float = 0.0
    groups: Sequence[Group] = ()
    identities: Sequence[Identity] = ()


@dataclass(slots=True)
class GatewayInfo:
    """Which gateway runs the policy. The twin is the service's own, which has the same name for both ids."""

    id: str = "managed"
    instance_id: str = "managed"
    is_managed: bool = True


@dataclass(slots=True)
class Deployment:
    region: str
    service_name: str
    gateway: GatewayInfo = field(default_factory=GatewayInfo)


@dataclass(slots=True)
class Context:
    """One call. `now` is the twin's clock; `chance` what `new Random()` and `Guid.NewGuid()` draw from."""

    request: Request
    now: Callable[[], float]
    chance: Chance
    timestamp: float
    request_id: str
    deployment: Deployment
    api: Api | None = None
    operation: Operation | None = None
    product: Product | None = None
    subscription: Subscription | None = None
    user: User | None = None
    response: Response | None = None
    last_error: LastError | None = None
    variables: dict[str, object] = field(default_factory=dict)
    tracing: bool = False
    trace: Callable[[str], None] = lambda _message: None
