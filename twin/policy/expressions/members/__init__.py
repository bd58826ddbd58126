"""Members of .NET types, one file a family; here they are found by type and name."""

from functools import cache

from .. import types as t
from . import (
    addresses,
    calls,
    certificates,
    collections,
    conversions,
    cryptography,
    dates,
    dictionary_members,
    json_members,
    linq,
    mathematics,
    randomness,
    regular_expressions,
    small_collections,
    strings,
    tokens,
    uris,
)
from .signature import Ambient, Member, Parameter, Typed, member, members

__all__ = [
    "Ambient",
    "Member",
    "Parameter",
    "Typed",
    "find",
    "find_constructors",
    "find_setter",
    "member",
    "static_names",
]

_FAMILIES = (
    calls,
    strings,
    mathematics,
    conversions,
    dates,
    dictionary_members,
    collections,
    dictionary_members,
    small_collections,
    linq,
    json_members,
    regular_expressions,
    uris,
    randomness,
    cryptography,
    tokens,
    addresses,
    certificates,
)

_BY_NAME: dict[tuple[str, str], list[Member]] = {}
_SETTERS: dict[tuple[str, str], Member] = {}
for _family in _FAMILIES:
    for _member in (
        *members(_family.MEMBERS),
        *members(getattr(_family, "EXTENSIONS", {}), extension=True),
    ):
        _BY_NAME.setdefault((_member.owner.name, _member.name), []).append(_member)
    for _member in members(getattr(_family, "SETTERS", {})):
        _SETTERS[_member.owner.name, _member.name] = _member


@cache
def find(type: t.Type, name: str, *, static: bool) -> tuple[Member, ...]:
    """The members of that name, those of the type itself first, then those of its bases."""
    found: list[Member] = []
    if static:
        return tuple(m for m in _BY_NAME.get((type.name, name), ()) if m.static)
    for base in t.bases(type):
        for candidate in _BY_NAME.get((base.name, name), ()):
            if not candidate.static and candidate not in found and _fits(candidate.owner, base):
                found.append(candidate)
    return tuple(found)


def _fits(owner: t.Type, base: t.Type) -> bool:
    return t.unify(owner, base, {})


def find_constructors(type: t.Type) -> tuple[Member, ...]:
    return tuple(_BY_NAME.get((type.name, "new"), ()))


def find_setter(type: t.Type, name: str) -> Member | None:
    """What assigns a property, or with `[]` an element."""
    for base in t.bases(type):
        setter = _SETTERS.get((base.name, name))
        if setter is not None and _fits(setter.owner, base):
            return setter
    return None


def static_names(type: t.Type) -> set[str]:
    """The names of a type's static members."""
    return {name for (owner, name), found in _BY_NAME.items() if owner == type.name and found[0].static}
