"""What the gateway's identity may do on the accounts.

A role belongs to an account, not to a backend: two backends may call one account (one for each model), and a backend
that is renamed still calls the same one. Azure refuses a second assignment of one role to one principal on one scope,
so a gateway assigns one role an account, under a name that depends on the account alone.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_azure_native import authorization

from .accounts import Account, Accounts
from .children import child

# "Cognitive Services OpenAI User": may call the models, may not see keys or change anything.
# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/ai-machine-learning
OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"

# Any fixed UUID would do; another one would replace every assignment.
NAMES = uuid.UUID("6f1a3c52-2d0c-4d5e-9a55-1b7f0e4f7c11")


def assignment_name(account_id: str, principal_id: str) -> str:
    """The GUID that names the assignment: the same for the same account, principal and role, whoever deploys it.

    Azure does not tell ids apart by case.
    """
    return str(uuid.uuid5(NAMES, f"{account_id}/{principal_id}/{OPENAI_USER}".casefold()))


def command(account_id: str, principal_id: str) -> str:
    """What somebody who may assign roles has to run."""
    return (
        f"az role assignment create --role {OPENAI_USER} --assignee-object-id {principal_id}"
        f" --assignee-principal-type ServicePrincipal --scope {account_id}"
    )


def role_definition_id(account_id: str) -> str:
    """The role as Azure gives it back: in the subscription of the account."""
    subscription = account_id.split("/")[2]
    return f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{OPENAI_USER}"


def assign_role(
    name: str, *, account_id: pulumi.Output[str], principal_id: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> authorization.RoleAssignment:
    """Let the principal call the models of the account."""
    return authorization.RoleAssignment(
        name,
        role_assignment_name=pulumi.Output.all(account_id, principal_id).apply(lambda ids: assignment_name(*ids)),
        scope=account_id,
        principal_id=principal_id,
        # Without it Azure looks the principal up, and a new identity may not be found yet (PrincipalNotFound).
        principal_type=authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=account_id.apply(role_definition_id),
        opts=opts,
    )


@dataclass(frozen=True)
class Access:
    """What the gateway's identity was given, and what somebody else has to give it."""

    roles: Sequence[authorization.RoleAssignment]
    missing: pulumi.Output[list[str]]


def give_access(
    name: str,
    backends: Sequence[Mapping[str, Any]],
    accounts: Accounts,
    principal_id: pulumi.Output[str],
    parent: pulumi.Resource,
) -> Access:
    """One role on each account, unless every backend that calls it says `assign_roles: false`."""
    names: dict[Account, str] = {}
    assigned: set[Account] = set()
    for backend in backends:
        if "account" in backend:
            account = accounts.look_up(backend["account"])
            names.setdefault(account, f"{name}-{_key(backend)}-role")
            if backend["assign_roles"]:
                assigned.add(account)

    roles = [
        assign_role(role, account_id=account.id, principal_id=principal_id, opts=child(parent))
        for account, role in names.items()
        if account in assigned
    ]
    missing = [_command(account, principal_id) for account in names if account not in assigned]
    return Access(roles, pulumi.Output.all(*missing))


def _command(account: Account, principal_id: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.all(account.id, principal_id).apply(lambda ids: command(*ids))


def _key(backend: Mapping[str, Any]) -> str:
    """What a role is known by: its account, or the backend where the account's name is known only later.

    Azure does not tell names apart by case, so neither does this.
    """
    account = backend["account"]
    parts = [account[key] for key in ("subscription", "resource_group", "name") if key in account]
    return "-".join(parts).casefold() if all(isinstance(part, str) for part in parts) else backend["name"]
