"""What could be had at best: a router that knows every account's state and loses no time.

It sends each call to the first account, by priority, that is in order and would let the call in, and refuses what none
would take. No gateway can know as much, so the part of this that a policy reaches says how good the policy is.
(A router that lets calls wait could do a little better.)
"""

from collections.abc import Iterable, Sequence

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

    async def call(self, arrival: Arrival) -> Outcome:
        simulation = self._simulation
        request = chat("/openai", Headers([("Content-Type", "application/json")]), arrival, "gpt-4o")
        for tier in self._tiers:
            for name in tier:
                account = simulation.accounts.named(name)
                if account is not None and account.admits(request):
                    tier.remove(name)
                    tier.append(name)
                    request.headers.set("Authorization", self._token(account))
                    response = await account.answer(request)
                    complete = await ends_well(response)
                    seconds = simulation.clock.now() - simulation.began - arrival.at
                    return Outcome(arrival.at, seconds, response.status, complete, arrival.tokens)
        return Outcome(arrival.at, 0.0, 429, True, arrival.tokens)

    def _token(self, account: Account) -> str:
        """Of somebody who may call the account."""
        principal = min((who for who, _ in account.settings.grants), default="")
        return f"Bearer {self._simulation.issuer.issue(principal, AUDIENCE, self._simulation.clock.now())}"
