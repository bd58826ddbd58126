"""The two sides of a review: what is deployed where, of revisions and folders. (A deployment is only written down.)"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from twin.azure.estate import REFERENCE
from twin.azure.store import Resource, Store
from twin.command.reviewed import Program, Reviewed, described, merge_base, stores_at
from twin.engine.errors import CommandError
from twin.engine.projects import Project, find_project


class Deployments:
    """Writes down what is deployed: who the folder is known as, and the location that its configuration names."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []
        self.folders: list[Path] = []
        self.waited: list[str] = []
        self.environments: list[bool] = []
        self.fails = ""

    @contextmanager
    def __call__(self, program: Program, reviewed: Reviewed) -> Iterator[Callable[[], Store]]:
        configuration = (program.folder / f"Pulumi.{reviewed.stack}.yaml").read_text().strip()
        self.begun.append((program.name, configuration))
        self.folders.append(program.folder)
        self.environments.append((program.folder / ".venv" / "mark").exists())

        def wait() -> Store:
            assert len(self.begun) == 2, "both go on at the same time"
            self.waited.append(program.name)
            if program.name == self.fails:
                raise CommandError(f"{program.name} fails")
            store = Store()
            store.put(Resource(f"/{configuration}", "resources:ResourceGroup"))
            return store

        yield wait


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project within a repository: main says `old`, a branch from it `new`, the working tree `newest`."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "a")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = tmp_path / "repository" / "gateway"
    (folder / ".venv").mkdir(parents=True)
    (folder / ".venv" / "mark").touch()
    (folder / "Pulumi.yaml").write_text("name: g\nruntime: {name: python, options: {virtualenv: .venv}}\n")
    (tmp_path / "repository" / ".gitignore").write_text(".venv\n")
    git(folder.parent, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "old")
    git(folder, "checkout", "--quiet", "-b", "change")
    commit(folder, "new")
    (folder / "Pulumi.dev.yaml").write_text("newest\n")
    monkeypatch.chdir(folder)
    found = find_project(folder)
    assert found is not None
    return found


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, says: str) -> None:
    (folder / "Pulumi.dev.yaml").write_text(f"{says}\n")
    git(folder, "add", "--all", "..")
    git(folder, "commit", "--quiet", "--message", says)


def reviewed(project: Project, stack: str = "dev") -> Reviewed:
    return Reviewed(project, stack, REFERENCE)


def ids(stores: list[Store]) -> list[list[str]]:
    return [[one.id for one in store.all()] for store in stores]


def test_a_revision_and_the_working_tree_are_deployed_as_they_are(project: Project):
    deployments = Deployments()

    stores = stores_at(["main", "."], reviewed(project), deployments)

    short = git(project.folder, "rev-parse", "--short", "main")
    assert deployments.begun == [(f"main ({short})", "old"), ("the working tree", "newest")]
    assert ids(stores) == [["/old"], ["/newest"]]
    assert deployments.folders[1] == project.folder


def test_two_revisions_leave_the_working_tree_alone(project: Project):
    deployments = Deployments()

    assert ids(stores_at(["main", "HEAD"], reviewed(project), deployments)) == [["/old"], ["/new"]]
    assert project.folder not in deployments.folders
    assert (project.folder / "Pulumi.dev.yaml").read_text() == "newest\n"


def test_a_revision_lies_in_a_worktree_that_is_gone_afterwards(project: Project):
    deployments = Deployments()

    stores_at(["main", "HEAD"], reviewed(project), deployments)

    assert not any(folder.exists() for folder in deployments.folders)
    assert len(git(project.folder, "worktree", "list").splitlines()) == 1


def test_the_worktree_is_gone_also_when_a_deployment_fails(project: Project):
    deployments = Deployments()
    deployments.fails = "the working tree"

    with pytest.raises(CommandError, match="the working tree fails"):
        stores_at(["main", "."], reviewed(project), deployments)

    assert len(git(project.folder, "worktree", "list").splitlines()) == 1


def test_the_virtual_environment_is_lent_to_a_revision_and_stays(project: Project):
    deployments = Deployments()

    stores_at(["main", "HEAD"], reviewed(project), deployments)

    assert deployments.environments == [True, True]
    assert (project.folder / ".venv" / "mark").exists()


def test_another_folder_is_a_side_too(project: Project, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "Pulumi.yaml").write_text("name: g\nruntime: python\n")
    (other / "Pulumi.dev.yaml").write_text("elsewhere\n")
    deployments = Deployments()

    assert ids(stores_at([str(other), "."], reviewed(project), deployments)) == [["/elsewhere"], ["/newest"]]
    assert deployments.begun[0][0] == str(other)


def test_a_stack_that_only_one_side_knows_is_new_or_gone(project: Project):
    (project.folder / "Pulumi.prod.yaml").write_text("produced\n")
    deployments = Deployments()
    deployments.begun.append(("nothing else", "is begun"))

    assert ids(stores_at(["main", "."], reviewed(project, "prod"), deployments)) == [[], ["/produced"]]
    assert deployments.waited == ["the working tree"]


def test_a_revision_without_the_project_says_so(project: Project):
    git(project.folder, "checkout", "--quiet", "--force", "--orphan", "unrelated")
    git(project.folder, "rm", "--quiet", "-r", "--force", "..")
    (project.folder.parent / "README").touch()
    git(project.folder.parent, "add", "README")
    git(project.folder.parent, "commit", "--quiet", "--message", "unrelated")
    git(project.folder.parent, "checkout", "--quiet", "change")

    with pytest.raises(CommandError, match=r"^There is no Pulumi\.yaml in unrelated \("):
        stores_at(["unrelated", "."], reviewed(project), Deployments())


def test_a_folder_inside_a_project_is_none(project: Project):
    (project.folder / "docs").mkdir()

    with pytest.raises(CommandError, match=r"There is no Pulumi\.yaml in docs"):
        stores_at(["docs", "."], reviewed(project), Deployments())


def test_what_is_no_side_at_all_is_told_with_what_could_be_one(project: Project):
    with pytest.raises(CommandError, match="no revision, folder or file called mian here") as refused:
        stores_at(["mian", "."], reviewed(project), Deployments())

    assert refused.value.advice == ("Give a revision, a folder with a Pulumi project, or a stack export.",)


def test_sides_are_known_by_what_a_reader_would_call_them(project: Project):
    commit_id = git(project.folder, "rev-parse", "main")
    short = git(project.folder, "rev-parse", "--short", "main")

    assert described(".", project) == "the working tree"
    assert described("main", project) == f"main ({short})"
    assert described(commit_id, project) == short
    assert described(str(project.folder), project) == str(project.folder)


def test_without_a_base_it_is_where_the_branch_left_the_default_one(project: Project):
    left = git(project.folder, "rev-parse", "main")
    git(project.folder, "stash", "--quiet")
    git(project.folder, "checkout", "--quiet", "main")
    commit(project.folder, "later")
    git(project.folder, "checkout", "--quiet", "change")

    assert merge_base(project) == left


def test_a_repository_without_a_default_branch_asks_for_a_base(project: Project):
    git(project.folder, "branch", "--quiet", "--move", "main", "trunk")

    with pytest.raises(CommandError, match="There is no default branch here") as refused:
        merge_base(project)

    assert "python -m twin review BASE HEAD" in refused.value.advice[0]
    assert "git fetch --unshallow" in refused.value.advice[1]
