"""A gateway unit on virtual time with scripted backends: run a policy against requests, see what came of it.

Policies are rawxml. The API lies at https://gateway.example/api; without a policy that says otherwise its requests go
to https://origin.example/base.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.support.backends import Scripted, ScriptedBackends, Sent
from twin.assumptions import Assumptions
from twin.backends.backend import AnyBackend
from twin.backends.forwarder import Forwarder, Target
from twin.backends.unit import Unit
from twin.chance import Chance
from twin.clock import VirtualClock
from twin.journal import Event, Traced
from twin.messages import Broken, Request, Response, Url
from twin.policy import context as c
from twin.policy import pipeline
from twin.policy.exchange import Exchange
from twin.policy.fault import PolicyFault
from twin.policy.program import Program, compiled_program
from twin.policy.reader import parse
from twin.policy.views import BodyView, HeaderView, url_view
from twin.policy.world import Region, World

GATEWAY = "gateway.example"
ORIGIN = Url("/base", scheme="https", host="origin.example")
SUBSCRIPTION = c.Subscription("team-a", "Team A", "key-1", "key-1", "key-2")
SECTIONS = ("inbound", "backend", "outbound", "on-error")
CALL = "00000000-0000-0000-0000-000000000001"


@dataclass
class Outcome:
    """What came of one call. Times are in seconds: `began` since the start of the world, the others since `began`."""

    began: float
    answered: float
    response: Response
    body: bytes
    chunks: list[tuple[float, bytes]]
    broken: bool
    attempts: list[Sent]
    exchange: Exchange
    events: list[Event]

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def variables(self) -> dict[str, object]:
        return self.exchange.context.variables

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Gateway:
    """One unit and all that its calls have in common."""

    script: Mapping[str, Sequence[Scripted]] = field(default_factory=dict)
    configured: Sequence[AnyBackend] = ()
    assume: Assumptions = field(default_factory=Assumptions)
    seed: int = 1
    template: str = "/chat"
    parameters: Mapping[str, str] = field(default_factory=lambda: {"id": "7"})
    """What the operation's template is, and what of it the requests matched."""

    def __post_init__(self) -> None:
        self.clock = VirtualClock()
        self.began = self.clock.now()
        chance = Chance(self.seed)
        self.events: list[Event] = []
        self.backends = ScriptedBackends(self.clock, {host: list(one) for host, one in self.script.items()})
        self.unit = Unit("unit-1", chance, self.assume)
        self.unit.configure({one.name.lower(): one for one in self.configured})
        forwarder = Forwarder(self.unit, self.backends, self.clock, self.assume, self.events.append)
        self.region = Region()
        self.world = World(
            self.clock,
            chance.stream("unit-1"),
            self.assume,
            forwarder,
            self.region,
            self.take_token,
            self.events.append,
        )

    def take_token(self, resource: str, client_id: str) -> str:
        if client_id == "unknown":
            raise PolicyFault("IdentityNotFound", "The service has no such identity.")
        return f"token for {resource} of {client_id or 'the service'}"

    def call(
        self,
        program: Program,
        request: Request | None = None,
        *,
        subscription: c.Subscription | None = SUBSCRIPTION,
        patience: float = float("inf"),
    ) -> Outcome:
        """Run one call to its end, or until its caller has lost patience; then what is left is drained."""
        exchange = self.exchange(request or Request("POST", Url("/chat"), body=b"hello"), subscription)
        outcomes: list[Outcome] = []
        self.clock.start(self._run(program, exchange, outcomes))
        began = self.clock.now()
        self.clock.run(None if patience == float("inf") else began + patience)
        [outcome] = outcomes
        return outcome

    async def _run(self, program: Program, exchange: Exchange, outcomes: list[Outcome]) -> None:
        began, attempts, events = self.clock.now(), len(self.backends.sent), len(self.events)
        response = await pipeline.run(program, exchange)
        answered = self.clock.now()
        chunks, broken = [], False
        try:
            if response.stream is not None:
                async for chunk in response.stream:
                    chunks.append((self.clock.now() - began, chunk))  # noqa: PERF401  what came before it broke counts
        except Broken:
            broken = True
        body = b"".join(chunk for _, chunk in chunks) if response.stream is not None else response.body
        outcomes.append(
            Outcome(
                began - self.began,
                answered - began,
                response,
                body,
                chunks,
                broken,
                self.backends.sent[attempts:],
                exchange,
                self.events[events:],
            )
        )

    def exchange(self, request: Request, subscription: c.Subscription | None = SUBSCRIPTION) -> Exchange:
        def trace(message: str) -> None:
            self.events.append(Traced(self.clock.now(), CALL, "context", message))

        seen = url_view(request.url.below(ORIGIN))
        original = url_view(Url("/api" + request.url.path, request.url.query), "https", GATEWAY)
        context = c.Context(
            request=c.Request(
                request.method,
                lambda: seen,
                lambda: original,
                HeaderView(request.headers),
                body=BodyView(request) if request.body else None,
                matched_parameters=self.parameters,
            ),
            now=self.clock.now,
            chance=self.world.chance,
            timestamp=self.clock.now(),
            request_id=CALL,
            deployment=c.Deployment("East US 2", "apim-test"),
            api=c.Api("chat", "Chat API", "api"),
            operation=c.Operation("ask", "Ask", "POST", self.template),
            product=c.Product("starter", "Starter"),
            subscription=subscription,
            trace=trace,
        )
        return Exchange(request, context, self.world, Target(base=ORIGIN), ORIGIN)


def program(
    *scopes: tuple[str, str],
    named_values: Mapping[str, str] | None = None,
    fragments: Mapping[str, str] | None = None,
) -> Program:
    """Policies by scope, the widest first, as one program."""
    known = {name.lower(): parse(text, "rawxml").root for name, text in (fragments or {}).items()}
    documents = [(scope, parse(text, "rawxml").root) for scope, text in scopes]
    return compiled_program(documents, named_values or {}, known)


def policy(inbound: str = "", backend: str = "<forward-request />", outbound: str = "", on_error: str = "") -> Program:
    """One policy of an API, by section."""
    return program(
        ("api", document({"inbound": inbound, "backend": backend, "outbound": outbound, "on-error": on_error}))
    )


def document(sections: Mapping[str, str]) -> str:
    """The text of a policy with these sections; a section that is not named is not in it."""
    inside = "\n".join(f"<{name}>{sections[name]}</{name}>" for name in SECTIONS if name in sections)
    return f"<policies>{inside}</policies>"
