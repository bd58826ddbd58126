"""`review` as it is typed: what it prints, its exit status, and what it refuses. (Stack exports need no deployment.)"""

import json
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from tests.support.docs import written
from tests.support.reference import deploy_reference
from tests.support.reviewed import backends
from tests.support.simulated import recorded, reference_store
from twin.azure.estate import REFERENCE
from twin.azure.store import Store
from twin.command.app import app
from twin.command.review import Asked, review
from twin.command.reviewed import Reviewed
from twin.command.screen import Screen
from twin.engine.errors import CommandError

WITH_STORIES = pytest.mark.clients
"""As somebody types it: the stories are told in processes of their own, seconds of work each time."""

SAME = "Nothing changes."
WORSE = (
    'Failover gets worse: in the story "The primary answers 503 for a minute" 13.3 % of the calls fail, and 0.0 % did '
    "before."
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without a history, with two exports of its stack: as the reference is, but that nobody waits for a
    breaker, and without a second attempt."""
    (tmp_path / "Pulumi.yaml").write_text("name: apim-ai-gateway\nruntime: python\n")
    (tmp_path / "before.json").write_text(export(policy={"recoveryWait": 0}))
    (tmp_path / "after.json").write_text(export(policy={"recoveryWait": 0, "retryBudget": 0}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def export(**changes: Any) -> str:
    """What `pulumi stack export` writes of the reference with these keys changed."""
    resources = [
        {"type": f"azure-native:{one.token}", "custom": True, "inputs": one.inputs, "outputs": one.outputs}
        for one in recorded(deploy_reference(**changes))
    ]
    stack = {"type": "pulumi:pulumi:Stack", "custom": False}
    return json.dumps({"version": 3, "deployment": {"resources": [stack, *resources]}})


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["review", *words])


@WITH_STORIES
def test_failover_that_gets_worse_than_allowed_gives_exit_status_2():
    done = typed("before.json", "after.json", "--story", "s5", "--seeds", "1")

    assert done.exit_code == 2
    assert f"Stack dev: {WORSE}\nCompared: before.json with after.json.\n" in done.stdout
    assert "  Every caller of API openai: the policy changes.\n" in done.stdout
    assert "Policy of API openai: 2 lines added, 2 removed\n" in done.stdout
    assert '  -        <retry count="4" interval="0"' in done.stdout
    assert "S5" in done.stdout
    assert "comparing before.json with after.json" in done.stderr


@WITH_STORIES
def test_a_threshold_of_ones_own_allows_more():
    done = typed("before.json", "after.json", "--story", "S5", "--seeds", "1", "--worse-than", "14", "--stack", "prod")

    assert done.exit_code == 0
    assert f"Stack prod: {WORSE}" in done.stdout


def test_where_nothing_changes_no_story_is_told():
    done = typed("before.json", "before.json")

    assert done.exit_code == 0
    assert done.stdout == f"Stack dev: {SAME}\nCompared: before.json with before.json.\n"


@WITH_STORIES
def test_json_is_one_object():
    done = typed("after.json", "before.json", "--story", "S5", "--seeds", "1", "--format", "json")

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (told["stack"], told["before"], told["after"], told["tooBad"]) == ("dev", "after.json", "before.json", False)
    assert [(story["name"], story["before"]["failed"], story["after"]["failed"]) for story in told["stories"]] == [
        ("S5", 0.1326, 0.0)
    ]


def test_markdown_is_a_section_of_a_page():
    done = typed("before.json", "before.json", "--format", "markdown")

    assert done.stdout == f"### Stack dev: {SAME}\n\nCompared: before.json with before.json.\n"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["before.json", "nowhere"], "There is no revision, folder or file called nowhere here."),
        (["before.json", "broken.json"], "broken.json cannot be read as a stack export: Expecting value"),
        (["before.json", "list.json"], "list.json cannot be read as a stack export: 'list' object has no attribute"),
        (["before.json", "empty.json"], "empty.json cannot be read as a stack export: it holds no resource of azure"),
        (["before.json", "refused.json"], "What refused.json holds cannot be deployed on the twin:"),
        (["before.json", "folder"], "There is no Pulumi.yaml in folder."),
        (["before.json", "after.json", "--story", "S99"], "There is no story S99. There are:"),
        (["before.json", "after.json", "--estate", "none.yaml"], "none.yaml cannot be used:"),
        ([], "There is no default branch here to compare with."),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(words: list[str], found: str, here: Path):
    (here / "broken.json").write_text("not JSON")
    (here / "list.json").write_text("[]")
    (here / "empty.json").write_text('{"deployment": {"resources": []}}')
    (here / "refused.json").write_text(export().replace("PT10S", "ten seconds"))
    (here / "folder").mkdir()

    done = typed(*words)

    assert done.exit_code == 1
    assert done.stderr.startswith("error: ") or "\nerror: " in done.stderr
    assert found in done.stderr
    assert "Traceback" not in done.stderr


def test_a_project_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "Pulumi.yaml").unlink()

    done = typed("before.json", "after.json")

    assert done.exit_code == 1
    assert "There is no Pulumi.yaml in" in done.stderr


class Deployments:
    """Stands in for deployments: returns what it was given, and remembers what it was asked for."""

    def __init__(self, *stores: Store) -> None:
        self.stores = stores
        self.asked: list[tuple[tuple[str, ...], Reviewed]] = []

    def __call__(self, sides: Sequence[str], reviewed: Reviewed) -> Sequence[Store]:
        self.asked.append((tuple(sides), reviewed))
        return self.stores


def test_both_sides_are_deployed_with_the_same_stack_and_estate(here: Path):
    (here / "before").mkdir()
    (here / "estate.yaml").write_text(REFERENCE.read_text())
    deployments = Deployments(reference_store(), reference_store())

    assert review(screen(), Asked("before", stack="prod", estate=Path("estate.yaml")), deployments)

    [(sides, reviewed)] = deployments.asked
    assert sides == ("before", ".")
    assert (reviewed.project.folder, reviewed.stack, reviewed.estate) == (here, "prod", here / "estate.yaml")


@WITH_STORIES
def test_a_stack_that_is_new_has_failover_now_and_everything_in_it_is_new():
    out = screen()
    shown = review(out, Asked("before.json", stories=("S5",), seeds=1), Deployments(Store(), reference_store()))

    assert shown
    text = out.out.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]
    assert "There is failover now; before, the deployment had no pool, or no API to call it through." in text
    assert "  pool openaiopool, member aoai-eus2-1\n    - not there\n    + priority 1, weight 1 of 1\n" in text
    assert "Who may be affected" not in text


def test_a_deployment_that_fails_is_told_as_it_is():
    def fails(sides: Sequence[str], reviewed: Reviewed) -> Sequence[Store]:
        raise CommandError("Stack dev cannot be deployed from main (1a2b3c4):", "  error: no such account")

    with pytest.raises(CommandError, match="from main"):
        review(screen(), Asked("before.json", "."), fails)


def screen() -> Screen:
    return Screen(Console(file=StringIO(), width=200), Console(file=StringIO(), width=200))


def test_every_command_on_the_page_is_one_that_can_be_typed():
    [listing] = written("docs/reviewing.md", "test_every_command_on_the_page_is_one_that_can_be_typed")
    command = typer.main.get_command(app).commands["review"]  # pyright: ignore[reportAttributeAccessIssue]
    for line in listing.splitlines():
        words = re.split(r"\s{2,}", line)[0].removeprefix("python -m twin review").split()
        asked = command.make_context("review", [*words]).params
        assert [asked["base"], asked["head"]] == [words[0] if words else "", words[1] if len(words) > 1 else "."]


@WITH_STORIES
def test_the_page_shows_what_is_printed(here: Path, monkeypatch: pytest.MonkeyPatch):
    [example] = written("docs/reviewing.md", "test_the_page_shows_what_is_printed")
    typed_as, _, printed = example.partition("\n")
    policy = {"recoveryWait": 0, "retryBudget": 0}
    after = export(policy=policy, subscriptions=["team-b"], backends=backends(aoai_eus_1={"weight": 3}))
    (here / "after.json").write_text(after)
    monkeypatch.setenv("COLUMNS", "100")

    done = typed(*typed_as.removeprefix("$ python -m twin review ").split())

    assert done.exit_code == 2
    assert [line.rstrip() for line in done.stdout.splitlines()] == printed.splitlines()
