"""Role assignments, in authorization's words."""

from typing import Any

import pytest

from tests.support.arm import LocalAzure, body_of, refusal

ACCOUNT = "/resourceGroups/rg-openai/providers/Microsoft.CognitiveServices/accounts/aoai-eus-1"
PRINCIPAL = "99999999-0000-0000-0000-000000000001"
USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
NAMES = [f"{number}1111111-0000-0000-0000-000000000000" for number in range(1, 4)]


def path(name: str = NAMES[0], scope: str = ACCOUNT) -> str:
    return f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"


def assignment(principal: str = PRINCIPAL, role: str = USER, **properties: Any) -> dict[str, Any]:
    role_id = (
        f"/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions/{role}"
    )
    return {
        "properties": {
            "principalId": principal,
            "roleDefinitionId": role_id,
            "principalType": "ServicePrincipal",
            **properties,
        }
    }


def test_an_assignment_comes_back_with_its_scope(azure: LocalAzure) -> None:
    assert azure.put(path(), assignment(description="gateway")).status == 201
    found = body_of(azure.get(path()))
    assert found["id"] == azure.subscription + path()
    assert found["properties"] == {
        **assignment(description="gateway")["properties"],
        "scope": azure.subscription + ACCOUNT,
        "createdOn": "2026-01-05T12:00:00.0000000Z",
        "updatedOn": "2026-01-05T12:00:00.0000000Z",
        "createdBy": "00000000-0000-0000-0000-000000000003",
        "updatedBy": "00000000-0000-0000-0000-000000000003",
    }


def test_the_same_role_under_another_name_exists_already(azure: LocalAzure) -> None:
    azure.made(path(NAMES[0]), assignment())
    assert refusal(azure.put(path(NAMES[1]), assignment(principal=PRINCIPAL.upper()))) == (
        409,
        "RoleAssignmentExists",
        "The role assignment already exists."
        " The ID of the existing role assignment is 11111111000000000000000000000000.",
    )


def test_another_scope_principal_or_role_is_another_assignment(azure: LocalAzure) -> None:
    azure.made(path(NAMES[0]), assignment())
    assert azure.put(path(NAMES[1], "/resourceGroups/rg-openai"), assignment()).status == 201
    assert azure.put(path(NAMES[1]), assignment(principal=PRINCIPAL[:-1] + "2")).status == 201
    assert azure.put(path(NAMES[2]), assignment(role="a97b65f3-24c7-4388-baec-2e87135dc908")).status == 201


def test_the_same_assignment_may_be_put_again(azure: LocalAzure) -> None:
    azure.made(path(), assignment())
    assert azure.put(path(), assignment(description="now with words")).status == 200


@pytest.mark.parametrize(
    "change", [{"principal": PRINCIPAL[:-1] + "2"}, {"role": "a97b65f3-24c7-4388-baec-2e87135dc908"}]
)
def test_an_assignment_cannot_be_changed_into_another(azure: LocalAzure, change: dict[str, str]) -> None:
    azure.made(path(), assignment())
    assert refusal(azure.put(path(), assignment(**change))) == (
        400,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    )


def test_an_unknown_role_is_refused(azure: LocalAzure) -> None:
    role = "00000000-1111-2222-3333-444444444444"
    assert refusal(azure.put(path(), assignment(role=role))) == (
        404,
        "RoleDefinitionDoesNotExist",
        f"The specified role definition with ID '{role}' does not exist.",
    )


def test_a_role_by_its_name_is_no_role_definition_id(azure: LocalAzure) -> None:
    status, code, _ = refusal(azure.put(path(), assignment(role="Cognitive Services OpenAI User")))
    assert (status, code) == (400, "InvalidRoleDefinitionId")


def test_a_principal_that_is_no_guid_is_refused(azure: LocalAzure) -> None:
    assert refusal(azure.put(path(), assignment(principal="gateway")))[:2] == (400, "InvalidPrincipalId")


def test_a_name_that_is_no_guid_is_refused(azure: LocalAzure) -> None:
    assert refusal(azure.put(path("gateway"), assignment()))[:2] == (400, "InvalidRoleAssignmentId")


def test_without_a_type_the_principal_must_be_known_to_the_directory(azure: LocalAzure) -> None:
    body = assignment()
    del body["properties"]["principalType"]
    assert refusal(azure.put(path(), body))[:2] == (400, "PrincipalNotFound")
    body["properties"]["principalId"] = "00000000-0000-0000-0000-000000000004"
    assert azure.put(path(), body).status == 201


def test_an_assignment_on_a_resource_that_does_not_exist_is_refused(azure: LocalAzure) -> None:
    nowhere = ACCOUNT.replace("aoai-eus-1", "nowhere")
    assert refusal(azure.put(path(scope=nowhere), assignment())) == (
        404,
        "ParentResourceNotFound",
        ("Can not perform requested operation on nested resource. Parent resource 'nowhere' not found."),
    )


def test_a_missing_assignment_is_not_found_and_its_delete_is_no_error(azure: LocalAzure) -> None:
    assert refusal(azure.get(path()))[:2] == (404, "RoleAssignmentNotFound")
    assert azure.delete(path()).status == 204


def test_assignments_go_with_their_account(azure: LocalAzure) -> None:
    azure.made(path(), assignment())
    azure.delete(ACCOUNT)
    azure.get("/resourceGroups")
    assert [one.id for one in azure.endpoint.store.all("authorization:RoleAssignment")] == []


def test_lists_hold_what_is_at_above_and_below_the_scope(azure: LocalAzure) -> None:
    scopes = ["", "/resourceGroups/rg-openai", ACCOUNT]
    for name, scope in zip(NAMES, scopes, strict=True):
        azure.made(path(name, scope), assignment())

    def listed(scope: str, condition: str = "") -> list[str]:
        query = {"$filter": condition} if condition else {}
        answer = azure.get(f"{scope}/providers/Microsoft.Authorization/roleAssignments", query=query)
        return [one["name"] for one in body_of(answer)["value"]]

    assert listed(ACCOUNT) == NAMES
    assert listed("/resourceGroups/rg-openai", "atScope()") == NAMES[:2]
    assert listed("/resourceGroups/rg-monitoring") == NAMES[:1]
    assert listed("", f"principalId eq '{PRINCIPAL}'") == NAMES
    assert listed("", "principalId eq 'somebody'") == []
    assert listed("", f"assignedTo('{PRINCIPAL}')") == NAMES


def test_a_filter_that_is_not_known_is_refused_and_not_skipped(azure: LocalAzure) -> None:
    answer = azure.get("/providers/Microsoft.Authorization/roleAssignments", query={"$filter": "type eq 'x'"})
    assert answer.status == 400
