"""The gateway of the local Azure: every API of every API Management service, served by one or more units.

It asks the store at each call whether something has changed, so whatever a PUT or DELETE does is true for the next
call. Calls that are under way are not touched.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from ..assumptions import Assumptions
from ..azure.store import Store
from ..backends.forwarder import Forwarder, Transport
from ..backends.unit import Unit
from ..bearer import VALID_FOR, Issuer
from ..chance import Chance
from ..clock import Clock
from ..journal import Record
from ..messages import Request, Response
from ..policy.errors import error_response
from ..policy.fault import PolicyFault
from ..policy.world import Region, World
from .call import Caller, serve
from .configuration import Configuration, configuration_of

_SERVICE = "apimanagement:ApiManagementService"
_RENEWED_BEFORE_END = 300.0  # seconds


@dataclass
class Service:
    """One service: its configuration, what its units share, and each unit's world."""

    configuration: Configuration
    region: Region
    worlds: list[World]

    @property
    def units(self) -> list[Unit]:
        return [world.forwarder.unit for world in self.worlds]


@dataclass(frozen=True)
class Surroundings:
    """What the gateway is given: where time, chance, connections and tokens come from, and who hears of events."""

    clock: Clock
    chance: Chance
    transport: Transport
    issuer: Issuer
    record: Record
    assume: Assumptions = field(default_factory=Assumptions)
    units: int = 1


class Gateway:
    """`store` gives what exists at the moment."""

    def __init__(self, store: Callable[[], Store], surroundings: Surroundings) -> None:
        self._store = store
        self._around = surroundings
        self._seen: tuple[Store | None, int] = (None, 0)
        self._services: dict[str, Service] = {}
        self._choice = surroundings.chance.stream("unit of a call")
        self._ids = surroundings.chance.stream("ids of calls")

    @property
    def services(self) -> dict[str, Service]:
        """Every service by its name in lower case, as it is now."""
        store = self._store()
        if self._seen != (store, store.revision):
            self._seen = (store, store.revision)
            self._configure(store)
        return self._services

    async def handle(self, request: Request, caller: Caller) -> Response:
        """The answer to a request with a path below a service's root."""
        service = self._service(caller.host)
        if service is None:
            return error_response(404, "", self._no_such_service(caller.host))
        world = service.worlds[self._unit(len(service.worlds), caller)]
        return await serve(request, caller, service.configuration, world, self._ids)

    def _service(self, host: str) -> Service | None:
        """The service of a host name; on an address of this machine, the only one there is."""
        services = self.services
        name = host.partition(":")[0].lower()
        for service in services.values():
            if name in service.configuration.hosts or name == f"{service.configuration.name.lower()}.localhost":
                return service
        return next(iter(services.values())) if len(services) == 1 else None

    def _no_such_service(self, host: str) -> str:
        hosts = sorted(host for one in self._services.values() for host in one.configuration.hosts)
        if not hosts:
            return "There is no API Management service on the local Azure yet."
        return f"No service has the host {host}. Send the header Host with one of: {', '.join(hosts)}"

    def _unit(self, count: int, caller: Caller) -> int:
        if count == 1:
            return 0
        if self._around.assume.unit_choice == "sticky":
            return zlib.crc32(caller.address.encode()) % count
        return self._choice.randrange(count)

    def _configure(self, store: Store) -> None:
        services: dict[str, Service] = {}
        for resource in store.all(_SERVICE):
            configuration = configuration_of(resource, store)
            service = self._services.get(resource.name.lower()) or self._made(configuration)
            service.configuration = configuration
            for unit in service.units:
                unit.configure(configuration.backends)
            services[resource.name.lower()] = service
        self._services = services

    def _made(self, configuration: Configuration) -> Service:
        around, region = self._around, Region()
        service = Service(configuration, region, [])

        def take_token(resource: str, client_id: str) -> str:
            return tokens.take(service.configuration, resource, client_id)

        tokens = _Tokens(around.issuer, around.clock)
        for number in range(around.units):
            name = f"{configuration.name}/{number + 1}"
            unit = Unit(name, around.chance, around.assume)
            forwarder = Forwarder(unit, around.transport, around.clock, around.assume, around.record)
            stream = around.chance.stream(f"policies of unit {name}")
            world = World(around.clock, stream, around.assume, forwarder, region, take_token, around.record)
            service.worlds.append(world)
        return service


class _Tokens:
    """Tokens of a service's identities, kept until shortly before they end, as Azure does."""

    def __init__(self, issuer: Issuer, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}

    def take(self, configuration: Configuration, resource: str, client_id: str) -> str:
        principal = configuration.identities.get(client_id.lower())
        if principal is None:
            whose = f"no user-assigned identity with client id {client_id}" if client_id else "no identity of its own"
            raise PolicyFault("ManagedIdentityTokenAcquisitionFailure", f"The service has {whose}.")
        now = self._clock.now()
        until, token = self._kept.get((principal, resource), (0.0, ""))
        if now >= until:
            token = self._issuer.issue(principal, resource, now)
            self._kept[principal, resource] = now + VALID_FOR - _RENEWED_BEFORE_END, token
        return token
