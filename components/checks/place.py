"""Where a problem was found, and the sentence it is told in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

LONGEST_QUOTE = 120


@dataclass(frozen=True)
class Place:
    """A path into the inputs in camelCase, such as `backends[1].account.resourceGroup`.

    `entry` is the name of the list entry the path leads through: people know their backends by name, not by number.
    """

    path: str = ""
    entry: str = ""

    def key(self, key: object) -> "Place":
        name = str(key)
        if not name.isidentifier():
            return replace(self, path=f"{self.path}[{quoted(name)}]")
        entry = "" if name == "name" and self.path.endswith("]") else self.entry
        return Place(f"{self.path}.{name}" if self.path else name, entry)

    def item(self, index: int, value: object = None) -> "Place":
        name = value.get("name") if isinstance(value, Mapping) else None
        return Place(f"{self.path}[{index}]", name if isinstance(name, str) else self.entry)

    def refuse(self, found: str, allowed: str, advice: str) -> str:
        """One problem: what was found, what is allowed, what to do."""
        return f"{self}: found {found}; {allowed}. {advice}"

    def advise(self, sentences: str) -> str:
        """One warning: what will happen and what to do about it."""
        return f"{self}: {sentences}"

    def __str__(self) -> str:
        path = self.path or "inputs"
        return f"{path} ({quoted(self.entry)})" if self.entry else path


def quoted(value: object) -> str:
    """A value as a person would write it in YAML or JSON, cut where it is too long to read."""
    if isinstance(value, str):
        text = value if len(value) <= LONGEST_QUOTE else value[:LONGEST_QUOTE] + "…"
        # Control characters and broken Unicode must not reach a terminal as they are.
        return json.dumps(text, ensure_ascii=not text.isprintable())
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 64 else "a whole number beyond 64 bits"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    return "the output of a resource"


def write(suggestion: str, otherwise: str) -> str:
    """The advice to write this instead, where something to write is known."""
    return f"Write {quoted(suggestion)}." if suggestion else otherwise
