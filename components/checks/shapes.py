"""The kinds of values that inputs are made of.

The shape of all inputs is plain: lists, mappings, whole numbers and flags are known before anything is deployed, so
that the number of resources is known in the first preview. A text may be the output of another resource; it is then
known only during the deployment, and no rule is asked about it. Where names of resources derive from a text, or where
rules decide by it, the text is plain too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from .place import Place

Rule: TypeAlias = Callable[[Any, Place], Iterable[str]]
"""Yields one sentence a problem. A rule of a list or a mapping may meet entries of any kind: those of a wrong kind
were reported where they stand, and the rule passes over them (reading.py)."""


def no_rule(_value: Any, _place: Place) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Text:
    rule: Rule = no_rule
    plain: bool = False
    blank: bool = False
    example: str = ""
    canonical: Callable[[str], str] = str
    """Writes a text that follows the rule in the one form that Azure is given."""


@dataclass(frozen=True)
class Whole:
    """A whole number. 2.0 is one as well: other languages and Pulumi's wire know only doubles."""

    least: int
    most: int


@dataclass(frozen=True)
class Flag:
    pass


@dataclass(frozen=True)
class ListOf:
    item: "Kind"
    rule: Rule = no_rule


@dataclass(frozen=True)
class MapOf:
    """A mapping whose keys are the user's own."""

    item: "Kind"
    rule: Rule = no_rule


@dataclass(frozen=True)
class Shape:
    """A mapping whose keys are declared.

    `instead` names a key that stands for all others: where it is given, the others are neither needed nor allowed.
    `handed_down` gives entries what they have from the mapping as a whole, before defaults are filled in.
    """

    keys: "Mapping[str, Key]"
    rule: Rule = no_rule
    instead: str = ""
    example: str = ""
    handed_down: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict


Kind: TypeAlias = Text | Whole | Flag | ListOf | MapOf | Shape


@dataclass(frozen=True)
class Key:
    """`needed` is what to do when the key is missing; a key without it may be left out.

    `default` is the value of a key that was left out: a plain value, or a function of the mapping it is missing from.
    None stands for no default.
    """

    kind: Kind
    needed: str = ""
    default: object = None


def known_later(value: object) -> bool:
    """Whatever is not made of plain data is the output of some resource."""
    return not isinstance(value, str | int | float | Mapping | list | tuple | None)
