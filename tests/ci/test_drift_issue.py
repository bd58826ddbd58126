"""An issue where a stack has drifted: with a `pulumi` and a `gh` that write down what they are asked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.twin import REPOSITORY

DRIFTED = "  ~ tripDuration: PT10S => PT1H\nerror: no changes were expected but changes were proposed"
TITLE = "Stack prod is not what its program says"
TOOL = """#!{python}
import json, os, pathlib, sys
folder = pathlib.Path(__file__).parent
name = pathlib.Path(__file__).name
said = "" if name == "pulumi" or "list" in sys.argv else sys.stdin.read()
with (folder / "asked").open("a") as log:
    log.write(json.dumps([name, *sys.argv[1:], said]) + "\\n")
answer = json.loads((folder / "answers").read_text())[name]
if name == "pulumi" or "list" in sys.argv:
    print(answer["says"])
sys.exit(answer["status"] if name == "pulumi" else 0)
"""


def compared(folder: Path, *, says: str, status: int, issues: list[dict[str, object]]) -> tuple[int, list[list[str]]]:
    """The exit status of a comparison, and what the tools were asked."""
    answers = {"pulumi": {"says": says, "status": status}, "gh": {"says": json.dumps(issues)}}
    (folder / "answers").write_text(json.dumps(answers))
    for name in answers:
        (folder / name).write_text(TOOL.format(python=sys.executable))
        (folder / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    command = [sys.executable, str(REPOSITORY / ".ci" / "drift_issue.py"), "prod"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, [json.loads(line) for line in (folder / "asked").read_text().splitlines()]


def test_a_stack_that_is_what_its_program_says_is_no_issue(tmp_path: Path) -> None:
    status, asked = compared(tmp_path, says="", status=0, issues=[])

    assert status == 0
    options = ["--refresh", "--diff", "--expect-no-changes", "--non-interactive", "--color", "never", "--stack", "prod"]
    assert asked == [["pulumi", "preview", *options, ""]]


@pytest.mark.parametrize(
    ("issues", "target"),
    [
        ([], ["create", "--title", TITLE]),
        ([{"number": 3, "title": "Another"}, {"number": 4, "title": TITLE}], ["comment", "4"]),
    ],
    ids=["none is open", "one is open"],
)
def test_drift_opens_an_issue_or_is_added_to_the_open_one(
    issues: list[dict[str, object]], target: list[str], tmp_path: Path
) -> None:
    status, asked = compared(tmp_path, says=DRIFTED, status=255, issues=issues)

    assert status == 0
    *words, body = asked[-1]
    assert words == ["gh", "issue", *target, "--body-file", "-"]
    assert "    " + DRIFTED.replace("\n", "\n    ") in body
    assert "pulumi up --refresh --stack prod" in body


def test_a_comparison_that_fails_is_a_failure_and_no_drift(tmp_path: Path) -> None:
    status, asked = compared(tmp_path, says="error: could not log in", status=255, issues=[])

    assert status == 1
    assert [words[0] for words in asked] == ["pulumi"]
