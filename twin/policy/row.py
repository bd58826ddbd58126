"""The shape of a row of the catalogue, and the small notation in which its attributes and children are written.

Attributes are words `name`, with `!` if required, `=` if no expression is allowed, and the kind of value after a
colon: `bool`, `int`, `long`, `number`, `int(1,50)`, `a|b|c` for a choice, `any` where an expression may yield an object
too; text if none is given. `inside` names what may stand inside: `*` for any policy, `**` for any XML, else tags, with
`!` if at least one is needed and `?` if only one is allowed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

SECTIONS = ("inbound", "backend", "outbound", "on-error")
SCOPES = ("global", "workspace", "product", "api", "operation")

EVERY_SCOPE = " ".join(SCOPES)
_ATTRIBUTE = re.compile(r"(?P<name>[\w-]+)(?P<required>!?)(?P<literal>=?)(?::(?P<kind>.+))?")
_RANGE = re.compile(r"(?P<kind>\w+)\((?P<low>\d+),(?P<high>\d+)\)")


@dataclass(frozen=True)
class AttributeRule:
    """One attribute of a row. `kind` is text, any, bool, int, long, number or choice; the bounds are included."""

    name: str
    required: bool = False
    expressions: bool = True
    kind: str = "text"
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class ChildRule:
    tag: str
    required: bool = False
    once: bool = False


@dataclass(frozen=True)
class Row:
    """One element. `sections` is empty for what stands only inside another element; `once` is per section or policy."""

    path: str
    sections: str = ""
    attribute_words: str = ""
    inside: str = ""
    text: bool = False
    once: str = ""
    scopes: str = EVERY_SCOPE
    needs_one_of: str = ""
    not_both: str = ""
    open: bool = False

    @property
    def tag(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_policy(self) -> bool:
        return "/" not in self.path

    @cached_property
    def attributes(self) -> Mapping[str, AttributeRule]:
        rules = [_attribute(word) for word in self.attribute_words.split()]
        if self.is_policy:
            rules.append(AttributeRule("id"))
        return {rule.name: rule for rule in rules}

    @cached_property
    def children(self) -> Mapping[str, ChildRule]:
        words = [] if "*" in self.inside else self.inside.split()
        rules = [ChildRule(word.rstrip("!?"), "!" in word, "?" in word) for word in words]
        return {rule.tag: rule for rule in rules}

    @property
    def holds_policies(self) -> bool:
        return self.inside == "*"

    @property
    def holds_anything(self) -> bool:
        return self.open or self.inside == "**"


def _attribute(word: str) -> AttributeRule:
    match = _ATTRIBUTE.fullmatch(word)
    if match is None:
        raise ValueError(f"not an attribute of a row: {word!r}")
    name, kind = match["name"], match["kind"] or "text"
    required, expressions = bool(match["required"]), not match["literal"]
    if "|" in kind:
        return AttributeRule(name, required, expressions, "choice", tuple(kind.split("|")))
    if bounds := _RANGE.fullmatch(kind):
        low, high = int(bounds["low"]), int(bounds["high"])
        return AttributeRule(name, required, expressions, bounds["kind"], (), low, high)
    return AttributeRule(name, required, expressions, kind)
