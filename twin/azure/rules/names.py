"""What a resource may be called: lengths and patterns of the last step of its path.

Sources: the path arguments of Microsoft's clients (azure-mgmt-apimanagement 5.0.0, -cognitiveservices 13.7.0), and for
resource groups https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ..errors import InvalidRoleAssignmentId, Refusal, ValidationError
from .proposal import Proposal, View


class _Names(NamedTuple):
    longest: int
    pattern: str


_PLAIN: Final = r"[^*#&+:<>?]+"
_GUID: Final = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)

_ALLOWED: Final = {
    "resources:ResourceGroup": _Names(90, r"[-\w._()]*[-\w_()]"),
    "apimanagement:ApiManagementService": _Names(50, r"[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"),
    # The client says 1 to 80 of anything; the service's page on names and azurerm's pattern say no dots and the like.
    "apimanagement:Backend": _Names(80, r"\w(?:[\w-]*\w)?"),
    "apimanagement:Api": _Names(256, _PLAIN),
    "apimanagement:ApiOperation": _Names(80, _PLAIN),
    "apimanagement:NamedValue": _Names(256, _PLAIN),
    "apimanagement:Subscription": _Names(256, _PLAIN),
    "apimanagement:Logger": _Names(256, _PLAIN),
    "apimanagement:Product": _Names(256, _PLAIN),
    "apimanagement:PolicyFragment": _Names(80, r"\w(?:[\w-]*\w)?"),
    "cognitiveservices:Account": _Names(64, r"[a-zA-Z0-9][a-zA-Z0-9_.-]+"),
    "cognitiveservices:Deployment": _Names(64, r"[a-zA-Z0-9](?:[\w.-]*[a-zA-Z0-9_-])?"),
    "applicationinsights:Component": _Names(260, r"[^%&\\?/]*[^%&\\?/ .]"),
}

_FIXED: Final = {
    "apimanagement:Policy": ("policy",),
    "apimanagement:ProductPolicy": ("policy",),
    "apimanagement:ApiPolicy": ("policy",),
    "apimanagement:ApiOperationPolicy": ("policy",),
    "apimanagement:Diagnostic": ("applicationinsights", "azuremonitor", "local"),
    "apimanagement:ApiDiagnostic": ("applicationinsights", "azuremonitor", "local"),
}


def name_problems(proposal: Proposal, _view: View) -> Iterator[Refusal]:
    """Names that are too long, or that hold what they may not. Existing resources keep their names."""
    token, name = proposal.row.token, proposal.name
    parameter = proposal.row.parameters[-1]
    if token in _FIXED and name.lower() not in _FIXED[token]:
        allowed = " or ".join(f"'{one}'" for one in _FIXED[token])
        yield ValidationError.of(parameter, f"'{name}' is not a valid {parameter}: it must be {allowed}.")
    if token == "authorization:RoleAssignment" and not _GUID.fullmatch(name):
        yield InvalidRoleAssignmentId(name)
    rule = _ALLOWED.get(token)
    if rule is None or proposal.previous is not None:
        return
    if len(name) > rule.longest:
        yield ValidationError.of(parameter, f"'{name}' is too long: at most {rule.longest} characters are allowed.")
    if not re.fullmatch(rule.pattern, name, re.ASCII):
        yield ValidationError.of(parameter, f"'{name}' is not a valid {parameter}: it must match ^{rule.pattern}$.")
