"""What a person would say of a deployment: one fact for each thing that somebody may care about.

Facts have the same name in two deployments that mean the same, so two lists of them can be compared.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..azure.addresses import parent_of
from ..azure.rules.roles import ASSIGNMENT
from ..azure.store import Resource, Store
from ..policy.formatted import formatted
from ..simulation.deployed import SIMULATED_GROUP
from .names import Names
from .properties import properties_of
from .words import POLICIES, sides_of

_CODE_LINE = re.compile(r"(?<=\S) {8,}(?=\S)")
_FRAGMENT = "apimanagement:PolicyFragment"
_SIMULATED = f"/resourcegroups/{SIMULATED_GROUP}/"


@dataclass(frozen=True, order=True)
class Name:
    """What a fact is about: a thing, such as `backend east`, and its side, such as `circuit breaker`; the side "" is
    the thing itself."""

    thing: str
    side: str


Facts = Mapping[Name, str]


@dataclass(frozen=True)
class Change:
    """One fact or property that was another one (both are given), or is new, or is gone."""

    name: Name
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Deployment:
    """One deployment: what is said of it, the properties that there are no words for, and the text of each policy by
    what it belongs to."""

    facts: Facts
    properties: Facts
    policies: Mapping[str, str]

    @property
    def things(self) -> set[str]:
        return {name.thing for name in self.facts}


def deployment_of(store: Store, given: Collection[str] = ()) -> Deployment:
    """What a local Azure holds, except for what was there before: `given` are ids in lower case."""
    names = Names(store)
    made = [one for one in store.all() if one.id.lower() not in given and not _is_of_the_twin(one)]
    return Deployment(
        _facts(made, names),
        {
            Name(names.thing(one), path): value
            for one in made
            if one.token not in (*POLICIES, ASSIGNMENT)
            for path, value in properties_of(one, names)
        },
        {_owner(one, names): _text(one, names) for one in made if one.token in (*POLICIES, _FRAGMENT)},
    )


def _is_of_the_twin(resource: Resource) -> bool:
    return resource.token.startswith(("directory:", "twin:")) or _SIMULATED in f"{resource.id}/".lower()


def _facts(made: Iterable[Resource], names: Names) -> Facts:
    """Of several resources that have the same to say about the same thing, such as roles, all is said."""
    found: defaultdict[Name, set[str]] = defaultdict(set)
    for one in made:
        thing = names.thing_at(parent_of(one.id)) if one.token == ASSIGNMENT else names.thing(one)
        for side, said in sides_of(one, names):
            found[Name(thing, side)].add(said)
    return {name: " and ".join(sorted(said)) for name, said in found.items()}


def _owner(policy: Resource, names: Names) -> str:
    """What a policy belongs to; a fragment is a thing of its own."""
    return names.thing(policy) if policy.token == _FRAGMENT else names.thing_at(parent_of(policy.id))


def _text(policy: Resource, names: Names) -> str:
    """As Azure gives it back, with code as it is written: line for line the same when nothing has changed.

    The line ends of code in an attribute have become spaces there; they are made line ends again, for the reader.
    """
    written = "rawxml" if policy.private.get("format") == "rawxml" else "xml"
    text = names.steady(formatted(str(policy.private["value"]), written, "rawxml"))
    return _CODE_LINE.sub("\n        ", text.replace("\r\n", "\n").replace("\t", "    "))
