"""Properties with a closed list of values, by Microsoft's own enumerations.

Models carry no enumerations, only the client's module of enums does, so which list a property takes is said here.
"""

import functools
import importlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..errors import Refusal, ValidationError
from .proposal import Proposal, View

_DIAGNOSTIC: Final = {
    "properties.alwaysLog": "AlwaysLog",
    "properties.httpCorrelationProtocol": "HttpCorrelationProtocol",
    "properties.verbosity": "Verbosity",
    "properties.operationNameFormat": "OperationNameFormat",
    "properties.sampling.samplingType": "SamplingType",
}

_LISTS: Final[Mapping[str, Mapping[str, str]]] = {
    "apimanagement:ApiManagementService": {
        "identity.type": "ApimIdentityType",
        "properties.virtualNetworkType": "VirtualNetworkType",
        "properties.publicNetworkAccess": "PublicNetworkAccess",
    },
    "apimanagement:Backend": {"properties.type": "BackendType"},
    "apimanagement:Api": {"properties.type": "ApiType", "properties.protocols": "Protocol"},
    "apimanagement:Subscription": {"properties.state": "SubscriptionState"},
    "apimanagement:Logger": {"properties.loggerType": "LoggerType"},
    "apimanagement:Product": {"properties.state": "ProductState"},
    "apimanagement:Diagnostic": _DIAGNOSTIC,
    "apimanagement:ApiDiagnostic": _DIAGNOSTIC,
}


@functools.cache
def _allowed(enumeration: str) -> list[str]:
    # Imported at first use: the models of API Management take 0.3 s.
    models = importlib.import_module("azure.mgmt.apimanagement.models")
    return [choice.value for choice in getattr(models, enumeration)]


def choice_problems(proposal: Proposal, _view: View) -> Iterator[Refusal]:
    """Values that are not on their list. Azure compares without regard to case."""
    for path, enumeration in _LISTS.get(proposal.row.token, {}).items():
        steps = path.split(".")
        found: Any = functools.reduce(lambda inner, step: (inner or {}).get(step), steps, proposal.body)
        allowed = _allowed(enumeration)
        for value in found if isinstance(found, list) else [found]:
            if value is not None and str(value).lower() not in [choice.lower() for choice in allowed]:
                either = " or ".join(f"'{choice}'" for choice in allowed)
                yield ValidationError.of(steps[-1], f"'{value}' is not a valid {steps[-1]}: it must be {either}.")
