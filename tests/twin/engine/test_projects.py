"""A person's project is found as Pulumi finds it, and what Pulumi keeps about it is read where Pulumi keeps it."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from twin.engine.environment import Folders
from twin.engine.errors import CommandError
from twin.engine.projects import find_project, scratch_folder, selected_stack, stack_exists, unlock

MANIFEST = "name: gateway\nruntime: {name: python, options: {virtualenv: .venv}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "Pulumi.yaml").write_text(MANIFEST)
    return tmp_path / "project"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "state")


def test_the_project_of_a_folder_is_the_nearest_one_above(folder: Path):
    inner = folder / "components" / "deep"
    inner.mkdir(parents=True)

    project = find_project(inner)

    assert project is not None
    assert (project.name, project.folder) == ("gateway", folder)
    assert project.virtual_environment == folder / ".venv"


def test_a_folder_may_belong_to_no_project(tmp_path: Path):
    assert find_project(tmp_path) is None


@pytest.mark.parametrize("name", ["Pulumi.yml", "Pulumi.json"])
def test_a_manifest_may_have_the_other_names_that_pulumi_knows(name: str, tmp_path: Path):
    (tmp_path / name).write_text('{"name": "gateway", "runtime": "python"}')

    project = find_project(tmp_path)

    assert project is not None
    assert (project.name, project.virtual_environment) == ("gateway", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [("runtime: python\n", "names no project"), ("name: [\n", "is not YAML"), ("", "names no project")],
)
def test_a_manifest_that_cannot_be_read_is_named(text: str, message: str, tmp_path: Path):
    (tmp_path / "Pulumi.yaml").write_text(text)

    with pytest.raises(CommandError, match=rf"Pulumi\.yaml {message}"):
        find_project(tmp_path)


def test_a_stacks_configuration_lies_beside_the_manifest_or_where_the_manifest_says(folder: Path):
    beside = find_project(folder)
    (folder / "Pulumi.yaml").write_text(MANIFEST + "stackConfigDir: stacks\n")
    elsewhere = find_project(folder)

    assert beside is not None
    assert elsewhere is not None
    assert beside.stack_file("organization/gateway/dev") == folder / "Pulumi.dev.yaml"
    assert elsewhere.stack_file("dev") == folder / "stacks" / "Pulumi.dev.yaml"


def test_a_scratch_folder_has_the_manifest_and_nothing_else(folder: Path, folders: Folders):
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    project = find_project(folder)
    assert project is not None

    scratch = scratch_folder(project, folders)

    assert {file.name: file.read_text() for file in scratch.iterdir()} == {"Pulumi.yaml": MANIFEST}
    assert folders.state in scratch.parents


@pytest.mark.parametrize("name", ["dev.json", "dev.json.gz"])
def test_a_stack_exists_when_the_backend_has_its_file(name: str, folders: Folders):
    stacks = folders.backend / ".pulumi" / "stacks" / "gateway"
    stacks.mkdir(parents=True)
    (stacks / "dev.json.bak").touch()  # what `stack rm` leaves
    assert not stack_exists(folders, "gateway", "dev")

    (stacks / name).touch()

    assert stack_exists(folders, "gateway", "organization/gateway/dev")
    assert not stack_exists(folders, "gateway", "de")


def test_a_lock_goes_when_its_holder_is_gone_and_stays_while_it_works(folders: Folders, tmp_path: Path):
    locks = folders.backend / ".pulumi" / "locks" / "organization" / "gateway" / "dev"
    locks.mkdir(parents=True)
    (tmp_path / "pulumi").symlink_to("/bin/sleep")
    with subprocess.Popen([tmp_path / "pulumi", "600"]) as works, subprocess.Popen(["true"]) as gone:
        gone.wait()
        for name, pid in {"works": works.pid, "gone": gone.pid, "another program": os.getpid()}.items():
            (locks / f"{name}.json").write_text(json.dumps({"pid": pid}))

        unlock(folders, "gateway", "dev")

        assert [file.name for file in locks.iterdir()] == ["works.json"]
        works.kill()


def test_the_selected_stack_is_the_one_that_pulumi_wrote_down_for_this_project(folder: Path, folders: Folders):
    project = find_project(folder)
    assert project is not None
    assert selected_stack(folders, project) is None
    # SHA-1 of "/somewhere/project/Pulumi.yaml", as in sdk/go/common/workspace/workspace.go.
    name = f"gateway-{hashlib.sha1(str(folder / 'Pulumi.yaml').encode()).hexdigest()}-workspace.json"
    (folders.home / "workspaces").mkdir(parents=True)
    settings = {"stacks": {folders.backend.as_uri(): "organization/gateway/blue", "https://api.pulumi.com": "prod"}}
    (folders.home / "workspaces" / name).write_text(json.dumps(settings))

    assert selected_stack(folders, project) == "blue"
