"""Whatever the README and docs/ tell a reader to type or to write has been tried as it stands there."""

import ast
import json
import re
import shlex
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

import components
import twin
import twin.simulation
from tests.support.arm import local_arm
from tests.support.deployment import Secret, deploy
from tests.support.docs import NEEDS, PAGES, ROOT, TESTED, blocks, written
from tests.support.reference import ACCOUNTS, ANSWERS, deploy_reference
from tests.support.servers import Loop, serving
from tests.support.simulated import recorded, reference_store, stack_export
from twin.azure.estate import load_estate
from twin.command.app import app
from twin.command.calls import add_estate
from twin.command.running import Running

POLICY = """<policies>
  <inbound>
    <base />
    <set-status />
  </inbound>
  <backend>
    <retry condition="@(context.Response == null || context.Response.StatusCode == 500)" count="2" interval="5">
      <forward-request />
    </retry>
  </backend>
</policies>
"""
WELL = "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>\n"

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@every_page
def test_each_block_says_what_has_tried_it_or_what_it_needs(page: Path):
    silent = [block.place for block in blocks(page) if not (TESTED.match(block.remark) or NEEDS.match(block.remark))]
    assert silent == [], "put a remark right above it, as tests/support/docs.py tells"


@every_page
def test_what_is_named_exists_and_reads_the_page(page: Path):
    for block in blocks(page):
        if not (tested := TESTED.match(block.remark)):
            continue
        file, test = tested.groups()
        text = (ROOT / file).read_text()
        if test is None:
            assert block.text.strip() in text, f"{block.place}: {file} does not run this"
            continue
        defined = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
        assert test in defined, f"{block.place}: there is no {file}::{test}"
        assert page.name in text, f"{block.place}: {file} does not read {page.name}"


def test_the_program_builds_a_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """tests/test_packaging.py holds the wheel to what is in components/."""
    monkeypatch.setitem(sys.modules, "apim_ai_gateway", components)
    [program] = written("README.md", "test_the_program_builds_a_gateway")
    (tmp_path / "program.py").write_text(program)

    deployed = deploy(tmp_path / "program.py", answers=ANSWERS)

    assert deployed.exports == {
        "endpoint": "https://ai-gateway-apim01234567.azure-api.net/openai",
        "keys": Secret({"team-a": "key of team-a"}),
    }
    members = deployed.one("Backend", "ai-gateway-pool").inputs["pool"]["services"]
    assert [member["priority"] for member in members] == [1, 2]


def test_the_folders_and_files_are_where_they_are_said_to_be():
    [listing] = written("README.md", "test_the_folders_and_files_are_where_they_are_said_to_be")
    named = [
        name for line in listing.splitlines() for name in re.split(r"\s{2,}", line)[:2] if name.endswith(("/", ".py"))
    ]
    assert "components/" in named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_commands_of_the_twin_are_those_that_it_has():
    [listing] = written("docs/twin.md", "test_the_commands_of_the_twin_are_those_that_it_has")
    told = re.findall(r"^python -m twin (\w+)", listing, re.MULTILINE)
    commands = typer.main.get_command(app).commands.values()  # pyright: ignore[reportAttributeAccessIssue]
    assert sorted(told) == sorted(str(command.name) for command in commands if not command.hidden)


def test_an_estate_of_ones_own_is_made(tmp_path: Path):
    [estate] = written("docs/twin.md", "test_an_estate_of_ones_own_is_made")
    (tmp_path / "estate.yaml").write_text(estate)

    with local_arm() as arm:
        add_estate(Running(0, arm.url, "", "", "", {}), tmp_path / "estate.yaml")

        names = {one.id.rpartition("/")[2] for one in arm.store.all()}
    assert {"rg-models", "aoai-contoso-weu", "apim-contoso"} <= names


def test_accounts_are_described_by_what_they_hold_and_how_fast_they_are(tmp_path: Path):
    [accounts] = written("docs/twin.md", "test_accounts_are_described_by_what_they_hold_and_how_fast_they_are")
    group = {"name": "rg-models", "location": "westeurope", **yaml.safe_load(accounts)}
    (tmp_path / "estate.yaml").write_text(yaml.safe_dump({"resourceGroups": [group]}))

    store = load_estate(tmp_path / "estate.yaml", now=datetime(2026, 1, 1, tzinfo=UTC), new_id=uuid4)

    [deployment] = [one for one in store.all() if one.id.endswith("/aoai-contoso-weu/deployments/gpt-4o")]
    assert deployment.body["sku"] == {"name": "ProvisionedManaged", "capacity": 50}


def test_an_account_is_called_without_the_gateway(tmp_path: Path):
    [call] = written("docs/twin.md", "test_an_account_is_called_without_the_gateway")
    *options, url = shlex.split(call)[1:]
    headers = dict(option.split(": ", 1) for option in options if option != "-H")
    takes_keys = {"name": "aoai-contoso-weu", "disableLocalAuth": False}
    group = {"name": "rg-models", "location": "westeurope", "accounts": [takes_keys]}
    (tmp_path / "estate.yaml").write_text(yaml.safe_dump({"resourceGroups": [group]}))
    account = ACCOUNTS.replace("rg-openai", "rg-models") + "/aoai-contoso-weu"
    loop = Loop()
    with closing(loop), serving(loop, tmp_path) as servers:
        add_estate(Running(0, servers.arm, "", "", "", {}), tmp_path / "estate.yaml")
        keys = servers.control("POST", f"{account}/listKeys?api-version=2025-06-01")
        request = Request(
            url.replace("http://127.0.0.1:8490", servers.accounts), headers=headers | {"api-key": keys["key1"]}
        )
        with urlopen(request) as answer:
            models = json.load(answer)

    assert models["object"] == "list"


@pytest.fixture
def simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder holds the reference's export, and the wheel's package is there, which is what is in twin/."""
    monkeypatch.setitem(sys.modules, "apim_twin", twin)
    monkeypatch.setitem(sys.modules, "apim_twin.simulation", twin.simulation)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stack.json").write_text(json.dumps(stack_export(recorded(deploy_reference()))))


@pytest.mark.usefixtures("simulated")
def test_a_deployment_is_put_to_the_test(capsys: pytest.CaptureFixture[str]):
    [snippet] = written("docs/twin.md", "test_a_deployment_is_put_to_the_test")

    exec(snippet, {})

    failed, best = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"0 of \d{3} calls failed", failed)
    assert best == "100.0% of what a router that knows every account's state gets answered"


@pytest.mark.usefixtures("simulated")
def test_each_call_and_each_fault_can_be_decided_about(capsys: pytest.CaptureFixture[str]):
    [snippet] = written("docs/twin.md", "test_each_call_and_each_fault_can_be_decided_about")

    exec(snippet, {"store": reference_store()})

    assert capsys.readouterr().out.splitlines() == [
        "19.8 200 aoai-eus2-1 1 attempts",
        "20.0 200 aoai-eus-1 2 attempts",
        "20.2 200 aoai-eus-2 1 attempts",
    ]


def test_policies_are_checked_as_files_and_from_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for file in ("policy.xml", "fragments/policy.xml", "apis/chat/policy.xml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(WELL)
    [commands] = written("docs/twin.md", "test_policies_are_checked_as_files_and_from_a_pipe")
    files, pipe = commands.splitlines()

    assert typed(files).stdout.endswith("3 files: no problems\n")
    assert typed(pipe.removeprefix("some-command | "), piped=WELL).exit_code == 0


def test_the_element_that_is_shown_is_the_one_that_runs():
    [shown] = written("docs/adding-a-policy-element.md", "test_the_element_that_is_shown_is_the_one_that_runs")
    assert shown == (ROOT / "twin" / "policy" / "elements" / "set_method.py").read_text()


def test_findings_look_as_they_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.xml").write_text(POLICY)
    [shown] = written("docs/twin.md", "test_findings_look_as_they_are_shown")

    assert typed("python -m twin check policy.xml").stdout == shown


def typed(command: str, piped: str | None = None) -> Result:
    """A command of the twin's, run in this process."""
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "twin"]
    return CliRunner().invoke(app, words[3:], input=piped)
