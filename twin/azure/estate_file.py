"""What an estate file may hold: its keys, which of them must be there, and what their values must be. Pure."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_GUID: Final = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("subscription", "name", "principals", "identities", "resourceGroups"),
    "identities": ("id", "principalId", "clientId"),
    "resourceGroups": ("name", "location", "tags", "accounts", "applicationInsights", "services"),
    "accounts": (
        *("name", "location", "kind", "sku", "customSubDomainName", "disableLocalAuth", "tags"),
        *("deployments", "latency", "burst"),
    ),
    "deployments": ("name", "model", "version", "sku", "capacity"),
    "latency": ("firstToken", "spread", "tokensPerSecond", "error"),
    "applicationInsights": ("name", "location", "tags"),
    "services": ("name", "location", "sku", "capacity", "tags"),
}
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "identities": ("id", "principalId", "clientId"),
    "resourceGroups": ("name", "location"),
    "accounts": ("name",),
    "deployments": ("name",),
    "applicationInsights": ("name",),
    "services": ("name",),
}
_LISTS: Final = (
    *("principals", "identities", "resourceGroups"),
    *("accounts", "deployments", "applicationInsights", "services"),
)
_TEXTS: Final = ("name", "location", "kind", "sku", "customSubDomainName", "id", "model", "version")
_SECONDS: Final = ("firstToken", "spread", "error")  # and a measure of how seconds vary: 0 or more
_RATES: Final = ("tokensPerSecond", "burst")


def problems_of(estate: object) -> list[str]:
    """All that is wrong with the document, before anybody asks Azure."""
    return list(_problems(estate, "", ""))


def _problems(value: Any, kind: str, at: str) -> Iterator[str]:
    """Unknown and missing keys, and values of the wrong kind, at any depth."""
    if not isinstance(value, dict):
        yield f"{at or 'the file'} must hold keys and values, not {value!r}"
        return
    for key in value:
        if key not in _KEYS[kind]:
            near = difflib.get_close_matches(str(key), _KEYS[kind], 1)
            hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(_KEYS[kind])}"
            yield f"{_at(at, key)} is not known{hint}"
    yield from (f"{_at(at, key)} is missing" for key in _REQUIRED.get(kind, ()) if value.get(key) in (None, ""))
    for key, inner in value.items():
        yield from _problems_of_key(str(key), inner, _at(at, key))


def _problems_of_key(key: str, value: Any, at: str) -> Iterator[str]:
    if key in _LISTS and value is not None:
        if not isinstance(value, list):
            yield f"{at} must be a list"
            return
        for index, entry in enumerate(value):
            if key != "principals":
                yield from _problems(entry, key, f"{at}[{index}]")
            elif not _GUID.fullmatch(str(entry)):
                yield f"{at}[{index}] is {entry!r}: it must be a GUID"
        return
    if key == "latency":
        yield from _problems(value, key, at)
        return
    problem = _problem_of_value(key, value)
    if problem:
        yield f"{at} {problem}"


def _problem_of_value(key: str, value: Any) -> str:
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else -1.0
    match key:
        case "subscription" | "principalId" | "clientId" if not _GUID.fullmatch(str(value)):
            return f"is {value!r}: it must be a GUID"
        case "tags" if not isinstance(value, dict | None):
            return f"must hold names and values, not {value!r}"
        case "disableLocalAuth" if not isinstance(value, bool):
            return f"is {value!r}: it must be true or false"
        case "capacity" if not isinstance(value, int) or isinstance(value, bool):
            return f"is {value!r}: it must be a whole number"
        case _ if key in _SECONDS and number < 0:
            return f"is {value!r}: it must be a number, 0 or more"
        case _ if key in _RATES and number <= 0:
            return f"is {value!r}: it must be a number above 0"
        case _ if key in _TEXTS and not isinstance(value, str | None):
            return f"is {value!r}: it must be a text (put it in quotes)"
    return ""


def _at(at: str, key: object) -> str:
    return f"{at}.{key}" if at else str(key)
