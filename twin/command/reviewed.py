"""The two sides of a review: each is deployed on a twin of its own with the real CLI, or read from a stack export.

A side is a git revision, a folder with a project, or a file that `pulumi stack export` wrote.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from ..azure.listener import STATE_FILE
from ..azure.store import StateFile, Store
from ..engine.errors import CommandError
from ..engine.plugins import python_command
from ..engine.projects import Project
from ..simulation import NotDeployable, exported, store_of
from . import running

WORKING_TREE = "."
_SHOWN = 15  # lines of what a deployment said that failed


@dataclass(frozen=True)
class Reviewed:
    """What is reviewed: a stack of the project in the current folder, with an estate if it needs one of its own."""

    project: Project
    stack: str
    estate: Path | None = None


def store_at(side: str, reviewed: Reviewed) -> Store:
    """The local Azure as a side deploys it. Raises CommandError where that fails."""
    path = Path(side)
    if path.is_file():
        return _exported(path, reviewed.estate)
    if path.is_dir():
        return _deployed(reviewed.project.folder if side == WORKING_TREE else path.absolute(), reviewed)
    with _checked_out(side, reviewed.project) as folder:
        return _deployed(folder, reviewed)


def described(side: str, project: Project) -> str:
    """How a reader knows a side: `main (1a2b3c4)`, `the working tree`, the name of a file."""
    if side == WORKING_TREE:
        return "the working tree"
    if Path(side).exists():
        return side
    return f"{side} ({_git(project.folder, 'rev-parse', '--short', side, '--')[0].strip()})"


def merge_base(project: Project) -> str:
    """Where the current branch left the default one. Raises CommandError where that cannot be told."""
    for branch in ("origin/HEAD", "origin/main", "main", "origin/master", "master"):
        found = _run_git(project.folder, "merge-base", branch, "HEAD")
        if found.returncode == 0:
            return found.stdout.strip()
    raise CommandError(
        "There is no default branch here to compare with.", f"Name what to compare: {running.COMMAND} review BASE HEAD"
    )


def _exported(file: Path, estate: Path | None) -> Store:
    try:
        given = yaml.safe_load(estate.read_text()) if estate else None
        return store_of(exported(json.loads(file.read_text())), given)
    except NotDeployable as refused:
        raise CommandError(f"What {file} holds cannot be deployed on the twin:", *refused.problems) from refused
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f"{file} cannot be read as a stack export: {error}", "Make one with: pulumi stack export --file FILE"
        ) from error


def _deployed(folder: Path, reviewed: Reviewed) -> Store:
    """Deploy with `up` on a twin that lives for as long as that takes."""
    words = ["up", "--stack", reviewed.stack, "--arm-port", "0", "--gateway-port", "0", "--accounts-port", "0"]
    words += ["--no-demo", *(["--estate", str(reviewed.estate)] if reviewed.estate else [])]
    with TemporaryDirectory(prefix="review-") as state:
        environment = {**os.environ, "APIM_TWIN_HOME": state}
        try:
            ended = subprocess.run(
                [*python_command("__main__"), *words],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            if server := running.find(Path(state)):
                running.stop(server)
        if ended.returncode != 0:
            said = [line for line in ended.stderr.splitlines() if line.strip()]
            raise CommandError(f"Stack {reviewed.stack} cannot be deployed from {folder}:", *said[-_SHOWN:])
        store = StateFile(Path(state) / STATE_FILE).read()
        assert store is not None
        return store


@contextmanager
def _checked_out(revision: str, project: Project) -> Iterator[Path]:
    """The project's folder at a revision, in a worktree that is gone afterwards."""
    top = Path(_git(project.folder, "rev-parse", "--show-toplevel")[0].strip())
    with TemporaryDirectory(prefix="review-") as scratch:
        tree = Path(scratch) / "tree"
        _git(top, "worktree", "add", "--detach", "--quiet", str(tree), revision)
        try:
            folder = tree / project.folder.resolve().relative_to(top.resolve())
            _lend_environment(project, folder)
            yield folder
        finally:
            _run_git(top, "worktree", "remove", "--force", str(tree))
            shutil.rmtree(tree, ignore_errors=True)


def _lend_environment(project: Project, folder: Path) -> None:
    """A worktree has no virtual environment of its own: the current one serves."""
    own = project.virtual_environment
    if own is None or not own.exists() or not own.is_relative_to(project.folder):
        return
    place = folder / own.relative_to(project.folder)
    if not place.exists():
        place.symlink_to(own)


def _git(folder: Path, *words: str) -> list[str]:
    done = _run_git(folder, *words)
    if done.returncode != 0:
        raise CommandError(f"git {words[0]} failed in {folder}:", *done.stderr.strip().splitlines())
    return [done.stdout]


def _run_git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise CommandError("There is no git on PATH, which a revision has to be read with.") from missing
