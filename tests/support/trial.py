"""A deployment put to the test on virtual time: what a caller gets, and what each account was asked for it."""

import contextlib
import json
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeAlias

from twin.assumptions import Assumptions
from twin.azure.store import Resource
from twin.backends.forwarder import Transport
from twin.clock import NEVER, TimeUp, VirtualClock
from twin.gateway.gateway import Service
from twin.gateway.reach import Direct
from twin.journal import Answered, Attempt, Event, Faulted
from twin.messages import Broken, Headers, Request, Response, Url
from twin.openai.account import Account
from twin.openai.faults import Fault
from twin.openai.visits import Visits
from twin.simulation import Simulation
from twin.simulation.load import Arrival

from .reference import PRINCIPAL
from .simulated import CALLER, reference_store

Backend: TypeAlias = Mapping[str, Any]
Assume: TypeAlias = Mapping[str, str]
Anything: TypeAlias = Mapping[str, Any]
NO_ANSWERS: Assume = MappingProxyType({})
NOTHING: Anything = MappingProxyType({})
AUDIENCE = "https://cognitiveservices.azure.com"


@dataclass(frozen=True)
class Heard:
    """What one call came to. Times are in seconds since it began; `chunks` are the pieces of the body with theirs.

    `attempts` are those at a backend, `sent` the requests that left for an account because of them.
    """

    response: Response
    answered: float
    chunks: Sequence[tuple[float, bytes]]
    broken: bool
    attempts: Sequence[Attempt]
    sent: list[Request] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def headers(self) -> Headers:
        return self.response.headers

    @property
    def text(self) -> str:
        return b"".join(chunk for _, chunk in self.chunks).decode()

    @property
    def error(self) -> dict[str, str]:
        """The body of an error; it must have Azure OpenAI's shape."""
        body = json.loads(self.text)
        assert set(body) == {"error"}, body
        assert set(body["error"]) >= {"code", "message"}, body
        return body["error"]

    @property
    def asked(self) -> list[str]:
        """The backends that were tried, in order."""
        return [attempt.backend for attempt in self.attempts]

    @property
    def ended(self) -> float:
        return self.chunks[-1][0] if self.chunks else self.answered


class Spy:
    """Remembers every request that leaves for an account, and adds `headers` to the answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.sent: list[Request] = []
        self.headers: list[tuple[str, str]] = []

    async def send(self, request: Request) -> Response:
        self.sent.append(request)
        response = await self._transport.send(request)
        for name, value in self.headers:
            response.headers.add(name, value)
        return response


class Trial:
    """`changes` are keys of Pulumi.dev.yaml, `assume` answers to assumptions by their ids: `{"S14": "on-error"}`.

    Members are called aoai-1, aoai-2, …, and so are their accounts (tests.support.pools).
    """

    def __init__(self, backends: Sequence[Backend], assume: Assume = NO_ANSWERS, **settings: Any) -> None:
        world = {key: settings.pop(key) for key in ("units", "seed") if key in settings}
        self.backends = {one["name"]: one["account"]["name"] for one in backends}
        self.identity = bool((settings.get("policy") or {}).get("managedIdentity", True))
        self.simulation = Simulation(
            reference_store(backends=backends, **settings),
            assume=Assumptions().with_answers(assume),
            hear=self._hear,
            **world,
        )
        self.spy = Spy(Direct(self.simulation.accounts.at))
        self.answered: list[Answered] = []
        self.faulted: list[Faulted] = []
        self._attempts: defaultdict[str, list[Attempt]] = defaultdict(list)
        for unit in self.service.worlds:
            unit.forwarder.transport = self.spy

    @property
    def service(self) -> Service:
        return next(iter(self.simulation.gateway.services.values()))

    @property
    def clock(self) -> VirtualClock:
        return self.simulation.clock

    # ---- the accounts

    def fault(self, *names: str, seconds: float = NEVER, **fault: Any) -> None:
        """A fault of the accounts behind these members, or behind all."""
        for name in names or self.backends:
            self.account(name).faults.add(Fault(until=self.clock.now() + seconds, **fault))

    def heal(self, *names: str) -> None:
        for name in names or self.backends:
            self.account(name).faults.clear()

    def account(self, name: str) -> Account:
        account = self.simulation.accounts.named(self.backends[name])
        assert account is not None, name
        return account

    def seconds_open(self, name: str, unit: int = 0) -> float:
        """How long the breaker of a member, or of all members of a pool, stays open."""
        return self.service.units[unit].seconds_open(name, self.clock.now())

    def open_breakers(self) -> list[str]:
        return [name for name in self.backends if self.seconds_open(name)]

    def wait(self, seconds: float) -> None:
        self.clock.run(until=self.clock.now() + seconds)

    # ---- what is deployed

    def resource(self, token: str, name: str = "") -> Resource:
        """The first resource of a type such as "Backend", or the one of that name."""
        store = self.simulation.store
        return next(one for one in store.all(f"apimanagement:{token}") if name in ("", one.name))

    def change(self, token: str, name: str = "", *, private: Anything = NOTHING, **properties: Any) -> None:
        """As a PUT of the resource with other properties does, or one of the service with another identity."""
        one = self.resource(token, name)
        body = {**one.body, "properties": {**one.properties, **properties}}
        self.simulation.store.put(replace(one, body=body, private={**one.private, **private}))

    def remove(self, token: str, name: str = "") -> None:
        self.simulation.store.delete(self.resource(token, name).id)

    # ---- the callers

    def call(self, request: Request | None = None, **size: Any) -> Heard:
        return self.calls([request or self.request(**size)])[0]

    def calls(self, requests: Sequence[Request]) -> list[Heard]:
        """All of them at this moment; what became of them in the order in which they were sent."""
        heard = self.begin(requests)
        self.clock.run()
        return [heard[number] for number in range(len(requests))]

    def begin(self, requests: Sequence[Request]) -> dict[int, Heard]:
        """All of them at this moment. The answers are there, by number, when time has passed."""
        heard: dict[int, Heard] = {}
        for number, request in enumerate(requests):
            self.clock.start(self._call(number, request, heard))
        return heard

    def request(self, path: str = "", method: str = "POST", **size: Any) -> Request:
        """A chat completion, or a call of another path, with the gateway's key and, where the gateway has no identity,
        the caller's token."""
        request = self.simulation.door.request(Arrival(0, **{"prompt": 20, "answer": 5, **size}))
        if not self.identity:
            request.headers.set("Authorization", f"Bearer {self.token()}")
        return Request(method, Url.parse(path) if path else request.url, request.headers, request.body)

    def hung_up(self, request: Request, after: float) -> list[str]:
        """How the accounts saw a call end whose caller hangs up after so many seconds."""
        for name in self.backends:
            self.account(name).visits = Visits(kept=10)

        async def impatient() -> None:
            with contextlib.suppress(TimeUp):
                await self.clock.within(after, self._call(0, request, {}))

        self.clock.start(impatient())
        self.clock.run(until=self.clock.now() + after)
        return [entry["outcome"] for name in self.backends for entry in self.account(name).visits.entries()]

    def straight(self, request: Request, member: str) -> Heard:
        """What a member's account answers to that request without a gateway between."""
        heard: dict[int, Heard] = {}
        self.clock.start(self._listen(0, self.account(member).answer(request), heard))
        self.clock.run()
        return heard[0]

    def token(self) -> str:
        return self.simulation.issuer.issue(CALLER, AUDIENCE, self.clock.now())

    async def _call(self, number: int, request: Request, heard: dict[int, Heard]) -> None:
        sent = len(self.spy.sent)
        await self._listen(number, self.simulation.gateway.handle(request, self.simulation.caller), heard)
        heard[number].sent.extend(self.spy.sent[sent:])

    async def _listen(self, number: int, answer: Coroutine[Any, Any, Response], heard: dict[int, Heard]) -> None:
        began = self.clock.now()
        response = await answer
        answered = self.clock.now() - began
        attempts = self._attempts[self.answered[-1].call] if self.answered else []
        chunks, broken = [(answered, response.body)], False
        try:
            if response.stream is not None:
                async for chunk in response.stream:
                    moment = self.clock.now() - began
                    chunks.append((moment, chunk))
        except Broken:
            broken = True
        finally:  # a caller who has hung up
            await response.close()
        heard[number] = Heard(response, answered, chunks, broken, attempts)

    def _hear(self, event: Event) -> None:
        match event:
            case Attempt():
                self._attempts[event.call].append(event)
            case Answered():
                self.answered.append(event)
            case Faulted():
                self.faulted.append(event)
            case _:
                pass

    # ---- what nobody is to learn

    def revealed(self, heard: Heard) -> list[str]:
        """The words in an answer, its head included, that name a backend, a pool, a host or an identity."""
        head = [f"{heard.status} {heard.response.reason}", *(f"{name}: {value}" for name, value in heard.headers)]
        said = "\n".join([*head, heard.text]).lower()
        return [word for word in self._secrets() if word.lower() in said]

    def _secrets(self) -> set[str]:
        accounts = [self.account(name) for name in self.backends]
        names = {one.name for one in self.service.configuration.backends.values()}
        identity = self.service.worlds[0].take_token(AUDIENCE, "") if self.identity else self.token()
        places = ("openai.azure.com", "azure-api.net", "East US", "eastus")
        keys = (PRINCIPAL, CALLER, self.simulation.door.key, identity)
        return names | {one.name for one in accounts} | {one.host for one in accounts} | {*places, *keys}
