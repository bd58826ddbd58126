"""A simulated account on a virtual clock, and somebody who calls it."""

import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import VirtualClock
from twin.messages import Headers, Request, Response, Url
from twin.openai.account import Account
from twin.openai.settings import Behaviour, Deployment, Settings

T = TypeVar("T")

KEY = "k" * 32
PRINCIPAL = "9999abcd-0000-0000-0000-000000000001"
USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
CONTRIBUTOR = "a001fd3d-188f-4b5d-821b-7da978bf7442"
AUDIENCE = "https://cognitiveservices.azure.com"
SECRET = b"s" * 32

GPT = Deployment("gpt-4o", "gpt-4o", capacity=100, version="2024-11-20")
EMBEDDING = Deployment("ada", "text-embedding-3-small", capacity=100)
MESSAGES = [{"role": "user", "content": "hello"}]
CHAT_PATH = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"

# Nothing takes any time, unless a test is about time.
AT_ONCE = Behaviour(first_token=0.0, tokens_per_second=1e9)


@dataclass(frozen=True)
class Told:
    """An answer that has been read, and how long that took."""

    response: Response
    content: bytes
    seconds: float

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def headers(self) -> Headers:
        return self.response.headers

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def error(self) -> tuple[int, str | None, str]:
        """(status, code, message) of an answer that must be an error."""
        error = self.json["error"]
        return self.status, error["code"], error["message"]

    @property
    def events(self) -> list[Any]:
        """The data of a stream's events; text stays text."""
        lines = [line for line in self.content.decode().splitlines() if line.startswith("data: ")]
        return [line[6:] if line == "data: [DONE]" else json.loads(line[6:]) for line in lines]


class Simulation:
    """One account and its callers. `keep` is as many visits as any test makes."""

    def __init__(self, *deployments: Deployment, seed: int = 1, **settings: Any) -> None:
        given = {
            "deployments": deployments or (GPT, EMBEDDING),
            "keys": frozenset({KEY}),
            "grants": frozenset({(PRINCIPAL, USER)}),
            "behaviour": AT_ONCE,
            **settings,
        }
        self.clock = VirtualClock()
        self.issuer = Issuer("tenant", SECRET)
        self.settings = Settings("aoai-1", "aoai-1.openai.azure.com", **given)
        self.account = Account(self.settings, self.clock, Chance(seed), self.issuer, keep=1000)

    def token(self, principal: str = PRINCIPAL, audience: str = AUDIENCE) -> str:
        return self.issuer.issue(principal, audience, self.clock.now())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives, once nothing is left to do."""
        given: list[T] = []

        async def watched() -> None:
            given.append(await work)

        self.clock.start(watched())
        self.clock.run()
        assert given, "it never ended"
        return given[0]

    async def answer(self, made: Request) -> Told:
        begun = self.clock.now()
        self.account.connect(made)
        response = await self.account.answer(made)
        return Told(response, await response.read(), self.clock.now() - begun)

    def ask(self, path: str = CHAT_PATH, body: object = None, **options: Any) -> Told:
        """One call from beginning to end; see `request`."""
        return self.run(self.answer(request(path, body, **options)))

    def chat(self, **body: Any) -> Told:
        return self.ask(CHAT_PATH, {"messages": MESSAGES, **body})


def request(
    path: str = CHAT_PATH,
    body: object = None,
    *,
    method: str = "",
    headers: Mapping[str, str] | None = None,
    raw: bytes | None = None,
) -> Request:
    """A call with the key, unless other headers are given; a GET when it has no body."""
    content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    given = {"api-key": KEY} if headers is None else headers
    return Request(method or ("POST" if content else "GET"), Url.parse(path), Headers(given.items()), content)
