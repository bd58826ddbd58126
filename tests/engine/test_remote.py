"""The plugin through the engine: a program, like those in other languages, that knows the schema only."""

import json
from collections.abc import Iterator

import pytest

from tests.support.twin import REPOSITORY, Stack, empty_stack, operations

pytestmark = pytest.mark.engine

MANIFEST = f"""
name: elsewhere
runtime: {{name: python, options: {{toolchain: pip}}}}
plugins:
  providers: [{{name: apim-ai-gateway, path: {REPOSITORY / "components"}}}]
"""
PROGRAM = """
import json
from pathlib import Path

import pulumi
from pulumi_azure_native import resources

GATEWAY = "apim-ai-gateway:index:AIGateway"
inputs = json.loads(Path("inputs.json").read_text())


class Remote(pulumi.ComponentResource):
    endpoint: pulumi.Output[str]
    keys: pulumi.Output[dict]
    missingRoles: pulumi.Output[list]


group = resources.ResourceGroup("group", resource_group_name="rg-elsewhere", location="eastus2")
inputs["resourceGroup"]["name"] = group.name  # unknown in the first preview
inputs["backends"][1]["url"] = pulumi.Output.secret("https://west.example.com/openai")
made = Remote(GATEWAY, "main", {**inputs, "endpoint": None, "keys": None, "missingRoles": None}, remote=True)
for name in ("endpoint", "keys", "missingRoles"):
    pulumi.export(name, getattr(made, name))
"""
INPUTS = {
    "location": "eastus2",
    "resourceGroup": {"existing": True},
    "service": {"publisherEmail": "a@example.com", "publisherName": "A", "sku": "Developer"},
    "backends": [
        {"name": "east", "account": {"name": "aoai-eus2-1", "resourceGroup": "rg-openai"}, "priority": 1},
        {"name": "west", "priority": 2},
    ],
    "subscriptions": ["team-a"],
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("remote")
    program = folder / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text(MANIFEST)
    (program / "__main__.py").write_text(PROGRAM)
    with empty_stack(folder, program=program) as made:
        made.settings = {}
        given(made)
        yield made


def given(stack: Stack, **changes: object) -> None:
    (stack.project.folder / "inputs.json").write_text(json.dumps({**INPUTS, **changes}))


def test_a_preview_with_unknown_leaves_shows_what_up_makes(stack: Stack):
    planned = operations(stack.preview())
    made = operations(stack.up())

    assert planned == made
    assert {name for _, name in made} >= {"main-east", "main-west", "main-pool", "main-api-policy", "main-team-a"}
    assert operations(stack.preview()) == []
    assert stack.azure("GET", "backends/east")["properties"]["url"] == "https://aoai-eus2-1.openai.azure.com/openai"


def test_secrets_stay_secret_on_the_way_in_and_out(stack: Stack):
    stack.up()
    shown = json.loads(stack.pulumi("stack", "output", "--json").stdout)
    state = json.loads(stack.pulumi("stack", "export").stdout)["deployment"]["resources"]

    assert shown["keys"] == "[secret]"
    assert shown["missingRoles"] == []
    [west] = [one for one in state if one["urn"].endswith("azure-native:apimanagement:Backend::main-west")]
    assert "ciphertext" in west["inputs"]["url"]
    assert stack.azure("GET", "backends/west")["properties"]["url"] == "https://west.example.com/openai"


def test_every_problem_is_told_by_the_input_that_has_it(stack: Stack):
    given(stack, subscriptions=["a", "A"], pool={"name": "a.b"}, service={**INPUTS["service"], "sku": "Develper"})

    report, said = stack.attempt("preview")

    told = "\n".join([*(error.message for error in report.errors), said])
    assert not report.succeeded
    assert 'AIGateway "main" has 3 problems:' in told
    for key in ("service.sku", "pool.name", "subscriptions[1]"):
        assert f"- {key}: " in told
