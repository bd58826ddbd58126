"""demo: ten seconds of traffic through the deployed gateway, in which accounts break and heal; `up` ends with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from urllib.request import getproxies

from ..engine.errors import CommandError
from . import running
from .calls import call
from .door import Tried, api_to_call, tried_door
from .keyboard import pause
from .look import Look, Pool, Service, look_from
from .running import COMMAND, Running
from .screen import Screen, Work
from .session import state_folder
from .story import BROKEN, RETRY_AFTER, play, table, those_to_break, verdict
from .traffic import Traffic

LOOK: Final = "/_twin/gateway"
RATE: Final = 20.0  # calls a second

# It ends by itself, too, should this process be killed before it heals.
_FAULT: Final = {"status": 503, "retryAfter": RETRY_AFTER, "for": 2 * BROKEN}


@dataclass(frozen=True)
class Entrance:
    """What of a twin can be called: a service, its pool, if its API has one, and a door that was tried."""

    look: Look
    service: Service
    pool: Pool | None
    tried: Tried
    accounts: Sequence[Mapping[str, Any]]


class LiveStage:
    """The story on a twin that runs, with traffic that flows."""

    def __init__(
        self, twin: Running, service: str, accounts: Sequence[str], traffic: Traffic, screen: Screen, work: Work
    ) -> None:
        self._twin = twin
        self._service = service
        self._accounts = accounts
        self._traffic = traffic
        self.tell, self.show = screen.say, work.say

    def look(self) -> Service:
        return look_from(call(self._twin, "GET", LOOK)).service(self._service)

    def wait(self, seconds: float) -> None:
        pause(seconds)

    def break_(self) -> None:
        for account in self._accounts:
            call(self._twin, "POST", _faults_of(account), _FAULT)

    def heal(self) -> None:
        for account in self._accounts:
            call(self._twin, "DELETE", _faults_of(account))

    def answers(self) -> Mapping[int, int]:
        return dict(self._traffic.answers)


def demo(screen: Screen, service: str | None) -> None:
    """The demonstration by itself."""
    twin = running.find(state_folder())
    if twin is None:
        raise CommandError(f"The twin does not run. To start it and deploy the project in this folder: {COMMAND} up")
    look = look_from(call(twin, "GET", LOOK))
    found = entrance(twin, look, look.service(service))
    if found is None:
        raise CommandError("No API of the service sends calls to a backend, so there is nothing to call.")
    demonstrate(screen, twin, found)


def entrance(twin: Running, look: Look, service: Service) -> Entrance | None:
    """How a service is called, or None where none of its APIs leads to a backend."""
    found = api_to_call(service)
    if found is None:
        return None
    api, pool = found
    accounts = call(twin, "GET", "/_twin/accounts")
    return Entrance(look, service, pool, tried_door(twin, look, service, api, accounts), accounts)


def entrance_lines(found: Entrance) -> list[str]:
    """The key, and the line to paste."""
    door = found.tried.door
    lines = [f"\nCall the API {door.api}", *(f"  {line}" for line in door.curl(getproxies()).split("\n"))]
    if door.key:
        lines += [f"  The key is that of the subscription {door.subscription}. It opens this twin and nothing else."]
    if found.tried.complaint:
        lines += [f"  It is answered with {found.tried.complaint}"]
    return lines


def demonstrate(screen: Screen, twin: Running, found: Entrance) -> None:
    """Play the story, or say in a line why it cannot be played. Raises KeyboardInterrupt with everything healed."""
    obstacle = why_not(found)
    if obstacle or found.pool is None:
        screen.say(f"\nNo demonstration: {obstacle}")
        return
    pool, broken = found.pool, those_to_break(found.pool)
    hosts = {account["host"].lower(): account["name"] for account in found.accounts}
    accounts = [hosts[found.service.backends[name].host.lower()] for name in broken]
    screen.say(f"\nDemonstration: {RATE:.0f} calls a second, sent to the pool {pool.name}; Ctrl-C ends it")
    try:
        with screen.working("Demo") as work, Traffic(found.tried.door, RATE) as traffic:
            scenes = play(LiveStage(twin, found.service.name, accounts, traffic, screen, work), pool, broken)
    except KeyboardInterrupt:
        screen.warn("The demonstration was ended. What it broke is healed, and the deployment stays as it is.")
        raise
    screen.rows(table(scenes, pool))
    screen.say(f"  {verdict(traffic.answers)}")


def why_not(found: Entrance) -> str:
    """Why there is nothing to show; empty where there is."""
    if found.pool is None:
        return f"the API {found.tried.door.api} sends its calls to no pool."
    if len(found.pool.members) < 2:
        return f"the pool {found.pool.name} has one member, so nobody could take over."
    if found.tried.complaint:
        return f"a call is answered with {found.tried.complaint}"
    hosts = {found.service.backends[member.backend].host.lower() for member in found.pool.members}
    if strangers := hosts - {account["host"].lower() for account in found.accounts}:
        return f"there is no simulated account {', '.join(sorted(strangers))}."
    broken = [account["name"] for account in found.accounts if account["faults"] and account["host"].lower() in hosts]
    if broken:
        return f"{', '.join(broken)} has a fault already. To end it: {COMMAND} heal"
    return ""


def _faults_of(account: str) -> str:
    return f"/_twin/accounts/{quote(account, safe='')}/faults"
