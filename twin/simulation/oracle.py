"""What could be had at best: a router that knows every account's state and loses no time.

It sends each call to the first account, by priority, that is in order and would let the call in, and refuses what none
would take. No gateway can know as much, so the part of this that a policy reaches says how good the policy is.
(A router that lets calls wait could do a little better.)
"""

from collections.abc import Iterable, Sequence

from ..bearer import VALID_FOR
from ..messages import Headers
from ..openai.account import Account
from .load import Arrival
from .outcome import Outcome
from .world import Happening, Simulation, chat, ends_well

AUDIENCE = "https://cognitiveservices.azure.com"


def at_best(
    simulation: Simulation, tiers: Sequence[Sequence[str]], load: Iterable[Arrival], happenings: Iterable[Happening]
) -> list[Outcome]:
    """The outcomes of a load if each call went where it can be answered. `tiers` are account names by priority.

    Within a tier the accounts take turns.
    """
    router = _Router(simulation, tiers)
    return simulation.run(load, happenings, call=router.call)


class _Router:
    def __init__(self, simulation: Simulation, tiers: Sequence[Sequence[str]]) -> None:
        self._simulation = simulation
        self._tiers = [list(tier) for tier in tiers]
        self._tokens: dict[tuple[float, str], str] = {}

    async def call(self, arrival: Arrival) -> Outcome:
        """It goes on where an account refuses after all, as a slow one may be full by the time it looks at the call."""
        clock, began = self._simulation.clock, self._simulation.began + arrival.at
        request = chat("/openai", Headers([("Content-Type", "application/json")]), arrival, "gpt-4o")
        for tier in self._tiers:
            for name in list(tier):
                account = self._simulation.accounts.named(name)
                if account is None or not account.admits(request):
                    continue
                tier.remove(name)
                tier.append(name)
                request.headers.set("Authorization", self._token(account))
                response = await account.answer(request)
                complete = await ends_well(response)
                if response.status != 429:
                    return Outcome(arrival.at, clock.now() - began, response.status, complete, arrival.tokens)
        return Outcome(arrival.at, clock.now() - began, 429, True, arrival.tokens)

    def _token(self, account: Account) -> str:
        """Of somebody who may call the account; it is renewed when half of its time has passed."""
        now = self._simulation.clock.now()
        half, principal = now // (VALID_FOR / 2), min((who for who, _ in account.settings.grants), default="")
        if (half, principal) not in self._tokens:
            self._tokens[half, principal] = f"Bearer {self._simulation.issuer.issue(principal, AUDIENCE, now)}"
        return self._tokens[half, principal]
