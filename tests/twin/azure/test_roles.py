"""Role definitions."""

from tests.support.arm import LocalAzure, body_of, refusal

ROLES = "/providers/Microsoft.Authorization/roleDefinitions"


def test_a_role_is_found_by_its_id(azure: LocalAzure) -> None:
    found = body_of(azure.get(f"{ROLES}/5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"))
    assert found["properties"]["roleName"] == "Cognitive Services OpenAI User"
    assert found["id"] == azure.subscription + f"{ROLES}/5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"


def test_a_role_is_found_by_its_name(azure: LocalAzure) -> None:
    answer = azure.get(ROLES, query={"$filter": "roleName eq 'Cognitive Services OpenAI User'"})
    assert [one["name"] for one in body_of(answer)["value"]] == ["5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"]


def test_an_unknown_role_does_not_exist(azure: LocalAzure) -> None:
    assert refusal(azure.get(f"{ROLES}/00000000-0000-0000-0000-000000000000"))[:2] == (
        404,
        "RoleDefinitionDoesNotExist",
    )
