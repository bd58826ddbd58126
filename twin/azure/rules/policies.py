"""Policies and policy fragments. What their language allows is twin/policy's business."""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from ...policy.check import policy_problems
from ...policy.document import Format
from ...policy.references import Kind
from ...policy.structure import Scope
from ...policy.support import unsupported
from ..errors import Refusal, ValidationError
from ..store import Resource
from .named_values import named
from .proposal import Proposal, View, service_of

FRAGMENT: Final = "apimanagement:PolicyFragment"
SCOPES: Final[Mapping[str, Scope]] = {
    "apimanagement:Policy": "global",
    "apimanagement:ProductPolicy": "product",
    "apimanagement:ApiPolicy": "api",
    "apimanagement:ApiOperationPolicy": "operation",
    FRAGMENT: "fragment",
}

_LINKS: Final = ("xml-link", "rawxml-link")
_LARGEST_IN_CONSUMPTION: Final = 16 * 1024  # apim_facts C36


def policy_rules(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a policy of any scope, or in a fragment."""
    properties = proposal.properties
    text, written_as = properties.get("value"), str(properties.get("format") or "xml")
    if written_as in _LINKS:
        yield ValidationError.of("format", "This local Azure fetches no policies from links: use 'xml' or 'rawxml'.")
    elif written_as not in get_args(Format):
        yield ValidationError.of("format", f"'{written_as}' is not a valid format: it must be 'xml' or 'rawxml'.")
    elif not text:
        yield ValidationError.of("value", "Value is required.")
    else:
        yield from _of_text(proposal, text, written_as, view)


def _of_text(proposal: Proposal, text: str, written_as: str, view: View) -> Iterator[Refusal]:
    path = service_of(proposal.path)
    service = view.get(path)
    tier = (service.body.get("sku") or {}).get("name") if service else None
    largest = _LARGEST_IN_CONSUMPTION if tier == "Consumption" else None
    scope = SCOPES[proposal.row.token]
    problems = policy_problems(
        text, _format(written_as), scope, lambda kind, name: exists(path, kind, name, view), largest=largest
    )
    for problem in [*problems, *unsupported(text, _format(written_as))]:
        yield ValidationError.of(problem.target, problem.message)


def exists(service: str, kind: Kind, name: str, view: View) -> bool:
    """Whether the service has a backend, fragment or named value that a policy names."""
    if kind == "named value":
        return named(service, name, view) is not None
    collection = "backends" if kind == "backend" else "policyFragments"
    return view.get(f"{service}/{collection}/{name}") is not None


def names_used(policy: Resource) -> set[tuple[Kind, str]]:
    """The (kind, name in lower case) pairs that a policy or fragment names: all that its check asks for."""
    asked: set[tuple[Kind, str]] = set()

    def remember(kind: Kind, name: str) -> bool:
        asked.add((kind, name.lower()))
        return True

    text = str(policy.private.get("value"))
    policy_problems(text, _format(str(policy.private.get("format"))), SCOPES[policy.token], remember)
    return asked


def policies_naming(service: str, kind: Kind, name: str, view: View) -> list[Resource]:
    """The policies and fragments of a service that name a backend, a fragment or a named value."""
    found = [one for one in view.below(service) if one.token in SCOPES]
    return [one for one in found if (kind, name.lower()) in names_used(one)]


def _format(written_as: str) -> Format:
    return "rawxml" if written_as == "rawxml" else "xml"
