"""One simulated Azure OpenAI account: request in, answer out, in the time that it takes.

The same account runs behind a socket on the machine's clock and inside a simulation on a virtual one. It refuses as
Azure refuses, in Azure's order: no such path, no right, no deployment, a wrong body, a limit that is reached.
"""

from ..bearer import Issuer
from ..chance import Chance
from ..clock import NEVER, Clock
from ..messages import Lost, Request, Response
from . import access, call, errors, listings
from .admission import Admission
from .answers import Asked
from .call import Call
from .delivery import Delivery, Pace
from .faults import NOTHING, Faults, Met
from .operations import INFERENCE, Kind, Operation
from .regions import displayed
from .responses import StoredResponses, response
from .settings import Deployment, Settings
from .visits import ANSWERED, HUNG_UP, LOST, Visit, Visits


class Account:
    """`keep` is how many of its latest requests it remembers for reading (see Visits)."""

    def __init__(self, settings: Settings, clock: Clock, chance: Chance, issuer: Issuer, *, keep: int = 0) -> None:
        self._clock = clock
        self._issuer = issuer
        self._chance = chance.stream(f"account/{settings.name}")
        self._admission = Admission(settings.behaviour.burst)
        self._stored = StoredResponses()
        self.settings = settings
        self.faults = Faults(chance.stream(f"account/{settings.name}/faults"))
        self.visits = Visits(keep)

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def host(self) -> str:
        return self.settings.host

    def configure(self, settings: Settings) -> None:
        """Be as these settings say from the next request on. What they do not change goes on as it is."""
        if settings.behaviour.burst != self.settings.behaviour.burst:
            self._admission = Admission(settings.behaviour.burst)
        self.settings = settings

    def connect(self, request: Request) -> None:
        """Take a connection for this request. Raises Lost where a fault says that none is made."""
        if self.faults:
            failure = self.faults.connection_failure(Call(request).deployment, self._clock.now())
            if failure:
                self.visits.begin(request).end(LOST)
                raise Lost(f"{self.host}: {failure}")

    def admits(self, request: Request) -> bool:
        """Whether a request would be let in now and meet no fault that keeps it from an answer. It changes nothing."""
        asked, now = Call(request), self._clock.now()
        deployment = self.settings.deployment(asked.deployment)
        if asked.operation is None or deployment is None or not self.faults.spare(asked.deployment, now):
            return False
        return not self._admission.seconds_to_wait(asked, asked.operation.kind, deployment, now)

    async def answer(self, request: Request) -> Response:
        """Answer a request. Raises Lost where the connection ends before an answer begins.

        To end this coroutine, or to close the stream of its answer early, is to hang up.
        """
        visit = self.visits.begin(request)
        try:
            answered = await self._answered(Call(request), visit)
            visit.status = answered.status
            if answered.stream is None:
                visit.end(ANSWERED)
            return answered
        except Lost:
            visit.end(LOST)
            raise
        finally:
            if not visit.status:
                visit.end(HUNG_UP)

    async def _answered(self, asked: Call, visit: Visit) -> Response:
        met = self.faults.meet(asked.deployment, self._clock.now()) if self.faults else NOTHING
        if met.latency:
            await self._clock.sleep(met.latency)
        if met.connection == "hang":
            await self._clock.sleep(NEVER)
        if met.connection == "reset":
            raise Lost(f"{self.host}: the connection was reset before an answer")
        try:
            answered = await self._served(asked, met, visit)
        except errors.Refused as refused:
            answered = refused.response
            if self.settings.behaviour.error:
                await self._clock.sleep(self.settings.behaviour.error)
        for header in ("apim-request-id", "x-request-id"):
            answered.headers.add(header, self._new_id())
        answered.headers.add("x-ms-region", displayed(self.settings.region))
        return answered

    async def _served(self, asked: Call, met: Met, visit: Visit) -> Response:
        """Raises Refused."""
        operation = self._permitted(asked, met)
        if operation.kind not in INFERENCE:
            return listings.answer(asked.request, operation, self.settings, self._stored)
        deployment = self._deployment(asked.deployment)
        call.check(operation.kind, asked.body, deployment)
        if operation.kind is Kind.RESPONSE:
            self._stored.check_previous(asked.body.get("previous_response_id"))
        now = self._clock.now()
        admitted = self._admission.admit(asked, operation.kind, deployment, met, now)
        question = Asked(self._new_id(), deployment.model, int(now), asked.body)
        if operation.kind is Kind.RESPONSE and asked.body.get("store", True):
            self._stored.keep(response(question), asked.body["input"])
        delivery = Delivery(self._clock, self._pace(met), met.cut_after, admitted, visit)
        return await delivery.of(operation.kind, question)

    def _permitted(self, asked: Call, met: Met) -> Operation:
        """The operation that is asked for. Raises Refused where it is none, or none for this caller."""
        operation = asked.operation
        if met.status is not None:
            raise errors.usual_error(met.status, met.retry_after)
        if operation is None or not (operation.v1 or asked.request.url.parameter("api-version")):
            raise errors.resource_not_found()
        if not access.check_key(asked.request, operation, self.settings, self._issuer):
            access.check_token(asked.request, operation, self.settings, self._issuer, self._clock.now())
            if met.identity_refused:
                raise errors.permission_denied()
        return operation

    def _deployment(self, name: str) -> Deployment:
        if not name:
            raise errors.model_missing()
        deployment = self.settings.deployment(name)
        if deployment is None:
            raise errors.deployment_not_found()
        return deployment

    def _pace(self, met: Met) -> Pace:
        behaviour = self.settings.behaviour
        first = behaviour.first_token
        if behaviour.spread:
            first *= self._chance.lognormvariate(0.0, behaviour.spread)
        return Pace(first, met.tokens_per_second or behaviour.tokens_per_second)

    def _new_id(self) -> str:
        """A GUID, as each answer carries some."""
        digits = f"{self._chance.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
