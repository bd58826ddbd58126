"""A gateway in several hands: one stack has the service, others add backends, pool and policy to it by its outputs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.twin import REPOSITORY, Stack, beside, empty_stack, operations

pytestmark = pytest.mark.engine

BEGINNING = f"""
import sys
sys.path.insert(0, {str(REPOSITORY)!r})
import pulumi
from components import ApimService, BackendPool, OpenAIApi, OpenAIBackend
from pulumi_azure_native import apimanagement, resources
"""
PLATFORM = """
group = resources.ResourceGroup("group", resource_group_name="rg-platform", location="eastus2")
service = ApimService(
    "platform",
    {
        "resource_group_name": group.name, "location": "eastus2", "sku": "Developer",
        "publisher_email": "a@example.com", "publisher_name": "A",
    },
)
on = {"resource_group_name": group.name, "service_name": service.name}
chat = apimanagement.Api("chat", api_id="chat", display_name="Chat", path="chat", protocols=["https"], **on)
pulumi.export("on", on)
pulumi.export("gateway_url", service.gateway_url)
pulumi.export("principal_id", service.principal_id)
pulumi.export("chat", chat.id)
"""
MODELS = """
platform = pulumi.StackReference("organization/platform/dev").require_output
on = {key: platform("on")[key] for key in ("resource_group_name", "service_name")}
made = {
    name: OpenAIBackend(
        name,
        {
            **on, "name": name, "account": {"name": name, "resource_group": "rg-openai"},
            "principal_id": platform("principal_id"),
        },
    ).resource_id
    for name in ("aoai-eus2-1", "aoai-eus-1")
}
pulumi.export("backends", made)
"""
POOLS = """
platform = pulumi.StackReference("organization/platform/dev").require_output
backends = pulumi.StackReference("organization/models/dev").require_output("backends")
on = {key: platform("on")[key] for key in ("resource_group_name", "service_name")}
members = [
    {"name": name, "id": backends[name], "priority": priority}
    for priority, name in enumerate(("aoai-eus2-1", "aoai-eus-1"), 1)
]
pulumi.export("pool", BackendPool("shared", {**on, "members": members}).name)
"""
CHAT = """
platform = pulumi.StackReference("organization/platform/dev").require_output
on = {key: platform("on")[key] for key in ("resource_group_name", "service_name")}
api = OpenAIApi(
    "chat",
    {
        **on,
        "gateway_url": platform("gateway_url"),
        "pool": pulumi.StackReference("organization/pools/dev").require_output("pool"),
        "members": [{"name": "aoai-eus2-1", "priority": 1}, {"name": "aoai-eus-1", "priority": 2}],
        "api": {"existing": platform("chat")},
    },
)
pulumi.export("endpoint", api.endpoint)
"""


def project(folder: Path, name: str, program: str) -> Path:
    made = folder / name
    made.mkdir()
    (made / "Pulumi.yaml").write_text(f"name: {name}\nruntime: {{name: python, options: {{toolchain: pip}}}}\n")
    (made / "__main__.py").write_text(BEGINNING + program)
    return made


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Stack]]:
    """Four projects of four teams, deployed one after the other."""
    folder = tmp_path_factory.mktemp("shapes")
    with empty_stack(folder, program=project(folder, "platform", PLATFORM)) as platform:
        platform.settings = {}
        others = {"models": MODELS, "pools": POOLS, "chat": CHAT}
        made = {"platform": platform}
        made |= {name: beside(platform, project(folder, name, program)) for name, program in others.items()}
        for stack in made.values():
            stack.up()
        yield made


def test_each_stack_makes_its_own_part_and_nothing_the_second_time(stacks: dict[str, Stack]):
    assert [name for name, stack in stacks.items() if operations(stack.preview())] == []


def test_together_they_are_a_gateway(stacks: dict[str, Stack]):
    azure = stacks["platform"].azure
    members = azure("GET", "backends/openaiopool")["properties"]["pool"]["services"]
    policy = azure("GET", "apis/chat/policies/policy")["properties"]["value"]
    roles = stacks["platform"].arm.store.all("authorization:RoleAssignment")

    assert [(one["id"].rpartition("/")[2], one["priority"]) for one in members] == [
        ("aoai-eus2-1", 1),
        ("aoai-eus-1", 2),
    ]
    assert 'backend-id="openaiopool"' in policy
    assert sorted(role.id.split("/accounts/")[1].partition("/")[0] for role in roles) == ["aoai-eus-1", "aoai-eus2-1"]


def test_taking_the_policy_away_leaves_the_api_of_the_other_stack(stacks: dict[str, Stack]):
    stacks["chat"].destroy()

    assert stacks["platform"].azure("GET", "apis/chat")["name"] == "chat"
    assert stacks["platform"].azure("GET", "backends/openaiopool")["name"] == "openaiopool"
