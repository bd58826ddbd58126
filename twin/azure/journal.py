"""What was asked of Azure, oldest first, for tests and people to read. Secrets are masked before they are kept."""

from collections.abc import Mapping
from typing import Any, Final

from .messages import Call

MASK: Final = "***"

# Names, in lower case, whose values never belong in a log, wherever they stand in a body.
_SECRET_NAMES: Final = frozenset(
    {
        "primarykey",
        "secondarykey",
        "client_secret",
        "client_assertion",
        "instrumentationkey",
        "connectionstring",
        "password",
        "key1",
        "key2",
    }
)


class Journal:
    """The calls since the start or since it was last emptied."""

    def __init__(self) -> None:
        self._entries: list[dict[str, Any]] = []

    def append(self, call: Call, status: int) -> None:
        """Keep a call; status 0 means that the connection was cut."""
        self._entries.append(
            {
                "method": call.method,
                "path": call.path,
                "query": dict(call.query),
                "body": masked(call.body),
                "status": status,
            }
        )

    def entries(self) -> list[dict[str, Any]]:
        return list(self._entries)

    def clear(self) -> None:
        self._entries.clear()


def masked(body: object) -> Any:
    """A copy of a body without its secrets: keys and passwords by name, and the value of a secret named value."""
    if isinstance(body, list):
        return [masked(item) for item in body]
    if not isinstance(body, Mapping):
        return body
    secret_value = body.get("secret") is True
    return {
        name: MASK if _is_secret(name, value) or (secret_value and name == "value") else masked(value)
        for name, value in body.items()
    }


def _is_secret(name: object, value: object) -> bool:
    return isinstance(value, str) and str(name).lower() in _SECRET_NAMES
