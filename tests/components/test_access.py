"""Who may call an account: one role an account, under a name that depends on nothing else."""

import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.access import OPENAI_USER, assignment_name, command, role_definition_id
from tests.support import reference, strict
from tests.support.reference import ACCOUNTS, PRINCIPAL, SUBSCRIPTION, deploy_reference

EAST = f"{ACCOUNTS}/aoai-east"


def backends(*entries: tuple[str, str, bool]) -> list[dict[str, Any]]:
    return [
        {"name": name, "account": {"name": account, "resourceGroup": "rg-openai"}, "assignRoles": assign}
        for name, account, assign in entries
    ]


def test_the_name_of_an_assignment_is_a_guid_that_nothing_but_account_and_principal_decide() -> None:
    name = assignment_name(EAST, PRINCIPAL)

    assert name == "d16d9598-034e-5fcd-b7c5-ef34087522b4", "another name would replace the assignments of every stack"
    assert name == assignment_name(EAST.upper(), PRINCIPAL.upper()), "Azure does not tell ids apart by case"
    assert name != assignment_name(f"{EAST}-2", PRINCIPAL)
    assert name != assignment_name(EAST, SUBSCRIPTION)


@settings(max_examples=50)
@given(st.text(min_size=1), st.uuids().map(str), st.text(min_size=1), st.uuids().map(str))
def test_two_assignments_have_one_name_only_when_they_are_the_same(
    account: str, principal: str, other_account: str, other_principal: str
) -> None:
    same = (account.casefold(), principal) == (other_account.casefold(), other_principal)
    assert (assignment_name(account, principal) == assignment_name(other_account, other_principal)) == same
    uuid.UUID(assignment_name(account, principal))


def test_the_role_is_the_one_that_may_call_models_and_nothing_else() -> None:
    """Cognitive Services OpenAI User, in the form in which Azure gives it back."""
    definitions = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
    assert role_definition_id(EAST) == f"{definitions}/5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"


def test_the_command_for_somebody_who_may_assign_roles_is_complete() -> None:
    assert command(EAST, PRINCIPAL) == (
        f"az role assignment create --role {OPENAI_USER} --assignee-object-id {PRINCIPAL}"
        f" --assignee-principal-type ServicePrincipal --scope {EAST}"
    )


def test_the_gateways_identity_gets_its_role_on_every_account() -> None:
    deployed = deploy_reference()

    assert strict.all_problems(deployed) == []
    roles = {role.inputs["scope"]: role.inputs for role in deployed.all("RoleAssignment")}
    assert set(roles) == {f"{ACCOUNTS}/{name}" for name in ("aoai-eus2-1", "aoai-eus-1", "aoai-eus-2")}
    for scope, role in roles.items():
        assert role == {
            "scope": scope,
            "principalId": PRINCIPAL,
            "principalType": "ServicePrincipal",
            "roleAssignmentName": assignment_name(scope, PRINCIPAL),
            "roleDefinitionId": role_definition_id(scope),
        }
    assert deployed.exports["missing_roles"] == []


def test_two_backends_on_one_account_share_its_role_and_its_lookup() -> None:
    deployed = deploy_reference(backends=backends(("gpt", "aoai-east", True), ("embeddings", "AOAI-EAST", True)))

    assert [role.name for role in deployed.all("RoleAssignment")] == ["ai-gateway-rg-openai-aoai-east-role"]
    assert [call.token for call in deployed.calls].count("cognitiveservices:getAccount") == 1


def test_a_renamed_backend_keeps_the_role_of_its_account() -> None:
    """The new assignment would have the name of the old one, which goes last: Azure would refuse it."""
    before = deploy_reference(backends=backends(("east", "aoai-east", True)))
    after = deploy_reference(backends=backends(("west", "aoai-east", True)))

    assert before.one("RoleAssignment").urn == after.one("RoleAssignment").urn
    assert before.one("RoleAssignment").inputs == after.one("RoleAssignment").inputs


@pytest.mark.parametrize("others", [False, True], ids=["none assigned", "one assigned"])
def test_without_the_right_to_assign_roles_the_commands_are_an_output(others: bool) -> None:
    entries = backends(("east", "aoai-east", False), ("west", "aoai-west", others))
    deployed = deploy_reference(backends=entries)

    missing = ["aoai-east"] if others else ["aoai-east", "aoai-west"]
    assert deployed.exports["missing_roles"] == [command(f"{ACCOUNTS}/{name}", PRINCIPAL) for name in missing]
    assigned = [role.inputs["scope"] for role in deployed.all("RoleAssignment")]
    assert assigned == ([f"{ACCOUNTS}/aoai-west"] if others else [])


def test_an_account_has_its_role_as_soon_as_one_of_its_backends_wants_it() -> None:
    deployed = deploy_reference(backends=backends(("gpt", "aoai-east", False), ("embeddings", "aoai-east", True)))
    assert len(deployed.all("RoleAssignment")) == 1
    assert deployed.exports["missing_roles"] == []


def test_accounts_of_one_name_in_two_subscriptions_have_a_role_each() -> None:
    entries = backends(("here", "aoai", True), ("there", "aoai", True))
    entries[1]["account"]["subscription"] = "00000000-0000-0000-0000-00000000000b"
    deployed = deploy_reference(backends=entries)

    assert [role.name for role in deployed.all("RoleAssignment")] == [
        "ai-gateway-rg-openai-aoai-role",
        "ai-gateway-00000000-0000-0000-0000-00000000000b-rg-openai-aoai-role",
    ]


def test_without_the_gateways_identity_no_role_is_assigned_or_missing() -> None:
    deployed = deploy_reference(policy={"managedIdentity": False})
    assert deployed.all("RoleAssignment") == []
    assert deployed.exports["missing_roles"] == []


def test_nothing_is_assigned_for_a_url() -> None:
    deployed = deploy_reference(backends=[{"name": "far", "url": "https://far.example.com/openai"}])
    assert deployed.all("RoleAssignment") == []
    assert deployed.exports["missing_roles"] == []
    assert deployed.exports["principal_id"] == reference.PRINCIPAL
