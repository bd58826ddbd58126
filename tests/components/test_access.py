"""Who may call an account: one role an account, under a name that depends on nothing else."""

import uuid
from typing import Any

import pulumi
from hypothesis import given, settings
from hypothesis import strategies as st

from components.access import OPENAI_USER, assignment_name, command, give_access, role_definition_id
from components.accounts import Accounts
from tests.support import strict
from tests.support.deployment import Deployment, deploy
from tests.support.reference import ACCOUNTS, ANSWERS, PRINCIPAL, SUBSCRIPTION

EAST = f"{ACCOUNTS}/aoai-east"


def backend(name: str, account: str, *, assign: bool = True, **more: Any) -> dict[str, Any]:
    return {"name": name, "account": {"name": account, "resource_group": "rg-openai", **more}, "assign_roles": assign}


def access(*backends: dict[str, Any]) -> Deployment:
    """What a gateway named `main` with these backends gives its identity."""

    def program() -> None:
        gateway = pulumi.ComponentResource("test:index:Gateway", "main")
        principal = pulumi.Output.from_input(PRINCIPAL)
        given = give_access("main", backends, Accounts("main", gateway), principal, parent=gateway)
        pulumi.export("missing", given.missing)

    return deploy(program, answers=ANSWERS)


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


def test_an_identity_gets_its_role_on_every_account() -> None:
    deployed = access(backend("east", "aoai-east"), backend("west", "aoai-west"))

    assert strict.all_problems(deployed) == []
    roles = {role.inputs["scope"]: role.inputs for role in deployed.all("RoleAssignment")}
    assert set(roles) == {f"{ACCOUNTS}/aoai-east", f"{ACCOUNTS}/aoai-west"}
    for scope, role in roles.items():
        assert role == {
            "scope": scope,
            "principalId": PRINCIPAL,
            "principalType": "ServicePrincipal",
            "roleAssignmentName": assignment_name(scope, PRINCIPAL),
            "roleDefinitionId": role_definition_id(scope),
        }
    assert deployed.exports["missing"] == []


def test_two_backends_on_one_account_share_its_role_and_its_lookup() -> None:
    deployed = access(backend("gpt", "aoai-east"), backend("embeddings", "AOAI-EAST"))

    assert [role.name for role in deployed.all("RoleAssignment")] == ["main-rg-openai-aoai-east-role"]
    assert [call.token for call in deployed.calls] == ["cognitiveservices:getAccount"]


def test_a_renamed_backend_keeps_the_role_of_its_account() -> None:
    """The new assignment would have the name of the old one, which goes last: Azure would refuse it."""
    before, after = access(backend("east", "aoai-east")), access(backend("west", "aoai-east"))

    assert before.one("RoleAssignment").urn == after.one("RoleAssignment").urn
    assert before.one("RoleAssignment").inputs == after.one("RoleAssignment").inputs


def test_without_the_right_to_assign_roles_the_commands_are_an_output() -> None:
    deployed = access(backend("east", "aoai-east", assign=False), backend("west", "aoai-west"))

    assert deployed.exports["missing"] == [command(f"{ACCOUNTS}/aoai-east", PRINCIPAL)]
    assert [role.inputs["scope"] for role in deployed.all("RoleAssignment")] == [f"{ACCOUNTS}/aoai-west"]


def test_an_account_has_its_role_as_soon_as_one_of_its_backends_wants_it() -> None:
    deployed = access(backend("gpt", "aoai-east", assign=False), backend("embeddings", "aoai-east"))
    assert len(deployed.all("RoleAssignment")) == 1
    assert deployed.exports["missing"] == []


def test_accounts_of_one_name_in_two_subscriptions_have_a_role_each() -> None:
    other = "00000000-0000-0000-0000-00000000000b"
    deployed = access(backend("here", "aoai"), backend("there", "aoai", subscription=other))

    assert [role.name for role in deployed.all("RoleAssignment")] == [
        "main-rg-openai-aoai-role",
        f"main-{other}-rg-openai-aoai-role",
    ]


def test_nothing_is_assigned_for_a_url() -> None:
    deployed = access({"name": "far", "url": "https://far.example.com/openai", "assign_roles": True})
    assert deployed.all("RoleAssignment") == []
    assert deployed.exports["missing"] == []
