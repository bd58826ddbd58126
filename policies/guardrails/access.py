"""What the gateway's identity may do, and that it is used."""

from functools import partial

from guardrails.accounts import account_of
from guardrails.kinds import ACCOUNT, FRAGMENTS, POLICIES, ROLE_ASSIGNMENT, SERVICE
from guardrails.reading import Resource
from guardrails.rule import HIGH, MANDATORY, Finding, Setting, learn, stack_rule
from guardrails.scopes import UNSEEN, holds_for, reached, steps
from guardrails.stack import Placed, Stack

OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
ROLES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
    "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68": "Cognitive Services Contributor",
    "a97b65f3-24c7-4388-baec-2e87135dc908": "Cognitive Services User",
    "a001fd3d-188f-4b5d-821b-7da978bf7442": "Cognitive Services OpenAI Contributor",
    "64702f94-c441-49e6-a78b-ef80e0188fee": "Azure AI Developer",
}


@stack_rule(
    "openai-role-is-least",
    ROLE_ASSIGNMENT,
    MANDATORY,
    HIGH,
    says="The role on an Azure OpenAI account is the least that can call models: wider ones may read keys, change "
    "deployments or grant roles.",
    fix="Assign Cognitive Services OpenAI User (5e0bd9bd-7b93-4f28-af87-19fc36ad61bd).",
    link=learn("role-based-access-control/built-in-roles/ai-machine-learning"),
    settings={
        "refused_roles": Setting(list(ROLES), "The role definitions (GUIDs) that are too wide for anybody."),
        "gateway_roles": Setting([OPENAI_USER], "The only roles (GUIDs) that a gateway may have on an account."),
    },
)
def role_is_least(assignment: Placed, refused_roles: list[str], gateway_roles: list[str]) -> Finding:
    """The role decides as far as it can: a preview mostly knows it, and often does not know the scope."""
    for_gateway, only_up_knows = _is_for_gateway(assignment), _has_unknown_scope(assignment)
    if not for_gateway and not only_up_knows and not _is_on_account(assignment):
        return None
    role = (assignment.resource.props.text("roleDefinitionId") or "").lower().rsplit("/", 1)[-1]
    if role in map(str.lower, gateway_roles):
        return None
    if role in map(str.lower, refused_roles):
        too_wide = for_gateway or _is_on_account(assignment)
    else:  # mostly a role on a vault or a store, so an unknown scope is no reason to ask
        too_wide = for_gateway and not only_up_knows and _is_on_account(assignment)
    return f"roleDefinitionId is {ROLES.get(role, role)}" if too_wide else None


@stack_rule(
    "apim-policy-uses-identity",
    tuple(kind for kind in POLICIES if kind not in FRAGMENTS),
    MANDATORY,
    HIGH,
    says="A policy that sends calls to an account without keys signs in with the managed identity: the account takes "
    "nothing else.",
    fix='Add <authentication-managed-identity resource="https://cognitiveservices.azure.com" /> to inbound.',
    link=learn("api-management/authentication-managed-identity-policy"),
)
def policy_uses_identity(policy: Placed) -> Finding:
    accounts = {
        account.urn: account for account in map(partial(_keyless_account, policy.stack), reached(policy)) if account
    }
    if not accounts:
        return None
    if holds_for(policy, partial(_signs_in, policy.stack), unseen=True):
        return None
    names = ", ".join(account.label for account in accounts.values())
    return f"it sends calls to {names}, where properties.disableLocalAuth is true, without a token"


def _is_on_account(assignment: Placed) -> bool:
    if assignment.stack.behind(assignment.resource, "scope", ACCOUNT):
        return True
    return "/microsoft.cognitiveservices/accounts/" in (assignment.resource.props.text("scope") or "").lower()


def _has_unknown_scope(assignment: Placed) -> bool:
    """Whether only `up` will know the scope, and no account of the stack is seen behind it."""
    seen = assignment.stack.behind(assignment.resource, "scope", ACCOUNT)
    return assignment.resource.props.at("scope").is_unknown and not seen


def _is_for_gateway(assignment: Placed) -> bool:
    return bool(assignment.stack.behind(assignment.resource, "principalId", SERVICE))


def _keyless_account(stack: Stack, backend: Resource) -> Resource | None:
    if backend.props.at("credentials").given("managedIdentity"):  # in preview versions of the API
        return None
    account = account_of(Placed(backend, stack))
    return account if account and account.props.flag("properties", "disableLocalAuth") else None


def _signs_in(stack: Stack, policy: Resource) -> bool:
    return any(step is UNSEEN or any(step.every("authentication-managed-identity")) for step in steps(policy, stack))
