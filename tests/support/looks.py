"""The gateway of a simulation as it tells of itself over HTTP, and a stage for the demonstration on virtual time."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from twin.azure.messages import Call
from twin.azure.store import Store
from twin.command.look import Look, Service, look_from
from twin.command.story import RETRY_AFTER
from twin.gateway.watched import PATH, Watched, handle
from twin.openai.fault_documents import fault_from
from twin.simulation import Simulation
from twin.simulation.load import Arrival


class Looked:
    """A simulation whose events are counted, as those of a twin that runs."""

    def __init__(self, store: Store, **options: Any) -> None:
        self.watched = Watched()
        self.simulation = Simulation(store, hear=self.watched.record, **options)

    def document(self) -> dict[str, Any]:
        """What GET /_twin/gateway answers, as it comes over the wire."""
        answer = handle(Call("GET", PATH), self.simulation.gateway, self.watched, self.simulation.clock.now())
        assert answer is not None
        return json.loads(json.dumps(answer.body))

    def look(self) -> Look:
        return look_from(self.document())


class VirtualStage:
    """Twenty calls a second on virtual time; `accounts` are those that the story breaks. What is told is kept."""

    def __init__(self, looked: Looked, accounts: Sequence[str]) -> None:
        self.told: list[str] = []
        self.shown: list[str] = []
        self.healed = 0
        self._looked = looked
        self._simulation = looked.simulation
        self._accounts = [account for name in accounts if (account := self._simulation.accounts.named(name))]
        self._answers: Counter[int] = Counter()
        self._simulation.clock.start(self._flow())

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return self._simulation.clock.now() - self._simulation.began

    def look(self) -> Service:
        return self._looked.look().service(None)

    def wait(self, seconds: float) -> None:
        clock = self._simulation.clock
        clock.run(until=clock.now() + seconds)

    def break_(self) -> None:
        for account in self._accounts:
            fault = {"status": 503, "retryAfter": RETRY_AFTER}
            account.faults.add(fault_from(fault, self._simulation.clock.now()))

    def heal(self) -> None:
        self.healed += 1
        for account in self._accounts:
            account.faults.clear()

    def tell(self, text: str) -> None:
        self.told.append(text)

    def show(self, text: str) -> None:
        self.shown.append(text)

    def answers(self) -> Counter[int]:
        return self._answers

    def broken(self) -> list[str]:
        return [account.name for account in self._accounts if account.faults]

    async def _flow(self) -> None:
        while True:
            self._simulation.clock.start(self._call())
            await self._simulation.clock.sleep(0.05)

    async def _call(self) -> None:
        request = self._simulation.door.request(Arrival(0, prompt=5, answer=5))
        response = await self._simulation.gateway.handle(request, self._simulation.caller)
        await response.read()
        self._answers[response.status] += 1
