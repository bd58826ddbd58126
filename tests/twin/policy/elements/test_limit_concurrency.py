from dataclasses import dataclass, field

import pytest

from tests.support.backends import Scripted
from tests.support.world import Gateway, policy
from twin.messages import Headers, Request, Url
from twin.policy import pipeline
from twin.policy.program import Program

LIMITED = policy(
    backend='<limit-concurrency key="@(context.Request.Headers.GetValueOrDefault("x-key", "k"))" max-count="2">'
    "<forward-request /></limit-concurrency>"
)


@dataclass
class Crowd:
    """Calls that overlap; each leaves (its key, when it was answered, its status)."""

    gateway: Gateway
    answered: list[tuple[str, float, int]] = field(default_factory=list)

    def call(self, at: float, key: str, program: Program = LIMITED) -> None:
        self.gateway.clock.start(self._call(key, program), self.gateway.began + at)

    async def _call(self, key: str, program: Program) -> None:
        request = Request("POST", Url("/chat"), Headers([("x-key", key)]))
        response = await pipeline.run(program, self.gateway.exchange(request))
        self.answered.append((key, self.gateway.clock.now() - self.gateway.began, response.status))


@pytest.fixture
def crowd() -> Crowd:
    return Crowd(Gateway({"origin.example": [Scripted(200, after=5)]}))


def test_one_call_too_many_of_a_key_is_refused_at_once(crowd: Crowd) -> None:
    for at, key in ((0, "a"), (1, "a"), (2, "a"), (2, "b")):
        crowd.call(at, key)
    crowd.gateway.clock.run()
    assert crowd.answered == [("a", 2, 429), ("a", 5, 200), ("a", 6, 200), ("b", 7, 200)]


def test_a_call_that_ends_makes_room(crowd: Crowd) -> None:
    for at in (0, 0, 6):
        crowd.call(at, "a")
    crowd.gateway.clock.run()
    assert [status for _, _, status in crowd.answered] == [200, 200, 200]
    assert crowd.gateway.world.running == {}


def test_a_call_that_fails_makes_room() -> None:
    crowd = Crowd(Gateway({"origin.example": [Scripted(lost="refused")]}))
    for at in (0, 1, 2, 3):
        crowd.call(at, "a")
    crowd.gateway.clock.run()
    assert [status for _, _, status in crowd.answered] == [500, 500, 500, 500]
