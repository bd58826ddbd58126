"""The twin's own controls of its simulated accounts, beside those of Azure Resource Manager. Pure.

GET                 /_twin/accounts                  [{"name", "host", "region", "deployments", "requests", "faults"}]
GET|DELETE          /_twin/accounts/{name}/requests  what it received, oldest first, as openai/visits.py keeps it
GET|PUT|POST|DELETE /_twin/accounts/{name}/faults    the list of faults: read, replaced, one more, none
DELETE              /_twin/faults/accounts           no account has a fault any more
POST                /_twin/tokens                    {"principalId"} -> {"access_token"}, to call accounts as it

A fault is a JSON object of the keys that openai/faults.py describes; POST answers with the fault that is now in force.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from ..azure.messages import Answer, Call
from ..openai.access import AUDIENCE
from ..openai.account import Account
from ..openai.fault_documents import BadFault, fault_from
from ..openai.faults import Fault
from .accounts import Accounts

_PATH: Final = re.compile(r"/_twin/accounts(?:/(?P<name>[^/]+)/(?P<part>requests|faults))?/?", re.IGNORECASE)
_ALL_FAULTS: Final = re.compile(r"/_twin/faults/accounts/?", re.IGNORECASE)
_TOKENS: Final = re.compile(r"/_twin/tokens/?", re.IGNORECASE)


def handle(call: Call, accounts: Accounts, now: float) -> Answer | None:
    """The answer to a control of the accounts; None for any other call."""
    if _ALL_FAULTS.fullmatch(call.path):
        return _heal_all(call, accounts)
    if _TOKENS.fullmatch(call.path):
        return _token(call, accounts, now)
    found = _PATH.fullmatch(call.path)
    if found is None:
        return None
    if found["name"] is None:
        listed = [_told(account, now) for account in accounts.all()]
        return Answer(200, listed) if call.method == "GET" else _not_allowed(call)
    account = accounts.named(found["name"])
    if account is None:
        known = ", ".join(one.name for one in accounts.all()) or "none"
        return _error(404, "AccountNotFound", f"There is no simulated account {found['name']}. Accounts here: {known}.")
    return _requests(call, account) if found["part"].lower() == "requests" else _faults(call, account, now)


def _heal_all(call: Call, accounts: Accounts) -> Answer:
    if call.method != "DELETE":
        return _not_allowed(call)
    for account in accounts.all():
        account.faults.clear()
    return Answer(204)


def _token(call: Call, accounts: Accounts, now: float) -> Answer:
    """Stands in for the login of a person or a program that calls an account, or a gateway that passes tokens on."""
    if call.method != "POST":
        return _not_allowed(call)
    principal = call.body.get("principalId") if isinstance(call.body, Mapping) else None
    if not isinstance(principal, str) or not principal:
        return _error(400, "BadRequest", 'The body must name an identity: {"principalId": "its object id"}.')
    return Answer(200, {"token_type": "Bearer", "access_token": accounts.issuer.issue(principal, AUDIENCE, now)})


def _requests(call: Call, account: Account) -> Answer:
    match call.method:
        case "GET":
            return Answer(200, account.visits.entries())
        case "DELETE":
            account.visits.clear()
            return Answer(204)
    return _not_allowed(call)


def _faults(call: Call, account: Account, now: float) -> Answer:
    try:
        match call.method:
            case "GET":
                return Answer(200, _listed(account, now))
            case "POST":
                fault = fault_from(call.body, now)
                account.faults.add(fault)
                return Answer(201, fault.entry(now))
            case "PUT":
                faults = _faults_from(call.body, now)
                account.faults.replace(faults)
                return Answer(200, _listed(account, now))
            case "DELETE":
                account.faults.clear()
                return Answer(204)
    except BadFault as wrong:
        return _error(400, "BadFault", "\n".join(wrong.problems))
    return _not_allowed(call)


def _faults_from(document: object, now: float) -> list[Fault]:
    if not isinstance(document, list):
        raise BadFault(["the body must be a list of faults"])
    faults, problems = [], []
    for index, entry in enumerate(document):
        try:
            faults.append(fault_from(entry, now))
        except BadFault as wrong:
            problems += [f"[{index}]: {problem}" for problem in wrong.problems]
    if problems:
        raise BadFault(problems)
    return faults


def _told(account: Account, now: float) -> dict[str, Any]:
    settings = account.settings
    return {
        "name": account.name,
        "host": account.host,
        "region": settings.region,
        "deployments": ["*"] if settings.any_deployment else [one.name for one in settings.deployments],
        "requests": account.visits.count,
        "faults": _listed(account, now),
    }


def _listed(account: Account, now: float) -> list[dict[str, Any]]:
    return [fault.entry(now) for fault in account.faults.current(now)]


def _not_allowed(call: Call) -> Answer:
    return _error(405, "MethodNotAllowed", f"{call.method} {call.path} is no control of the twin.")


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message}})
