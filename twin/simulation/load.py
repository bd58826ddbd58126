"""Who calls when, and with how much: the load of a simulation, drawn from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..chance import Stream


@dataclass(frozen=True, slots=True)
class Arrival:
    """One call: `at` seconds from the beginning, with a prompt of so many tokens, for at most so many as answer.

    `stream`: the answer is wanted in pieces. `poison`: a body that every account answers with 500.
    """

    at: float
    prompt: int = 100
    answer: int = 100
    stream: bool = False
    poison: bool = False

    @property
    def tokens(self) -> int:
        """What a limit counts at arrival."""
        return self.prompt + self.answer


@dataclass(frozen=True)
class Sizes:
    """Log-normal sizes of prompts and a log-normal part of them as the answer's limit; `spread` is the sigma."""

    tokens: float = 1_000.0
    spread: float = 0.6
    answer_share: float = 0.2

    def draw(self, chance: Stream) -> tuple[int, int]:
        """(prompt, answer) tokens, whose sum has `tokens` as its mean."""
        mean = self.tokens * chance.lognormvariate(-(self.spread**2) / 2, self.spread)
        answer = max(1, round(mean * self.answer_share))
        return max(1, round(mean) - answer), answer


def poisson(
    rate: float, seconds: float, chance: Stream, sizes: Sizes | None = None, *, begin: float = 0.0
) -> Iterator[Arrival]:
    """Independent callers, `rate` calls a second on average, who do not wait for each other's answers."""
    sizes, at = sizes or Sizes(), begin
    while rate > 0:
        at += chance.expovariate(rate)
        if at >= begin + seconds:
            return
        prompt, answer = sizes.draw(chance)
        yield Arrival(at, prompt, answer)


def steady(
    rate: float, seconds: float, *, begin: float = 0.0, prompt: int = 100, answer: int = 100
) -> Iterator[Arrival]:
    """A call every 1/`rate` seconds, all of one size."""
    for number in range(round(rate * seconds)):
        yield Arrival(begin + number / rate, prompt, answer)
