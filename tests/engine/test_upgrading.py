"""What docs/upgrading.md tells: an alias keeps what has another name now, and without one it would be made anew."""

from pathlib import Path

import pytest

from tests.support.docs import written
from tests.support.twin import REPOSITORY, empty_stack, operations

pytestmark = pytest.mark.engine

PROGRAM = f"""
import sys
sys.path.insert(0, {str(REPOSITORY)!r})
import pulumi
from components import AIGateway

team = pulumi.ComponentResource("contoso:index:Team", "team")
inputs = {{
    "location": "eastus2",
    "resource_group": {{"name": "rg-models"}},
    "service": {{"publisher_email": "a@example.com", "publisher_name": "A", "sku": "Developer"}},
    "backends": [{{"name": "east", "account": {{"name": "aoai-eus2-1", "resource_group": "rg-openai"}}}}],
    "subscriptions": ["team-a"],
}}
"""
BEFORE = 'AIGateway("gateway", inputs)\n'
WITHOUT_ALIAS = 'AIGateway("models", inputs)\n'
MOVED = """AIGateway(
    "gateway",
    inputs,
    pulumi.ResourceOptions(parent=team, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]),
)
"""


def test_with_an_alias_a_gateway_keeps_everything_under_another_name_and_another_parent(tmp_path: Path):
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: models\nruntime: {name: python, options: {toolchain: pip}}\n")
    program = folder / "__main__.py"
    program.write_text(PROGRAM + BEFORE)
    [renamed] = written(
        "docs/upgrading.md",
        "test_with_an_alias_a_gateway_keeps_everything_under_another_name_and_another_parent",
    )
    with empty_stack(tmp_path, program=folder) as stack:
        stack.settings = {}
        made = {name for _, name in operations(stack.up())}

        def planned(gateway: str) -> list[tuple[str, str]]:
            program.write_text(PROGRAM + gateway)
            return operations(stack.preview())

        with_alias, moved, without = planned(renamed), planned(MOVED), planned(WITHOUT_ALIAS)

    assert with_alias == []
    assert moved == []
    assert {name for operation, name in without if operation == "delete"} == made
