"""Which Pulumi is used: a recent one on PATH, else one built once, else a line on what to install."""

from pathlib import Path

import pytest

from twin.engine import cli
from twin.engine.cli import Cli, find_cli
from twin.engine.errors import CommandError


class Machine:
    """A machine with just the programs that a test puts onto it."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.cache = folder / "cache"

    def has(self, name: str, *, answering: str, status: int = 0) -> Path:
        program = self.bin / name
        program.write_text(f"#!/bin/sh\necho '{answering}'\nexit {status}\n")
        program.chmod(0o755)
        return program

    def find(self) -> Cli:
        return find_cli({"PATH": str(self.bin)}, self.cache, lambda *_: None)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which versions were built, and with which Go."""
    built: list[str] = []

    def build(folder: Path, version: str, go: str, *_: object) -> None:
        built.append(f"{version} with {Path(go).name}")
        folder.mkdir(parents=True)
        (folder / "pulumi").touch()

    monkeypatch.setattr(cli, "build", build)
    return built


@pytest.mark.parametrize("version", ["v3.259.0", "v3.260.1", "v4.0.0", "v3.300.0-dev.1+abc"])
def test_the_pulumi_on_path_is_used_when_it_is_recent_enough(version: str, machine: Machine, builds: list[str]):
    path = machine.has("pulumi", answering=version)

    assert machine.find() == Cli(path, version.removeprefix("v"))
    assert builds == []


@pytest.mark.parametrize("version", ["v3.258.9", "v3.99.0", "v2.300.0"])
def test_an_older_one_is_passed_over_for_the_twins_own(version: str, machine: Machine, builds: list[str]):
    machine.has("pulumi", answering=version)
    machine.has("go", answering="go1.25.11")

    assert machine.find() == Cli(machine.cache / "pulumi-3.259.0" / "pulumi", "3.259.0")
    assert builds == ["3.259.0 with go"]


def test_the_twins_own_is_built_once(machine: Machine, builds: list[str]):
    machine.has("go", answering="go1.26.8")

    assert machine.find() == machine.find()
    assert builds == ["3.259.0 with go"]


def test_one_that_was_built_before_needs_no_go(machine: Machine, builds: list[str]):
    (machine.cache / "pulumi-3.259.0").mkdir(parents=True)
    (machine.cache / "pulumi-3.259.0" / "pulumi").touch()

    assert machine.find().version == "3.259.0"
    assert builds == []


def test_a_pulumi_that_does_not_run_counts_as_none(machine: Machine, builds: list[str]):
    machine.has("pulumi", answering="v9.9.9", status=1)
    machine.has("go", answering="go1.26.8")

    machine.find()

    assert builds == ["3.259.0 with go"]


PULUMI = "install Pulumi 3.259.0 or later (https://www.pulumi.com/docs/install/)"
GO = "or Go 1.25 or later (https://go.dev/doc/install)"


def test_with_neither_one_line_says_what_to_install(machine: Machine):
    with pytest.raises(CommandError) as refused:
        machine.find()

    assert str(refused.value) == f"there is no pulumi on PATH and no Go to build one: {PULUMI} {GO}"


def test_with_both_too_old_one_line_says_so(machine: Machine):
    pulumi = machine.has("pulumi", answering="v3.100.0")
    machine.has("go", answering="go1.24.9")

    with pytest.raises(CommandError) as refused:
        machine.find()

    assert str(refused.value) == (
        f"pulumi 3.100.0 ({pulumi}) is too old and go1.24.9 is too old to build one: {PULUMI} {GO}"
    )
