"""break and heal: trouble of the simulated accounts, made and ended while traffic flows."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from ..engine.errors import CommandError
from ..openai.fault_documents import EFFECTS
from ..openai.faults import AT_CONNECT
from . import running
from .calls import RefusedError, call
from .running import COMMAND, Running
from .screen import Screen
from .session import state_folder

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?) *(ms|s|m|h|)")

# What an account can be broken with, as it is typed.
_OPTIONS: Final = (
    *("--status", "--latency", "--refuse", "--dns", "--tls", "--reset", "--hang"),
    *("--slow", "--cut", "--throttle", "--says-wait", "--refuse-identity"),
)


def seconds(text: str) -> float:
    """A duration such as 60s, 1.5m or 200ms; a bare number counts seconds."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no duration. Write 60s, 1.5m, 1h or 200ms.")
    return float(found[1]) * _UNITS[found[2]]


def part(text: str) -> float:
    """A share such as 20% or 0.2."""
    try:
        share = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise typer.BadParameter(f"{text!r} is no share of the requests. Write 20% or 0.2; the most is 100%.")
    return share


AccountName = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The simulated account, such as aoai-eus2-1.")]
AnyAccount = Annotated[str | None, typer.Argument(metavar="ACCOUNT", help="One account; left out: all.")]
Status = Annotated[
    int | None, typer.Option(min=400, max=599, metavar="N", help="Answer this status in place of everything.")
]
RetryAfter = Annotated[
    float | None, typer.Option(min=0, metavar="SECONDS", help="Goes with --status; left out: no Retry-After is sent.")
]
Latency = Annotated[
    float | None, typer.Option(parser=seconds, metavar="TIME", help="Begin every answer this much later.")
]
Refuse = Annotated[bool, typer.Option("--refuse", help="Refuse connections.")]
Dns = Annotated[bool, typer.Option("--dns", help="Let the account's name not be found.")]
Tls = Annotated[bool, typer.Option("--tls", help="Let the TLS handshake fail.")]
Reset = Annotated[bool, typer.Option("--reset", help="Cut connections before an answer.")]
Hang = Annotated[bool, typer.Option("--hang", help="Take requests and never answer.")]
Slow = Annotated[float | None, typer.Option(metavar="TOKENS", help="Write answers at so many tokens a second.")]
Cut = Annotated[
    int | None, typer.Option(min=0, metavar="EVENTS", help="Cut streams after so many events, whole answers half-way.")
]
Throttle = Annotated[int | None, typer.Option(min=1, metavar="TPM", help="Let in so many tokens a minute only.")]
SaysWait = Annotated[
    float | None,
    typer.Option(
        min=0, metavar="SECONDS", help="Ask those over the limit to wait so long, whatever is true; 0: don't."
    ),
]
RefuseIdentity = Annotated[bool, typer.Option("--refuse-identity", help="Accept no token, whatever roles there are.")]
OfDeployment = Annotated[str | None, typer.Option(metavar="NAME", help="Only requests to this deployment.")]
For = Annotated[float | None, typer.Option("--for", parser=seconds, metavar="TIME", help="Only for so long, as 60s.")]
Count = Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the next N requests.")]
Share = Annotated[float | None, typer.Option(parser=part, metavar="SHARE", help="Only a share of them, as 20%.")]


def break_account(screen: Screen, account: str, fault: Mapping[str, Any], now: datetime, *, as_json: bool) -> None:
    """Put a fault in force; see twin/openai/faults.py. Keys without a value do not count."""
    given = {key: value for key, value in fault.items() if value is not None}
    effects = sum(key in EFFECTS for key in given)
    if effects != 1:
        found = "An account is broken in one way at a time." if effects else f"How is {account} to fail?"
        raise CommandError(found, f"Choose one of {', '.join(_OPTIONS)}.")
    made = _asked(_twin(), "POST", f"/_twin/accounts/{quote(account, safe='')}/faults", given)
    if as_json:
        screen.say(json.dumps({"account": account, **made}))
        return
    screen.say(f"{account} is broken: {described(made)}{_ends(made, now)}.")
    screen.say(f"To end it: {COMMAND} heal {account}")


def heal(screen: Screen, account: str | None, *, as_json: bool) -> None:
    """End all faults of one account, or of every account."""
    twin = _twin()
    accounts = _asked(twin, "GET", "/_twin/accounts")
    broken = [one["name"] for one in accounts if one["faults"] and account in (None, one["name"])]
    path = "/_twin/faults/accounts" if account is None else f"/_twin/accounts/{quote(account, safe='')}/faults"
    _asked(twin, "DELETE", path)
    if as_json:
        screen.say(json.dumps({"healed": broken}))
    elif broken:
        screen.say(f"{', '.join(broken)} {'is' if len(broken) == 1 else 'are'} whole again.")
    else:
        screen.say(f"{account or 'No account'} was {'not ' if account else ''}broken.")


def connection(*, refuse: bool, dns: bool, tls: bool, reset: bool, hang: bool) -> str | None:
    """The one way to lose connections that is asked for. Raises CommandError where it is more than one."""
    asked = {"refused": refuse, "dns": dns, "tls": tls, "reset": reset, "hang": hang}
    chosen = [name for name, wanted in asked.items() if wanted]
    if len(chosen) > 1:
        raise CommandError("Connections are lost in one way at a time.", "Choose one of --refuse, --dns, --tls, …")
    return chosen[0] if chosen else None


def described(fault: Mapping[str, Any]) -> str:
    """A fault as a sentence's end: what happens, and to which requests."""
    whom = f" of deployment {fault['deployment']}" if "deployment" in fault else ""
    if "share" in fault:
        which = f"in {fault['share']:.0%} of the cases a request{whom}"
    elif "count" in fault:
        which = f"each of the next {fault['count']} requests{whom}"
    else:
        which = f"every request{whom}"
    return f"{which} {_effect(fault)}"


def _effect(fault: Mapping[str, Any]) -> str:
    match fault:
        case {"status": status, "retryAfter": wait}:
            return f"gets {status} with Retry-After {wait:g}"
        case {"status": status}:
            return f"gets {status}"
        case {"latency": wait}:
            return f"is answered {wait:g} s later"
        case {"connection": "hang"}:
            return "is never answered"
        case {"connection": "reset"}:
            return "loses its connection before an answer"
        case {"connection": how}:
            return f"gets no connection ({AT_CONNECT[how]})"
        case {"tokensPerSecond": rate}:
            return f"is answered at {rate:g} tokens a second"
        case {"cutAfter": events}:
            return f"loses its answer half-way, a stream after {events} events"
        case {"tokensPerMinute": limit}:
            return f"counts against {limit} tokens a minute"
        case {"saysWait": 0}:
            return "that is over the limit is not told how long to wait"
        case {"saysWait": wait}:
            return f"that is over the limit is told to wait {wait:g} s"
    return "is refused its identity"


def _ends(fault: Mapping[str, Any], now: datetime) -> str:
    if "for" not in fault:
        return ""
    return f", for {fault['for']:g} s (until {now + timedelta(seconds=fault['for']):%H:%M:%S})"


def _twin() -> Running:
    twin = running.find(state_folder())
    if twin is None:
        raise CommandError(
            "The twin does not run, so there is nothing to break or to heal.",
            f"To start it and deploy the project in this folder: {COMMAND} up",
        )
    return twin


def _asked(twin: Running, method: str, path: str, body: object = None) -> Any:
    try:
        return call(twin, method, path, body)
    except RefusedError as refused:
        raise CommandError(*refused.advice) from refused  # its reasons say all; a path means nothing to a person
