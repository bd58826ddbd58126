"""What docs/upgrading.md tells: an alias keeps what has another name now, and without one it would be made anew."""

from pathlib import Path

import pytest

from tests.support.twin import REPOSITORY, empty_stack, operations

pytestmark = pytest.mark.engine

PROGRAM = f"""
import sys
sys.path.insert(0, {str(REPOSITORY)!r})
import pulumi
from components import AIGateway

team = pulumi.ComponentResource("contoso:index:Team", "team")
AIGateway(
    %s,
    {{
        "location": "eastus2",
        "resource_group": {{"name": "rg-models"}},
        "service": {{"publisher_email": "a@example.com", "publisher_name": "A", "sku": "Developer"}},
        "backends": [{{"name": "east", "account": {{"name": "aoai-eus2-1", "resource_group": "rg-openai"}}}}],
        "subscriptions": ["team-a"],
    }},
    pulumi.ResourceOptions(%s),
)
"""


def test_with_an_alias_a_gateway_keeps_everything_under_another_name_and_another_parent(tmp_path: Path):
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: models\nruntime: {name: python, options: {toolchain: pip}}\n")
    program = folder / "__main__.py"
    program.write_text(PROGRAM % ('"gateway"', ""))
    with empty_stack(tmp_path, program=folder) as stack:
        stack.settings = {}
        made = {name for _, name in operations(stack.up())}

        program.write_text(PROGRAM % ('"models"', 'aliases=[pulumi.Alias(name="gateway")]'))
        with_alias = operations(stack.preview())
        program.write_text(
            PROGRAM % ('"gateway"', "parent=team, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]")
        )
        moved = operations(stack.preview())
        program.write_text(PROGRAM % ('"models"', ""))
        without = operations(stack.preview())

    assert with_alias == []
    assert moved == []
    assert {name for operation, name in without if operation == "delete"} == made
