"""A rule: one small function that looks at one part of a resource, and the record that says why.

The function returns what it found (half a sentence, without the resource's name and without the way out), or None.
Its thresholds are keyword arguments; each has a default here and can be set in the pack's configuration.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pulumi_policy import EnforcementLevel, Severity

from guardrails.reading import Resource
from guardrails.stack import Placed

ADVISORY, MANDATORY = EnforcementLevel.ADVISORY, EnforcementLevel.MANDATORY
LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL

Part = TypeVar("Part")
Finding = str | None

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


@dataclass(frozen=True)
class Setting:
    """A threshold: its default (which also tells its type) and what it means, with its unit."""

    default: Any
    meaning: str

    def schema(self) -> dict[str, Any]:
        of_texts = {"items": {"type": "string"}} if isinstance(self.default, list) else {}
        return {"type": _TYPES[type(self.default)], "default": self.default, "description": self.meaning, **of_texts}

    def accept(self, value: Any) -> Any:
        """A configured value in the default's type (whole numbers arrive as floats)."""
        return int(value) if isinstance(self.default, int) and isinstance(value, float) else value


EXCLUDE = Setting([], "Resources this rule leaves alone: patterns of their names or URNs, such as 'legacy-*'.")


@dataclass(frozen=True)
class Rule:
    """One rule of the pack; `says` is a full sentence that holds what is demanded and why."""

    id: str
    kinds: tuple[str, ...]
    level: EnforcementLevel
    severity: Severity
    says: str
    fix: str
    link: str
    check: Callable[..., Finding]
    each: Callable[[Any], Iterable[Any]]
    whole_stack: bool
    settings: Mapping[str, Setting]
    remediate: Callable[..., Mapping[str, Any] | None] | None = None

    def configured(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The thresholds as keyword arguments: from the configuration, else the defaults."""
        names = {name: camel_case(name) for name in self.settings}
        return {
            name: setting.accept(config[names[name]]) if names[name] in config else setting.default
            for name, setting in self.settings.items()
        }


def camel_case(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def itself(subject: Any) -> list[Any]:
    return [subject]


def resource_rule(
    rule_id: str,
    kinds: str | Sequence[str],
    level: EnforcementLevel,
    severity: Severity,
    *,
    says: str,
    fix: str,
    link: str,
    each: Callable[[Resource], Iterable[Part]] = itself,
    settings: Mapping[str, Setting] | None = None,
    remediate: Callable[..., Mapping[str, Any] | None] | None = None,
) -> Callable[[Callable[..., Finding]], Rule]:
    """A rule over one resource at a time; `each` picks the parts of it that are judged one by one."""

    def make(check: Callable[..., Finding]) -> Rule:
        return Rule(
            rule_id, _tuple(kinds), level, severity, says, fix, link, check, each, False, settings or {}, remediate
        )

    return make


def stack_rule(
    rule_id: str,
    kinds: str | Sequence[str],
    level: EnforcementLevel,
    severity: Severity,
    *,
    says: str,
    fix: str,
    link: str,
    each: Callable[[Placed], Iterable[Part]] = itself,
    settings: Mapping[str, Setting] | None = None,
) -> Callable[[Callable[..., Finding]], Rule]:
    """A rule over relations: each resource of these kinds is seen in its stack."""

    def make(check: Callable[..., Finding]) -> Rule:
        return Rule(rule_id, _tuple(kinds), level, severity, says, fix, link, check, each, True, settings or {})

    return make


def learn(page: str) -> str:
    return f"https://learn.microsoft.com/azure/{page}"


def _tuple(kinds: str | Sequence[str]) -> tuple[str, ...]:
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)
