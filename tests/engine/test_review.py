"""`review` with the real CLI: a revision of a scratch repository and its working tree, each deployed on a twin."""

import json
import os
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.support.twin import REPOSITORY
from twin.engine.plugins import python_command

pytestmark = pytest.mark.engine

COPIED = ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py", "settings.py", "requirements.txt", "components")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The program in a repository of its own with one commit; the working tree tries once only."""
    folder = tmp_path / "repository"
    folder.mkdir()
    for name in COPIED:
        subprocess.run(["cp", "-r", str(REPOSITORY / name), str(folder)], check=True)
    (folder / ".gitignore").write_text(".venv\n__pycache__\n")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "as it is")
    with (folder / "Pulumi.dev.yaml").open("a") as configuration:
        configuration.write("  apim-ai-gateway:policy: {retryBudget: 0}\n")
    return folder


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_a_change_is_reviewed_from_the_last_commit_to_the_working_tree(repository: Path, tmp_path: Path):
    status = git(repository, "status", "--porcelain")
    words = ["review", "--story", "S5", "--seeds", "1", "--format", "json"]
    done = subprocess.run(
        [*python_command("__main__"), *words],
        cwd=repository,
        env={**os.environ, "APIM_TWIN_HOME": str(tmp_path / "state"), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2, done.stderr
    told = json.loads(done.stdout)
    commit = git(repository, "rev-parse", "--short", "HEAD").strip()
    assert (told["before"], told["after"]) == (commit, "the working tree")
    assert told["affected"] == ["Every caller of API openai: the policy changes."]
    assert (told["changes"], told["beside"]) == ([], []), "nothing random is told"
    assert [policy["of"] for policy in told["policies"]] == ["API openai"]
    [story] = told["stories"]
    assert story["before"]["failed"] == 0.0
    assert story["after"]["failed"] > 0.1
    assert git(repository, "status", "--porcelain") == status
    assert len(git(repository, "worktree", "list").splitlines()) == 1
    assert [*tmp_path.glob("review-*")] == []
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(one.info["cmdline"] or ())]
