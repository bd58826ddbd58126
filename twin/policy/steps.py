"""The elements of a policy, ready to run, one after the other."""

from dataclasses import dataclass
from typing import Protocol

from .exchange import Exchange
from .place import Place


class Step(Protocol):
    """An element ready to run."""

    async def run(self, exchange: Exchange) -> None: ...


@dataclass(frozen=True)
class Placed:
    """A step and where it stands. `reads_answer`: its expressions read the answer's body, which must be there whole."""

    place: Place
    step: Step
    reads_answer: bool = False

    async def run(self, exchange: Exchange) -> None:
        if self.reads_answer:
            await exchange.hold_answer()
        exchange.at = self.place
        await self.step.run(exchange)


@dataclass(frozen=True)
class Steps:
    """Elements in the order of the document."""

    placed: tuple[Placed, ...] = ()

    async def run(self, exchange: Exchange) -> None:
        for one in self.placed:  # as Placed.run, without a coroutine more for each element of each call
            if one.reads_answer:
                await exchange.hold_answer()
            exchange.at = one.place
            await one.step.run(exchange)
