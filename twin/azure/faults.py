"""Injected trouble: calls that fail, break or drag, so that tests can stop a deployment half-way.

A rule in JSON (`PUT /_twin/faults` takes a list of them, the first that fits a call is applied):

    {"method": "PUT", "path": "/backends/ptu$", "status": 429, "retryAfter": 2, "delay": 0.5, "times": 1}

method      one HTTP method; left out: any
path        a regular expression, searched in the path without regard to case; left out: any
status      400 to 599 | "reset" (the connection is cut) | null (only the delay); left out: null
retryAfter  seconds, sent as Retry-After
code        the error code; left out: Azure's usual one for the status
message     the error message
delay       seconds to wait first
times       how often the rule applies; left out: until the faults are deleted
executed    true: the call does its work and only its answer is lost
longRunning true: the call is accepted, and the operation that it starts fails with this status
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from .messages import Answer, Call

_USUAL: Final = {
    400: ("BadRequest", "The request is invalid."),
    401: ("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing or invalid."),
    403: ("AuthorizationFailed", "The client does not have authorization to perform this action over this scope."),
    404: ("ResourceNotFound", "The resource was not found."),
    409: ("Conflict", "The request conflicts with another operation in progress. Please try again later."),
    422: ("ManagementApiRequestFailed", "The request to the management API failed."),
    429: ("TooManyRequests", "The request is being throttled as the limit has been reached."),
    500: ("InternalServerError", "Encountered internal server error."),
    502: ("BadGateway", "Bad gateway."),
    503: ("ServiceUnavailable", "The service is temporarily unavailable. Please try again later."),
    504: ("GatewayTimeout", "The gateway did not receive a response from the resource provider in time."),
}

_FIELDS: Final[Mapping[str, tuple[type, ...]]] = {
    "method": (str,),
    "path": (str,),
    "status": (int, str, type(None)),
    "retryAfter": (int, float),
    "code": (str,),
    "message": (str,),
    "delay": (int, float),
    "times": (int,),
    "executed": (bool,),
    "longRunning": (bool,),
}


class BadFaults(Exception):
    """Every problem of a list of rules, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Fault:
    """One rule; see the module."""

    method: str = ""
    path: re.Pattern[str] = re.compile("")
    status: int | Literal["reset"] | None = None
    retry_after: float | None = None
    code: str = ""
    message: str = ""
    delay: float = 0.0
    times: int | None = None
    executed: bool = False
    long_running: bool = False

    def fits(self, call: Call) -> bool:
        return self.method in ("", call.method) and bool(self.path.search(call.path)) and self.times != 0

    def body(self) -> dict[str, Any]:
        """The error that Azure would answer with."""
        status = self.status if isinstance(self.status, int) else 500
        code, message = _USUAL.get(status, _USUAL[500 if status >= 500 else 400])
        return {"error": {"code": self.code or code, "message": self.message or message}}

    def answer(self) -> Answer | None:
        """What the caller gets instead of the real answer, if anything."""
        if self.status == "reset":
            return Answer(0, reset=True)
        if self.status is None:
            return None
        headers = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        return Answer(self.status, self.body(), headers)


class Faults:
    """The rules in force."""

    def __init__(self, rules: list[Fault] | None = None) -> None:
        self._rules = list(rules or [])

    def replace(self, rules: list[Fault]) -> None:
        self._rules = list(rules)

    def take(self, call: Call) -> Fault | None:
        """The rule for this call, counted as used."""
        for index, rule in enumerate(self._rules):
            if rule.fits(call):
                if rule.times is not None:
                    self._rules[index] = replace(rule, times=rule.times - 1)
                return rule
        return None


def faults_from(document: object) -> list[Fault]:
    """The rules that a JSON document holds. Raises BadFaults with all that is wrong with it."""
    if not isinstance(document, list):
        raise BadFaults(["the body must be a list of rules"])
    problems = [problem for index, entry in enumerate(document) for problem in _problems(entry, f"[{index}]")]
    if problems:
        raise BadFaults(problems)
    return [_fault(entry) for entry in document]


def _problems(entry: object, at: str) -> list[str]:
    if not isinstance(entry, dict):
        return [f"{at} must be an object"]
    found = [f"{at}.{key} is not known; known are {', '.join(_FIELDS)}" for key in entry if key not in _FIELDS]
    for key, value in entry.items():
        wrong = isinstance(value, bool) != (_FIELDS.get(key) == (bool,))
        if key in _FIELDS and (wrong or not isinstance(value, _FIELDS[key])):
            found.append(f"{at}.{key} cannot be {value!r}")
    status = entry.get("status")
    if isinstance(status, str) and status != "reset":
        found.append(f'{at}.status is {status!r}; it may be a number, "reset" or null')
    if isinstance(status, int) and not 400 <= status <= 599:
        found.append(f"{at}.status is {status}; it may be 400 to 599")
    found += [f"{at}.{key} must not be negative" for key in ("delay", "retryAfter", "times") if _negative(entry, key)]
    try:
        re.compile(entry.get("path", "") if isinstance(entry.get("path", ""), str) else "")
    except re.error as error:
        found.append(f"{at}.path is not a regular expression: {error}")
    return found


def _negative(entry: Mapping[str, Any], key: str) -> bool:
    value = entry.get(key)
    return isinstance(value, int | float) and value < 0


def _fault(entry: Mapping[str, Any]) -> Fault:
    return Fault(
        method=entry.get("method", "").upper(),
        path=re.compile(entry.get("path", ""), re.IGNORECASE),
        status=entry.get("status"),
        retry_after=entry.get("retryAfter"),
        code=entry.get("code", ""),
        message=entry.get("message", ""),
        delay=float(entry.get("delay", 0)),
        times=entry.get("times"),
        executed=entry.get("executed", False),
        long_running=entry.get("longRunning", False),
    )


@dataclass(frozen=True)
class Delays:
    """Seconds: before every answer; until an accepted operation is done; while a write of an API keeps it busy.

    A write to an API or its children takes time in Azure, and a second one meanwhile is refused. `write` is that time.
    """

    call: float = 0.0
    long_running: float = 0.0
    write: float = 0.0

    def changed_by(self, document: object) -> "Delays":
        """With the delays that a JSON document names. Raises BadFaults."""
        names = {"call": "call", "longRunning": "long_running", "write": "write"}
        if not isinstance(document, dict):
            raise BadFaults(["the body must be an object with call, longRunning, write"])
        problems = [f"{key} is not known; known are {', '.join(names)}" for key in document if key not in names]
        for key, value in document.items():
            if key in names and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
                problems.append(f"{key} must be a number of seconds, not {value!r}")
        if problems:
            raise BadFaults(problems)
        return replace(self, **{names[key]: float(value) for key, value in document.items()})
