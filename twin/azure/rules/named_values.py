"""Named values, and the `{{…}}` references to them outside of policies."""

import re
from collections.abc import Iterator
from typing import Any, Final

from ..errors import Refusal, ValidationError
from ..store import Resource
from .proposal import Proposal, View, service_of, siblings

REFERENCE: Final = re.compile(r"{{([A-Za-z0-9-._]+)}}")


def named_value_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a named value."""
    properties = proposal.properties
    name = properties.get("displayName")
    if name is None:
        yield ValidationError.of("displayName", "DisplayName is required.")
    vault = properties.get("keyVault")
    if properties.get("value") is None and vault is None:
        yield ValidationError.of("value", "Value is required, or a keyVault.")
    if properties.get("value") == "":
        yield ValidationError.of("value", "Value must not be empty.")
    if vault is not None and not vault.get("secretIdentifier"):
        yield ValidationError.of("keyVault", "A secretIdentifier is required.")
    if any(str(other.properties.get("displayName")).lower() == str(name).lower() for other in siblings(proposal, view)):
        # Azure/apiops#837.
        yield ValidationError.of("name", "Property with the same name already exist.")


def named(service: str, name: str, view: View) -> Resource | None:
    """The named value that `{{name}}` means: it is found by its display name, with case."""
    found = view.below(service, "apimanagement:NamedValue")
    return next((one for one in found if one.properties.get("displayName") == name), None)


def references(value: Any) -> Iterator[str]:
    """The names in `{{…}}` anywhere in a body."""
    if isinstance(value, str):
        yield from REFERENCE.findall(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from references(item)


def references_problems(proposal: Proposal, view: View, name: str) -> Iterator[Refusal]:
    """Named values that one property refers to and that do not exist. Azure/apiops#491."""
    service = service_of(proposal.path)
    for reference in sorted(set(references(proposal.properties.get(name)))):
        if named(service, reference, view) is None:
            yield ValidationError.of(name, f"Property '{reference}' not found.")
