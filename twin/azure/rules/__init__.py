"""What Azure refuses. One family of rules a file; which rules a type has is said in the two tables here."""

from collections.abc import Mapping
from typing import Final

from ..errors import Refusal, merged
from ..store import Resource
from .accounts import account_problems, deployment_problems
from .apis import api_problems
from .backends import backend_problems
from .breakers import breaker_problems
from .choices import choice_problems
from .models import model_problems
from .named_values import named_value_problems
from .names import name_problems
from .operations import operation_problems
from .policies import policy_rules
from .proposal import DeleteRule, Proposal, Rule, View
from .references import backend_in_use, fragment_in_use, logger_in_use, named_value_in_use, product_in_use
from .roles import role_problems
from .services import group_location_problems, location_problems, service_problems
from .subscriptions import product_api_problems, product_problems, subscription_problems
from .telemetry import diagnostic_problems, logger_problems

_SHAPE: Final[tuple[Rule, ...]] = (name_problems, model_problems)

_PUT: Final[Mapping[str, tuple[Rule, ...]]] = {
    "apimanagement:ApiManagementService": (service_problems, location_problems),
    "apimanagement:Backend": (backend_problems, breaker_problems),
    "apimanagement:Api": (api_problems,),
    "apimanagement:ApiOperation": (operation_problems,),
    "apimanagement:Policy": (policy_rules,),
    "apimanagement:ProductPolicy": (policy_rules,),
    "apimanagement:ApiPolicy": (policy_rules,),
    "apimanagement:ApiOperationPolicy": (policy_rules,),
    "apimanagement:PolicyFragment": (policy_rules,),
    "apimanagement:NamedValue": (named_value_problems,),
    "apimanagement:Subscription": (subscription_problems,),
    "apimanagement:Product": (product_problems,),
    "apimanagement:ProductApi": (product_api_problems,),
    "apimanagement:Logger": (logger_problems,),
    "apimanagement:Diagnostic": (diagnostic_problems,),
    "apimanagement:ApiDiagnostic": (diagnostic_problems,),
    "cognitiveservices:Account": (account_problems, location_problems),
    "cognitiveservices:Deployment": (deployment_problems,),
    "authorization:RoleAssignment": (role_problems,),
    "applicationinsights:Component": (location_problems,),
    "resources:ResourceGroup": (group_location_problems,),
}

_DELETE: Final[Mapping[str, DeleteRule]] = {
    "apimanagement:Backend": backend_in_use,
    "apimanagement:PolicyFragment": fragment_in_use,
    "apimanagement:NamedValue": named_value_in_use,
    "apimanagement:Logger": logger_in_use,
    "apimanagement:Product": product_in_use,
}


def refusal_of_put(proposal: Proposal, view: View) -> Refusal | None:
    """Why Azure refuses the proposal, if it does. A body of the wrong shape is not looked at any further."""
    shape = merged(refusal for rule in _SHAPE for refusal in rule(proposal, view))
    if shape is not None:
        return shape
    rules = (choice_problems, *_PUT.get(proposal.row.token, ()))
    return merged(refusal for rule in rules for refusal in rule(proposal, view))


def refusal_of_delete(resource: Resource, view: View) -> Refusal | None:
    """Why Azure refuses to delete the resource, if it does."""
    rule = _DELETE.get(resource.token)
    return None if rule is None else merged(rule(resource, view))
