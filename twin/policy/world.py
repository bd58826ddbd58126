"""What a policy's elements may use of the world around a call. Nothing else: no sockets, no clock of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..assumptions import Assumptions
from ..backends.forwarder import Forwarder
from ..chance import Stream
from ..clock import Clock
from ..journal import Record
from .cache import Cache
from .counters import Counters

# A token for a resource (an audience) and a client id ("" for the service's own identity). Raises PolicyFault.
TakeToken = Callable[[str, str], str]


@dataclass
class Region:
    """What the gateway units of a region share. https://learn.microsoft.com/azure/api-management/api-management-howto-cache"""

    cache: Cache = field(default_factory=Cache)
    counters: Counters = field(default_factory=Counters)


@dataclass(frozen=True)
class World:
    """The surroundings of all calls that one gateway unit handles."""

    clock: Clock
    chance: Stream
    assume: Assumptions
    forwarder: Forwarder
    region: Region
    take_token: TakeToken
    record: Record
