"""`pulumi ARGS`: what the CLI is really started with. (A CLI of a few lines stands in for it and tells that.)"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from twin.command import passthrough
from twin.command.running import Running
from twin.command.screen import Screen
from twin.engine.errors import CommandError

# Writes down its folder, its stack and its words, and ends with 7.
CLI = r"""#!/bin/sh
[ "$1" = version ] && echo v9.9.9 && exit
{ printf '%s\037' "$PWD" "$PULUMI_STACK" "$@"; echo; } >> "$TOLD"
if [ "$1 $2" = "stack init" ]; then
  stacks="${PULUMI_BACKEND_URL#file://}/.pulumi/stacks/gateway"
  mkdir -p "$stacks"
  touch "$stacks/$3.json"
fi
exit 7
"""


@dataclass(frozen=True)
class Call:
    """What the CLI was started with."""

    folder: str
    stack: str
    words: list[str]


class Here:
    """A project folder in which commands are typed, and what the CLI was started with each time."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.state = folder / "state"
        self.told = folder / "told"
        self.project.mkdir()
        self.told.touch()
        (self.project / "Pulumi.yaml").write_text("name: gateway\nruntime: python\n")
        (self.project / "Pulumi.dev.yaml").write_text("config:\n  gateway:location: eastus2\n")

    def types(self, *words: str) -> Call:
        """Run a command; returns what the CLI was started with last."""
        assert passthrough.pulumi(Screen(), list(words)) == 7
        return self.calls()[-1]

    def calls(self) -> list[Call]:
        told = [line.split("\x1f")[:-1] for line in self.told.read_text().split("\n")[:-1]]
        return [Call(folder, stack, words) for folder, stack, *words in told]

    @property
    def copy(self) -> str:
        return str(self.state / "configuration" / "gateway" / "Pulumi.dev.yaml")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    made = Here(tmp_path)
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(CLI)
    program.chmod(0o755)
    twin = Running(0, "http://127.0.0.1:8470", "http://127.0.0.1:8480", "", str(made.state), {})
    monkeypatch.setattr(passthrough, "started", lambda *_: (twin, True))
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setenv("TOLD", str(made.told))
    monkeypatch.setenv("APIM_TWIN_HOME", str(made.state))
    monkeypatch.chdir(made.project)
    return made


def test_a_deployment_reads_the_twins_copy_of_the_configuration(here: Here):
    told = here.types("up", "--yes")

    assert told == Call(str(here.project), "dev", ["up", "--config-file", here.copy, "--yes"])
    assert Path(here.copy).read_text() == (here.project / "Pulumi.dev.yaml").read_text()


def test_the_stack_is_made_before_it_is_used(here: Here):
    here.types("preview")
    here.types("preview")

    assert [call.words[:2] for call in here.calls()] == [
        ["stack", "init"],
        ["preview", "--config-file"],
        ["preview", "--config-file"],
    ]


def test_a_stack_that_only_a_person_names_is_left_to_them(here: Here):
    told = here.types("up", "--stack", "typo")

    assert told.stack == "typo"
    assert [call.words[0] for call in here.calls()] == ["up"]


def test_a_configuration_file_that_a_person_names_is_copied_too(here: Here):
    (here.project / "team.yaml").write_text("config:\n  gateway:location: westus\n")

    told = here.types("up", "--config-file", "team.yaml")

    assert told.words == ["up", "--config-file", here.copy]
    assert "westus" in Path(here.copy).read_text()


def test_reading_the_configuration_reads_the_copy(here: Here):
    assert here.types("config").words == ["config", "--config-file", here.copy]


@pytest.mark.parametrize("words", [["set", "name", "value"], ["rm", "name"], ["set-all", "--plaintext", "name=value"]])
def test_changing_the_configuration_changes_the_projects_own_file(words: list[str], here: Here):
    own = str(here.project / "Pulumi.dev.yaml")

    assert here.types("config", *words).words == ["config", "--config-file", own, *words]


@pytest.mark.parametrize("words", [["config", "set", "--secret", "name", "value"], ["config", "refresh"]])
def test_what_would_encrypt_with_the_twins_passphrase_is_refused(words: list[str], here: Here):
    with pytest.raises(CommandError, match="which is empty"):
        passthrough.pulumi(Screen(), words)


def test_a_secret_behind_a_passphrase_of_ones_own_is_allowed(here: Here, monkeypatch: pytest.MonkeyPatch):
    own = here.project / "Pulumi.dev.yaml"
    own.write_text("encryptionsalt: v1:team\n" + own.read_text())
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "s3cret")

    told = here.types("config", "set", "--secret", "name", "value")

    assert told.words[:3] == ["config", "--config-file", str(own)]


@pytest.mark.parametrize("words", [["stack", "rm", "--yes"], ["stack", "rename", "blue"], ["stack", "init", "blue"]])
def test_what_would_write_or_delete_a_stacks_file_works_in_a_scratch_folder(words: list[str], here: Here):
    told = here.types(*words)

    assert told.words == words
    assert told.folder == str(here.state / "configuration" / "gateway" / "scratch")


@pytest.mark.parametrize("words", [["stack", "output"], ["stack", "export", "--file", "state.json"], ["about"]])
def test_anything_else_goes_through_as_it_is(words: list[str], here: Here):
    told = here.types(*words)

    assert (told.words, told.folder) == (words, str(here.project))


def test_a_person_may_be_elsewhere_and_name_the_folder(here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)

    told = here.types("-C", "project", "up")

    assert (told.words, told.folder) == (["up", "--config-file", here.copy], str(here.project))


def test_where_there_is_no_project_the_cli_answers_itself(here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)

    assert here.types("up").words == ["up"]


def test_help_prepares_nothing(here: Here):
    assert here.types("up", "--help").words == ["up", "--help"]
    assert len(here.calls()) == 1
