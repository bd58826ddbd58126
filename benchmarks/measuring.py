"""How figures are made: things to compare are measured in turn, in one run, and only their ratios are claims."""

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(works: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """What each of the works gives, round by round. The order turns round each time, so that none always goes first."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        order = list(works.items())
        for name, work in order if number % 2 == 0 else reversed(order):
            taken[name].append(work())
    return taken


def ratio(dividends: list[float], divisors: list[float]) -> float:
    """The median of the ratios of the rounds: noise that lasts a round hits both sides of it."""
    return statistics.median(a / b for a, b in zip(dividends, divisors, strict=True))
