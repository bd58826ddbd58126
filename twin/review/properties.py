"""The properties of any resource as lines of text, for what facts.py has no words for.

Left out is what Azure sets and no program: states, dates, who made it. Secrets are not told and not compared.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from ..azure.store import Resource
from .names import SERVICE, Names

# What facts.py tells of a type, as paths of properties.
_TOLD: Final = {
    SERVICE: r"sku\..*|identity\..*|\w+Url|publicIPAddresses|platformVersion",
    "apimanagement:Backend": r"type|url|pool\.services\..*|circuitBreaker\.rules\.\d+\.(tripDuration|acceptRetryAfter|"
    r"failureCondition\.(count|interval|statusCodeRanges\..*))",
    "apimanagement:Api": r"path|subscriptionRequired|subscriptionKeyParameterNames\.header",
    "apimanagement:ApiOperation": r"method|urlTemplate",
    "apimanagement:Subscription": r"scope|state",
}
_OF_AZURE: Final = re.compile(
    r"systemData\..*|provisioningState|targetProvisioningState|etag|created(At|By|On)|updated(At|By|On)|internalId",
    re.IGNORECASE,
)
_TLS: Final = "customProperties.Microsoft.WindowsAzure.ApiManagement.Gateway.Security."
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*")
_SECRET: Final = re.compile(
    r"(.*\.)?(credentials\..*|\w*(password|secret|connectionString|instrumentationKey|primaryKey|secondaryKey))",
    re.IGNORECASE,
)
HIDDEN: Final = "not shown"


def properties_of(resource: Resource, names: Names) -> Iterator[tuple[str, str]]:
    """(Path, value) of each property that facts.py does not tell."""
    told = re.compile(_TOLD.get(resource.token, r"(?!)"))
    for path, value in _leaves(resource.body, ""):
        path = path.removeprefix("properties.")
        if not told.fullmatch(path) and not _OF_AZURE.fullmatch(path) and not _is_date(value):
            yield path.replace(_TLS, "security."), _text(path, value, names)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """What is empty is as if it were not there: Azure gives back either."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, f"{path}.{number}")
    elif value not in (None, "", []):
        yield path, value


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _text(path: str, value: Any, names: Names) -> str:
    """A reference to a named value is no secret."""
    shown = ", ".join(_shown(one) for one in value) if isinstance(value, list) else _shown(value)
    if _SECRET.fullmatch(path) and not isinstance(value, bool) and "{{" not in shown:
        return HIDDEN
    return names.plain(shown)
