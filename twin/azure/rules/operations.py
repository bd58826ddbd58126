"""Operations of an API."""

import re
from collections.abc import Iterator
from typing import Final

from ..errors import Refusal, ValidationError
from .proposal import Proposal, View, siblings

_TEMPLATE_PARAMETER: Final = re.compile(r"{\*?([^{}]+)}")
_METHOD: Final = re.compile(r"[A-Za-z]+|\*")


def operation_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in an operation."""
    properties = proposal.properties
    for name in ("displayName", "method", "urlTemplate"):
        if properties.get(name) is None:
            yield ValidationError.of(name, f"{name[0].upper()}{name[1:]} is required.")
    template, method = properties.get("urlTemplate") or "", properties.get("method") or ""
    if method and not _METHOD.fullmatch(method):
        yield ValidationError.of("method", f"'{method}' is not a valid HTTP method.")
    if template and not template.startswith("/"):
        yield ValidationError.of("urlTemplate", f"UrlTemplate '{template}' must start with '/'.")
    if _used(template) != _defined(proposal):
        # Azure/azure-sdk-for-net#35802. `{*path}` is the parameter `path`: hashicorp/terraform-provider-azurerm#29895.
        yield ValidationError.of(
            "",
            "All template parameters used in the UriTemplate must be defined in the Operation"
            f" '{properties.get('displayName')}', and vice-versa.",
        )
    for other in siblings(proposal, view):
        same = (other.properties.get("method", "").upper(), _shape(other.properties.get("urlTemplate", "")))
        if same == (method.upper(), _shape(template)):
            yield ValidationError.of(
                "urlTemplate",
                f"Operation '{other.name}' with the same method and UrlTemplate already exists: {method} {template}",
            )


def _used(template: str) -> list[str]:
    return sorted(set(_TEMPLATE_PARAMETER.findall(template)))


def _defined(proposal: Proposal) -> list[str]:
    return sorted(str(one.get("name")).lstrip("*") for one in proposal.properties.get("templateParameters") or [])


def _shape(template: str) -> str:
    """The template without the names of its parameters: two that differ only there answer the same calls."""
    return re.sub(r"{(\*?)[^{}]+}", r"{\1}", template).lower()
