"""The two sides of a review: each is deployed on a twin of its own, or read from a stack export.

A side is a git revision, a folder with a project, or a file that `pulumi stack export` wrote.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..azure.estate import BadEstate, read_estate
from ..azure.store import Store
from ..engine.errors import CommandError
from ..engine.projects import PROJECT_FILES, Project, find_project
from ..simulation import NotDeployable, exported, store_of
from .running import COMMAND

WORKING_TREE = "."


@dataclass(frozen=True)
class Reviewed:
    """What is reviewed: a stack of the project in the current folder, and what is in Azure before it."""

    project: Project
    stack: str
    estate: Path


@dataclass(frozen=True)
class Program:
    """A folder to deploy, and how a reader knows it."""

    folder: Path
    name: str


Deploying = Callable[[Program, Reviewed], AbstractContextManager[Callable[[], Store]]]
"""Begins a deployment; what it gives waits for the end and returns what is then in Azure."""


def stores_at(sides: Sequence[str], reviewed: Reviewed, deploying: Deploying) -> list[Store]:
    """What is in Azure on each side; deployments go on at the same time. Raises CommandError where one fails.

    A side that does not know the stack, which another one does, has nothing in Azure: the stack is new, or gone.
    """
    with ExitStack() as open_sides:
        found = [open_sides.enter_context(_opened(side, reviewed)) for side in sides]
        known = [isinstance(one, Store) or _knows(one.folder, reviewed.stack) for one in found]
        waits: list[Callable[[], Store]] = []
        for one, knows in zip(found, known, strict=True):
            if isinstance(one, Store):
                waits.append(lambda store=one: store)
            elif knows or not any(known):
                waits.append(open_sides.enter_context(deploying(one, reviewed)))
            else:
                waits.append(Store)
        return [wait() for wait in waits]


def described(side: str, project: Project) -> str:
    """How a reader knows a side: `main (1a2b3c4)`, `the working tree`, the name of a file."""
    if side == WORKING_TREE:
        return "the working tree"
    if Path(side).exists():
        return side
    short = _git(project.folder, "rev-parse", "--short", _commit(side, project))
    return short if side.startswith(short) else f"{side} ({short})"


def merge_base(project: Project) -> str:
    """Where the current branch left the default one. Raises CommandError where that cannot be told."""
    for branch in ("origin/HEAD", "origin/main", "main", "origin/master", "master"):
        found = _run_git(project.folder, "merge-base", branch, "HEAD")
        if found.returncode == 0:
            return found.stdout.strip()
    raise CommandError(
        "There is no default branch here to compare with.",
        f"Say what to compare: {COMMAND} review BASE HEAD",
        "In a shallow clone, as CI makes them, fetch the whole history first: git fetch --unshallow",
    )


def is_export(side: str) -> bool:
    return Path(side).is_file()


@contextmanager
def _opened(side: str, reviewed: Reviewed) -> Iterator[Store | Program]:
    path = Path(side)
    if is_export(side):
        yield _exported(path, reviewed.estate)
    elif side == WORKING_TREE:
        yield Program(reviewed.project.folder, described(side, reviewed.project))
    elif path.is_dir():
        yield _program(path.absolute(), side)
    else:
        with _checked_out(side, reviewed.project) as folder:
            yield _program(folder, described(side, reviewed.project))


def _program(folder: Path, name: str) -> Program:
    if not any((folder / file).is_file() for file in PROJECT_FILES):
        raise CommandError(
            f"There is no Pulumi.yaml in {name}.", "Give a revision, a folder with a Pulumi project, or a stack export."
        )
    return Program(folder, name)


def _knows(folder: Path, stack: str) -> bool:
    project = find_project(folder)
    return project is not None and project.stack_file(stack).exists()


def _exported(file: Path, estate: Path) -> Store:
    try:
        resources = exported(json.loads(file.read_text()))
        if not resources:
            raise ValueError("it holds no resource of azure-native")
        given: Any = read_estate(estate)
        return store_of(resources, given)
    except (NotDeployable, BadEstate) as refused:
        raise CommandError(f"What {file} holds cannot be deployed on the twin:", *refused.problems) from refused
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(
            f"{file} cannot be read as a stack export: {error}", "Make one with: pulumi stack export --file FILE"
        ) from error


@contextmanager
def _checked_out(revision: str, project: Project) -> Iterator[Path]:
    """The project's folder at a revision, in a worktree that is gone afterwards."""
    top = Path(_git(project.folder, "rev-parse", "--show-toplevel"))
    commit = _commit(revision, project)
    with TemporaryDirectory(prefix="review-") as scratch:
        tree = Path(scratch) / "tree"
        try:
            _git(top, "worktree", "add", "--detach", "--quiet", str(tree), commit)
            folder = tree / project.folder.resolve().relative_to(top.resolve())
            _lend_environment(project, folder)
            yield folder
        finally:
            _run_git(top, "worktree", "remove", "--force", str(tree))
            shutil.rmtree(tree, ignore_errors=True)


def _commit(revision: str, project: Project) -> str:
    """Raises CommandError for what is neither a revision nor, as was found before, a file or a folder."""
    found = _run_git(project.folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found.returncode != 0:
        raise CommandError(
            f"There is no revision, folder or file called {revision} here.",
            "Give a revision, a folder with a Pulumi project, or a stack export.",
        )
    return found.stdout.strip()


def _lend_environment(project: Project, folder: Path) -> None:
    """A worktree has no virtual environment of its own: the current one serves."""
    own = project.virtual_environment
    if own is None or not own.exists() or not own.is_relative_to(project.folder):
        return
    place = folder / own.relative_to(project.folder)
    if folder.is_dir() and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(own)


def _git(folder: Path, *words: str) -> str:
    done = _run_git(folder, *words)
    if done.returncode != 0:
        raise CommandError(f"git {words[0]} failed in {folder}:", *done.stderr.strip().splitlines())
    return done.stdout.strip()


def _run_git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        raise CommandError("There is no git on PATH, which a revision has to be read with.") from missing
