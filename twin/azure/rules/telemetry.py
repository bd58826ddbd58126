"""Loggers and diagnostics."""

from collections.abc import Iterator, Mapping
from typing import Final

from ..errors import Refusal, ValidationError
from ..store import Resource
from .named_values import references_problems
from .proposal import Proposal, View, service_of, within

# What credentials each type of logger needs: one of these sets of names. apim_facts G1, G3.
_CREDENTIALS: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    "applicationinsights": (frozenset({"instrumentationKey"}), frozenset({"connectionString"})),
    "azureeventhub": (frozenset({"name", "connectionString"}), frozenset({"name", "endpointAddress"})),
}


def logger_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a logger."""
    properties = proposal.properties
    kind = properties.get("loggerType")
    if kind is None:
        yield ValidationError.of("loggerType", "LoggerType is required.")
    needed = _CREDENTIALS.get(str(kind).lower(), ())
    given = {name for name, value in (properties.get("credentials") or {}).items() if value}
    if needed and not any(names <= given for names in needed):
        either = " or ".join(" and ".join(sorted(names)) for names in needed)
        yield ValidationError.of("credentials", f"A logger of type '{kind}' needs {either}.")
    yield from references_problems(proposal, view, "credentials")


def diagnostic_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in a diagnostic of an API or of the whole service."""
    properties = proposal.properties
    service = service_of(proposal.path)
    reference = properties.get("loggerId")
    if reference is None:
        if proposal.name.lower() != "local":  # hashicorp/terraform-provider-azurerm#29068
            # Azure/azure-api-management-devops-resource-kit#820.
            yield ValidationError.of("loggerId", "LoggerId must be specified.")
    else:
        path = within(service, str(reference), "loggers")
        if path is None or view.get(path) is None:
            # Azure/apiops#748.
            yield ValidationError.of("loggerId", f"Logger Id '{str(reference).rpartition('/')[2]}' does not exist")


def diagnostics_of(logger: Resource, view: View) -> list[Resource]:
    """The diagnostics, of APIs and of the service, that write to this logger."""
    return [
        found
        for found in view.below(service_of(logger.id))
        if found.token in ("apimanagement:ApiDiagnostic", "apimanagement:Diagnostic")
        and str(found.properties.get("loggerId")).lower() == logger.id.lower()
    ]
