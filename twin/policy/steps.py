"""The elements of a policy, ready to run, one after the other."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from .exchange import Exchange
from .place import Place


class Step(Protocol):
    """An element ready to run. Most act at once; one that has to wait returns what there is to wait for."""

    def run(self, exchange: Exchange) -> Awaitable[None] | None: ...


@dataclass(frozen=True)
class Placed:
    """A step and where it stands. `reads_answer`: its expressions read the answer's body, which must be there whole."""

    place: Place
    step: Step
    reads_answer: bool = False

    def run(self, exchange: Exchange) -> Awaitable[None] | None:
        if self.reads_answer:
            return self._run_with_answer(exchange)
        exchange.at = self.place
        return self.step.run(exchange)

    async def _run_with_answer(self, exchange: Exchange) -> None:
        await exchange.hold_answer()
        exchange.at = self.place
        rest = self.step.run(exchange)
        if rest is not None:
            await rest


@dataclass(frozen=True)
class Steps:
    """Elements in the order of the document."""

    placed: tuple[Placed, ...] = ()

    async def run(self, exchange: Exchange) -> None:
        for one in self.placed:
            rest = one.run(exchange)
            if rest is not None:
                await rest
