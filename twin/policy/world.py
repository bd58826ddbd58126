"""What a policy's elements may use of the world around a call. Nothing else: no sockets, no clock of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..assumptions import Assumptions
from ..backends.forwarder import Forwarder
from ..chance import Stream
from ..clock import Clock
from ..journal import Record
from .cache import Cache
from .counters import Quotas, Rates

# A token for a resource (an audience) and a client id ("" for the service's own identity). Raises PolicyFault.
TakeToken = Callable[[str, str], str]


@dataclass
class Region:
    """What the gateway units of a region share. https://learn.microsoft.com/azure/api-management/api-management-howto-cache"""

    cache: Cache = field(default_factory=Cache)
    rates: Rates = field(default_factory=Rates)
    quotas: Quotas = field(default_factory=Quotas)


@dataclass(frozen=True)
class World:
    """The surroundings of all calls that one gateway unit handles. `running`: how many are inside a limit-concurrency,
    by its key."""

    clock: Clock
    chance: Stream
    assume: Assumptions
    forwarder: Forwarder
    region: Region
    take_token: TakeToken
    record: Record
    running: dict[str, int] = field(default_factory=dict)
