"""Faults as JSON documents: what `faults.py` describes, checked with every problem at once. Pure."""

import difflib
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .faults import CONNECTIONS, Fault

EFFECTS: Final = (
    "status",
    "latency",
    "connection",
    "tokensPerSecond",
    "cutAfter",
    "tokensPerMinute",
    "saysWait",
    "identity",
)
_KEYS: Final = (*EFFECTS, "retryAfter", "deployment", "for", "count", "share")
_WHOLE: Final = {
    "status": (400, 599),
    "cutAfter": (0, math.inf),
    "tokensPerMinute": (1, math.inf),
    "count": (1, math.inf),
}
_CHOICES: Final = {"connection": CONNECTIONS, "identity": ("refused",)}


class BadFault(Exception):
    """Every problem of a fault, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def fault_from(document: object, now: float) -> Fault:
    """The fault that a document describes, its time counted from `now`. Raises BadFault."""
    if not isinstance(document, Mapping):
        raise BadFault(['a fault must be an object, such as {"status": 503}'])
    problems = [*_problems_of_keys(document), *_problems_of_values(document)]
    if problems:
        raise BadFault(problems)
    return Fault(
        status=document.get("status"),
        retry_after=document.get("retryAfter"),
        latency=document.get("latency"),
        connection=document.get("connection"),
        tokens_per_second=document.get("tokensPerSecond"),
        cut_after=document.get("cutAfter"),
        tokens_per_minute=document.get("tokensPerMinute"),
        says_wait=document.get("saysWait"),
        identity=document.get("identity"),
        deployment=document.get("deployment", ""),
        until=now + document.get("for", math.inf),
        count=document.get("count"),
        share=document.get("share", 1.0),
    )


def _problems_of_keys(document: Mapping[str, Any]) -> Iterator[str]:
    for key in document:
        if key not in _KEYS:
            near = difflib.get_close_matches(str(key), _KEYS, 1)
            yield f"{key} is not known" + (f"; did you mean {near[0]}?" if near else f"; known are {', '.join(_KEYS)}")
    given = [key for key in EFFECTS if key in document]
    if len(given) != 1:
        yield f"it must have exactly one of {', '.join(EFFECTS)}, not {' and '.join(given) or 'none'}"
    if "retryAfter" in document and "status" not in document:
        yield "retryAfter goes with status only"


def _problems_of_values(document: Mapping[str, Any]) -> Iterator[str]:
    for key, value in document.items():
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else -1.0
        least, most = _WHOLE.get(key, (0, 0))
        if key in _WHOLE and not (isinstance(value, int) and least <= number <= most):
            yield f"{key} is {value!r}: it must be a whole number{_range(least, most)}"
        elif key in _CHOICES and value not in _CHOICES[key]:
            yield f"{key} is {value!r}: it must be {_either(_CHOICES[key])}"
        elif key in ("latency", "retryAfter", "saysWait") and not 0 <= number < math.inf:
            yield f"{key} is {value!r}: it must be a number of seconds, 0 or more"
        elif key in ("for", "tokensPerSecond") and not 0 < number < math.inf:
            yield f"{key} is {value!r}: it must be a number above 0"
        elif key == "share" and not 0 < number <= 1:
            yield f"share is {value!r}: it must be a number above 0 and up to 1"
        elif key == "deployment" and not (isinstance(value, str) and value):
            yield f"deployment is {value!r}: it must be a name"


def _range(least: float, most: float) -> str:
    return f", {least:g} or more" if most == math.inf else f" from {least:g} to {most:g}"


def _either(choices: tuple[str, ...]) -> str:
    return " or ".join(choices)
