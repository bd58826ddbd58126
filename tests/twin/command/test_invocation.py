"""Commands that are printed work when they are pasted into the shell in which the twin was started."""

from pathlib import Path

import pytest

from twin.command.invocation import invocation


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """The folder of programs of a virtual environment."""
    folder = tmp_path / "project" / ".venv" / "bin"
    folder.mkdir(parents=True)
    for name in ("python", "python3", "apim-twin"):
        (folder / name).touch(mode=0o755)
    return folder


@pytest.mark.parametrize("python", ["python", "python3"])
def test_in_an_active_environment_the_name_is_enough(environment: Path, python: str):
    path = f"{environment}:/usr/bin"
    assert invocation("twin", str(environment / python), path, environment.parents[1]) == "python -m twin"
    assert invocation("apim_twin", str(environment / python), path, environment.parents[1]) == "apim-twin"


@pytest.mark.parametrize("path", ["", "/usr/bin:/bin"])
def test_in_any_other_shell_it_is_told_where_the_program_lies_seen_from_the_folder(environment: Path, path: str):
    python, project = str(environment / "python"), environment.parents[1]
    assert invocation("twin", python, path, project) == ".venv/bin/python -m twin"
    assert invocation("apim_twin", python, path, project) == ".venv/bin/apim-twin"


def test_an_environment_elsewhere_is_told_by_its_whole_path(environment: Path, tmp_path: Path):
    python = str(environment / "python")
    assert invocation("twin", python, "/usr/bin", tmp_path / "other") == f"{python} -m twin"
    assert invocation("apim_twin", python, "/usr/bin", tmp_path / "other") == f"{environment}/apim-twin"


def test_a_python_of_the_same_name_elsewhere_is_not_meant(environment: Path, tmp_path: Path):
    (tmp_path / "python").touch(mode=0o755)
    path, project = f"{tmp_path}:{environment}", environment.parents[1]
    assert invocation("twin", str(environment / "python"), path, project) == ".venv/bin/python -m twin"


def test_a_path_that_a_shell_would_take_apart_is_quoted():
    assert invocation("twin", "/my tools/bin/python", "", Path("/project")) == "'/my tools/bin/python' -m twin"
