"""The examples in other languages, held against the plugin's golden schema; and run, where Pulumi can run them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.foreign import Use, in_typescript, in_yaml, problems
from tests.support.twin import empty_stack, operations
from tests.support.wheel import ROOT

EXAMPLES = ROOT / "examples"
YAML, TYPESCRIPT = EXAMPLES / "yaml" / "Pulumi.yaml", EXAMPLES / "typescript" / "index.ts"
SCHEMA: dict[str, Any] = json.loads((ROOT / "tests" / "components" / "golden" / "schema.json").read_text())

MISTAKES = {
    "backends:": ("backend:", ["backends is missing", "backend is not known"]),
    "priority: 1": ("priorty: 1", ["backends[0].priorty is not known"]),
    "priority: 2": ('priority: "2"', ["backends[1].priority is '2', no integer"]),
    "sku: ": ("tier: ", ["service.tier is not known"]),
    "models.endpoint": ("models.url", ["AIGateway has no output url"]),
    "AIGateway": ("AIGatway", ["there is no component AIGatway"]),
}


def uses(program: Path) -> list[Use]:
    return in_yaml(program) if program.suffix == ".yaml" else in_typescript(program)


@pytest.mark.parametrize("program", [YAML, TYPESCRIPT], ids=lambda program: program.parent.name)
def test_the_example_gives_the_gateway_what_its_schema_asks_for(program: Path) -> None:
    [use] = uses(program)
    assert use.component == "AIGateway"
    assert use.outputs == {"endpoint", "keys"}
    assert [backend["priority"] for backend in use.inputs["backends"]] == [1, 2]
    assert problems(SCHEMA, use) == []


@pytest.mark.parametrize("program", [YAML, TYPESCRIPT], ids=lambda program: program.parent.name)
@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_in_it_is_found(program: Path, right: str, tmp_path: Path) -> None:
    wrong, told = MISTAKES[right]
    text = program.read_text()
    assert right in text
    copy = tmp_path / program.name
    copy.write_text(text.replace(right, wrong))
    assert [problem for use in uses(copy) for problem in problems(SCHEMA, use)] == told


def test_the_packages_of_the_typescript_example_are_those_that_pulumi_generates() -> None:
    """`pulumi package add` writes the SDK to sdks/<namespace>-<name> and calls it @<namespace>/<name>."""
    name = f"@{SCHEMA['namespace']}/{SCHEMA['name']}"
    package = json.loads((EXAMPLES / "typescript" / "package.json").read_text())
    assert package["dependencies"][name] == f"file:sdks/{SCHEMA['namespace']}-{SCHEMA['name']}"
    assert f'from "{name}"' in TYPESCRIPT.read_text()


@pytest.mark.parametrize("folder", ["typescript", "yaml"])
def test_the_readme_adds_the_plugin_of_this_version(folder: str) -> None:
    added = re.findall(r"pulumi package add (\S+)", (EXAMPLES / folder / "README.md").read_text())
    assert f"github.com/<organisation>/apim-ai-gateway/components@{SCHEMA['version']}" in added


@pytest.mark.engine
def test_the_yaml_example_is_deployed_on_the_twin(tmp_path: Path) -> None:
    estate = EXAMPLES / "python" / "estate.yaml"
    with empty_stack(tmp_path, program=YAML.parent, estate=estate) as stack:
        if not (stack.cli.path.parent / "pulumi-language-yaml").exists():
            pytest.skip(f"there is no pulumi-language-yaml beside {stack.cli.path}: Pulumi's own installer brings it")
        stack.settings = {}
        made = [name for operation, name in operations(stack.up()) if operation == "create"]
        assert {"models-ptu", "models-payg-swc", "models-pool", "models-api-policy"} <= set(made)
        assert operations(stack.preview()) == []
