"""What Azure makes of a body that it accepts: computed properties, defaults, secrets set apart."""

from collections.abc import Mapping
from typing import Final

from ..rules.proposal import Proposal, View
from .apis import (
    complete_api,
    complete_backend,
    complete_diagnostic,
    complete_fragment,
    complete_operation,
    complete_policy,
    complete_product,
    complete_product_api,
)
from .completion import Body, Circumstances, Completed, Completion
from .elsewhere import (
    complete_account,
    complete_assignment,
    complete_component,
    complete_deployment,
    complete_group,
)
from .secrets import complete_logger, complete_named_value, complete_subscription
from .service import complete_service

__all__ = ["Circumstances", "Completed", "complete"]

_COMPLETIONS: Final[Mapping[str, Completion]] = {
    "resources:ResourceGroup": complete_group,
    "apimanagement:ApiManagementService": complete_service,
    "apimanagement:Backend": complete_backend,
    "apimanagement:Api": complete_api,
    "apimanagement:ApiOperation": complete_operation,
    "apimanagement:Policy": complete_policy,
    "apimanagement:ProductPolicy": complete_policy,
    "apimanagement:ApiPolicy": complete_policy,
    "apimanagement:ApiOperationPolicy": complete_policy,
    "apimanagement:PolicyFragment": complete_fragment,
    "apimanagement:Diagnostic": complete_diagnostic,
    "apimanagement:ApiDiagnostic": complete_diagnostic,
    "apimanagement:Product": complete_product,
    "apimanagement:ProductApi": complete_product_api,
    "apimanagement:NamedValue": complete_named_value,
    "apimanagement:Subscription": complete_subscription,
    "apimanagement:Logger": complete_logger,
    "cognitiveservices:Account": complete_account,
    "cognitiveservices:Deployment": complete_deployment,
    "applicationinsights:Component": complete_component,
    "authorization:RoleAssignment": complete_assignment,
}


def complete(proposal: Proposal, body: Body, circumstances: Circumstances, view: View) -> Completed:
    """What Azure keeps of an accepted body. A type without a line here is kept as it was sent."""
    completion = _COMPLETIONS.get(proposal.row.token)
    return completion(proposal, body, circumstances, view) if completion else Completed(body)
