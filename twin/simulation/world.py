"""A deployment in one process on virtual time: the gateway, its accounts, and callers."""

import json
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..assumptions import Assumptions
from ..azure.identity import TENANT
from ..azure.store import Store
from ..bearer import Issuer
from ..chance import Chance
from ..clock import VirtualClock
from ..gateway.accounts import Accounts
from ..gateway.call import Caller
from ..gateway.gateway import Gateway, Surroundings
from ..gateway.reach import Direct
from ..journal import Answered, Attempt, Event, Record, forget
from ..messages import Broken, Headers, Parameter, Request, Response, Url
from ..openai.fault_documents import fault_from
from ..openai.settings import Behaviour
from .load import Arrival
from .outcome import Outcome

_QUERY = (Parameter.read("api-version=2024-10-21"),)
_SECRET = b"simulated, and therefore the same each time"


@dataclass(frozen=True)
class Happening:
    """Something done to the world at a moment, in seconds from the beginning: a fault, a healing, a deployment."""

    at: float
    act: Callable[["Simulation"], None]


def breaking(at: float, account: str, fault: Mapping[str, Any]) -> Happening:
    """A fault of an account, told as openai/faults.py describes it: `{"status": 503, "for": 60}`. Raises BadFault; and
    ValueError, when it happens, where there is no such account."""
    fault_from(fault, at)

    def act(simulation: "Simulation") -> None:
        found = simulation.accounts.named(account)
        if found is None:
            known = ", ".join(one.name for one in simulation.accounts.all()) or "none"
            raise ValueError(f"There is no account {account}. Accounts here: {known}.")
        found.faults.add(fault_from(fault, simulation.clock.now()))

    return Happening(at, act)


class Simulation:
    """`store` holds the deployment (see `store_of`). One seed, one result, to the byte.

    `behaviour` is how accounts work of which the estate says nothing; `hear` is told every event as it happens.
    """

    def __init__(
        self,
        store: Store,
        *,
        seed: int = 0,
        units: int = 1,
        assume: Assumptions | None = None,
        behaviour: Behaviour | None = None,
        hear: Record = forget,
    ) -> None:
        self.clock = VirtualClock()
        self.store = store
        self.events: list[Event] = []
        chance, self.issuer = Chance(seed), Issuer(TENANT, _SECRET)
        self.accounts = Accounts(lambda: self.store, self.clock, chance, self.issuer, behaviour=behaviour)
        around = Surroundings(
            self.clock, chance, Direct(self.accounts.at), self.issuer, self._record, assume or Assumptions(), units
        )
        self.gateway = Gateway(lambda: self.store, around)
        self.began = self.clock.now()
        self._attempts: defaultdict[str, list[Attempt]] = defaultdict(list)
        self._answered = ""
        self._hear = hear

    def run(
        self,
        load: Iterable[Arrival],
        happenings: Iterable[Happening] = (),
        call: Callable[[Arrival], Coroutine[Any, Any, Outcome]] | None = None,
    ) -> list[Outcome]:
        """The outcomes of all calls, in the order in which they began. `call` stands in for the gateway."""
        outcomes: list[Outcome] = []
        for happening in happenings:
            self.clock.start(self._happen(happening), at=self.began + happening.at)
        self.clock.start(self._arrive(load, outcomes, call or self._through_gateway))
        self.clock.run()
        return sorted(outcomes, key=lambda outcome: outcome.began)

    def call(self, request: Request) -> Response:
        """One call, from its beginning to the end of its answer. Raises Broken where the body breaks off."""
        ended: list[Response] = []

        async def whole() -> None:
            response = await self.gateway.handle(request, self.caller)
            await response.read()
            ended.append(response)

        self.clock.start(whole())
        self.clock.run()
        return ended[0]

    @cached_property
    def caller(self) -> Caller:
        """Somebody on this machine, who calls the first service by its name."""
        service = next(iter(self.gateway.services.values()))
        return Caller("127.0.0.1", f"{service.configuration.name}.azure-api.net")

    @cached_property
    def door(self) -> "Door":
        """How that service's first API with an operation is called."""
        service = next(iter(self.gateway.services.values())).configuration
        api = next(api for api in service.apis if api.operations)
        key = next((text for text, key in service.keys.items() if key.active and key.opens(api.name, api.products)), "")
        return Door(f"/{api.path}".rstrip("/"), api.seen.key_names.header, key)

    async def _happen(self, happening: Happening) -> None:
        happening.act(self)

    async def _arrive(
        self,
        load: Iterable[Arrival],
        outcomes: list[Outcome],
        call: Callable[[Arrival], Coroutine[Any, Any, Outcome]],
    ) -> None:
        async def keep(arrival: Arrival) -> None:
            outcomes.append(await call(arrival))

        for arrival in load:
            await self.clock.sleep(self.began + arrival.at - self.clock.now())
            self.clock.start(keep(arrival))

    async def _through_gateway(self, arrival: Arrival) -> Outcome:
        response = await self.gateway.handle(self.door.request(arrival), self.caller)
        # The gateway's last word on a call comes just before its answer.
        attempts = tuple(self._attempts.pop(self._answered, ()))
        complete = await ends_well(response)
        seconds = self.clock.now() - self.began - arrival.at
        waits = response.headers.get("Retry-After")
        return Outcome(arrival.at, seconds, response.status, complete, arrival.tokens, attempts, waits)

    def _record(self, event: Event) -> None:
        self._hear(event)
        if isinstance(event, Attempt):
            self._attempts[event.call].append(event)
        elif isinstance(event, Answered):
            self._answered = event.call
        else:
            self.events.append(event)


async def ends_well(response: Response) -> bool:
    """Read an answer to its end; whether it had one."""
    try:
        if response.stream is not None:
            async for _ in response.stream:
                pass
    except Broken:
        return False
    return True


@dataclass(frozen=True)
class Door:
    """How callers reach an API: its path, and the header that their key goes in."""

    path: str
    key_header: str
    key: str

    def request(self, arrival: Arrival, deployment: str = "gpt-4o") -> Request:
        """A chat completion of the arrival's size."""
        headers = Headers([(self.key_header, self.key), ("Content-Type", "application/json")])
        return chat(self.path, headers, arrival, deployment)


def chat(path: str, headers: Headers, arrival: Arrival, deployment: str) -> Request:
    """A chat completion below a path."""
    messages = None if arrival.poison else [{"role": "user", "content": "word" * arrival.prompt}]
    body = {"messages": messages, "max_tokens": arrival.answer, "stream": arrival.stream}
    url = Url(f"{path}/deployments/{deployment}/chat/completions", _QUERY)
    return Request("POST", url, headers, json.dumps(body).encode())
