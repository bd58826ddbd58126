"""Each component without AIGateway, where the rest of the gateway belongs to another stack."""

import sys
from typing import Any, cast

import pulumi
import pytest

import components
from components import ApimService, BackendPool, BackendPoolArgs, OpenAIApi, OpenAIApiArgs, OpenAIBackend
from tests.support import reference, strict
from tests.support.deployment import Deployment, deploy
from tests.support.docs import written

PLATFORM = "organization/platform/prod"
SERVICE_ID = (
    f"/subscriptions/{reference.SUBSCRIPTION}/resourceGroups/rg-platform"
    "/providers/Microsoft.ApiManagement/service/apim-platform"
)
OUTPUTS = {
    "group": "rg-platform",
    "service": "apim-platform",
    "gateway_url": "https://apim-platform.azure-api.net",
    "principal_id": reference.PRINCIPAL,
    "pool": "openaiopool",
    "api_id": f"{SERVICE_ID}/apis/chat",
    "backends": {name: f"{SERVICE_ID}/backends/{name}" for name in ("east", "west")},
}


def deployed(program: Any, *, preview: bool = False) -> Deployment:
    """A program beside the stack of whoever owns the service; every input has to fit the SDK's types."""
    answers = {**reference.ANSWERS, "pulumi:pulumi:StackReference": OUTPUTS}
    made = deploy(program, preview=preview, answers=answers)
    assert strict.all_problems(made) == []
    return made


def platform() -> dict[str, pulumi.Output[Any]]:
    stack = pulumi.StackReference(PLATFORM)
    return {name: stack.require_output(name) for name in OUTPUTS}


def on(platform: dict[str, pulumi.Output[Any]]) -> dict[str, pulumi.Output[str]]:
    return {"resource_group_name": platform["group"], "service_name": platform["service"]}


def test_a_backend_is_made_on_a_service_that_is_made_elsewhere() -> None:
    def program() -> None:
        theirs = platform()
        account = {"name": "aoai-team", "resource_group": "rg-team"}
        args: Any = {**on(theirs), "name": "team", "account": account, "principal_id": theirs["principal_id"]}
        pulumi.export("backend", OpenAIBackend("team", args).resource_id)

    made = deployed(program)
    inputs = made.one("Backend").inputs
    assert (inputs["resourceGroupName"], inputs["serviceName"]) == ("rg-platform", "apim-platform")
    assert inputs["url"] == "https://aoai-team.openai.azure.com/openai"
    assert made.one("RoleAssignment").inputs["principalId"] == reference.PRINCIPAL
    assert made.exports == {"backend": "/apimanagement:Backend/team"}
    assert {one.type.rpartition(":")[2] for one in made} == {"Stack", "OpenAIBackend", "Backend", "RoleAssignment"}


def test_a_pool_has_members_that_another_stack_has_made() -> None:
    def program() -> None:
        theirs = platform()
        members = [
            {"name": "east", "id": theirs["backends"]["east"], "priority": 1},
            {"name": "west", "id": theirs["backends"]["west"], "priority": 2, "weight": 3},
        ]
        pool = BackendPool("shared", cast("BackendPoolArgs", {**on(theirs), "name": "shared", "members": members}))
        pulumi.export("pool", pool.name)

    for made in (deployed(program), deployed(program, preview=True)):
        assert made.one("Backend", "shared").inputs["pool"]["services"] == [
            {"id": f"{SERVICE_ID}/backends/east", "priority": 1, "weight": 1},
            {"id": f"{SERVICE_ID}/backends/west", "priority": 2, "weight": 3},
        ]
        assert made.exports == {"pool": "shared"}
        assert [one.name for one in made.all("Backend")] == ["shared", "shared-last"]


def test_an_api_of_another_stack_gets_the_policy_and_keeps_everything_else() -> None:
    def program() -> None:
        theirs = platform()
        args = {
            **on(theirs),
            "gateway_url": theirs["gateway_url"],
            "pool": theirs["pool"],
            "members": [{"name": "east", "priority": 1}, {"name": "west", "priority": 2}],
            "api": {"existing": theirs["api_id"]},
        }
        pulumi.export("endpoint", OpenAIApi("chat", cast("OpenAIApiArgs", args)).endpoint)

    for made in (deployed(program), deployed(program, preview=True)):
        policy = made.one("ApiPolicy").inputs
        assert (policy["apiId"], policy["serviceName"]) == ("chat", "apim-platform")
        assert '<set-backend-service id="lb-backend" backend-id="openaiopool" />' in policy["value"]
        assert made.exports == {"endpoint": "https://apim-platform.azure-api.net/paths/of/chat"}
        assert {one.type.rpartition(":")[2] for one in made} == {"Stack", "OpenAIApi", "ApiPolicy"}


def test_the_program_in_the_documentation_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    [program] = written("docs/importing.md", "test_the_program_in_the_documentation_is_one")
    monkeypatch.setitem(sys.modules, "apim_ai_gateway", components)

    made = deployed(lambda: exec(program, {}))
    members = made.one("Backend", "models").inputs["pool"]["services"]
    assert [(one["id"].rpartition("/")[2], one["priority"]) for one in members] == [("aoai-ptu", 1), ("aoai-payg", 2)]
    assert made.exports == {"endpoint": "https://apim-platform.azure-api.net/openai"}


def test_a_service_alone_tells_others_what_they_need_to_build_on_it() -> None:
    def program() -> None:
        service = ApimService("platform", {"existing": {"resource_group": "rg-platform", "name": "apim-platform"}})
        pulumi.export("platform", {"group": service.resource_group_name, "principal_id": service.principal_id})
        pulumi.export("id", service.resource_id)

    for made in (deployed(program), deployed(program, preview=True)):
        assert made.exports == {
            "platform": {"group": "rg-platform", "principal_id": reference.PRINCIPAL},
            "id": SERVICE_ID,
        }
