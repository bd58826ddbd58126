"""One comment on a pull request, kept up to date: with a `gh` that writes down what it is asked."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pull_request_comment import MARK, own_comment
from tests.support.twin import REPOSITORY

OTHERS = {"id": 1, "body": "Looks good to me."}
OURS = {"id": 7, "body": f"{MARK}\nold"}
GH = """#!{python}
import json, pathlib, sys
folder = pathlib.Path(__file__).parent
with (folder / "asked").open("a") as log:
    log.write(json.dumps([sys.argv[1:], "" if "--paginate" in sys.argv else sys.stdin.read()]) + "\\n")
if "--paginate" in sys.argv:
    print((folder / "comments").read_text())
"""


def asked(folder: Path, comments: list[list[dict[str, Any]]]) -> list[Any]:
    """What `gh` is asked when the report says `new`."""
    (folder / "comments").write_text(json.dumps(comments))
    (folder / "gh").write_text(GH.format(python=sys.executable))
    (folder / "gh").chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "GITHUB_REPOSITORY": "contoso/gateway"}
    command = [sys.executable, str(REPOSITORY / ".ci" / "pull_request_comment.py"), "42"]
    subprocess.run(command, input="new", env=environment, text=True, check=True)
    return [json.loads(line) for line in (folder / "asked").read_text().splitlines()]


@pytest.mark.parametrize(
    ("comments", "request_"),
    [
        ([[OTHERS]], ["POST", "repos/contoso/gateway/issues/42/comments"]),
        ([[OTHERS], [OURS]], ["PATCH", "repos/contoso/gateway/issues/comments/7"]),
    ],
    ids=["the first time", "after that"],
)
def test_the_comment_is_made_once_and_then_changed(
    comments: list[list[dict[str, Any]]], request_: list[str], tmp_path: Path
) -> None:
    listed, written = asked(tmp_path, comments)

    assert listed[0] == ["api", "--paginate", "--slurp", "repos/contoso/gateway/issues/42/comments"]
    assert written[0] == ["api", "--method", *request_, "--input", "-"]
    assert json.loads(written[1]) == {"body": f"{MARK}\nnew"}


def test_somebody_who_quotes_the_mark_is_not_written_over() -> None:
    assert own_comment([[{"id": 2, "body": f"> {MARK}"}, OURS]]) == 7
    assert own_comment([]) is None
