"""The real Pulumi CLI on a twin of the test's own: its Azure in this process, its stack in a temporary folder.

The program is the repository's own, where it lies; only its configuration is the test's. A deployed world can be put
aside and brought back in no time, so that tests that start from the same deployment pay for it once.
"""

import contextlib
import copy
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.arm import LocalArm, local_arm
from twin.azure.estate import REFERENCE
from twin.azure.store import Store
from twin.command.session import cache_folder
from twin.engine.cli import Cli, find_cli
from twin.engine.configuration import copy_configuration
from twin.engine.environment import Folders, environment
from twin.engine.events import Report
from twin.engine.plugins import install_provider, installed_versions
from twin.engine.projects import Project, find_project, scratch_folder
from twin.engine.runs import run_with_events

REPOSITORY = Path(__file__).parents[2]
NAMESPACE = "apim-ai-gateway"


@dataclass(frozen=True)
class World:
    """A deployment put aside: all of Azure, and what Pulumi knows of it."""

    azure: str
    stacks: Path
    writes: list[dict[str, Any]]


@dataclass
class Stack:
    """A stack on a twin. `settings` is its configuration, key by key without the namespace, for tests to change."""

    arm: LocalArm
    cli: Cli
    project: Project
    folders: Folders
    name: str = "dev"
    settings: dict[str, Any] = field(default_factory=dict)
    writes_before: list[dict[str, Any]] = field(default_factory=list)
    """What Azure was asked to make the world that was brought back."""

    def up(self) -> Report:
        """Deploy, and expect that to succeed."""
        return self.succeed("up", "--yes", "--skip-preview")

    def preview(self, *options: str) -> Report:
        return self.succeed("preview", *options)

    def refresh(self) -> Report:
        return self.succeed("refresh", "--yes", "--skip-preview")

    def destroy(self) -> Report:
        return self.succeed("destroy", "--yes", "--skip-preview")

    def succeed(self, *words: str) -> Report:
        report, said = self.attempt(*words)
        assert report.succeeded, "\n".join([*(one.message for one in report.errors), said])
        return report

    def fail(self, *words: str) -> Report:
        report, _ = self.attempt(*words)
        assert not report.succeeded
        return report

    def attempt(self, *words: str) -> tuple[Report, str]:
        """Run a command that reports events. Returns the report and what else the CLI said."""
        report = Report(previewing="--skip-preview" not in words)
        ended = run_with_events(
            [*self._command(*words), "--json"],
            self.environment,
            self.project.folder,
            on_event=report.feed,
            on_interrupt=lambda: None,
        )
        return report, ended.said

    def pulumi(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run any other command about the stack."""
        command = [str(self.cli.path), *words, "--stack", self.name, "--non-interactive", "--color", "never"]
        return subprocess.run(
            command, env=self.environment, cwd=self.project.folder, capture_output=True, text=True, check=False
        )

    def typed(self, command: str, *options: str) -> str:
        """Run a command as a page shows it, with these options as well. Returns what it said; it must succeed."""
        program, *words = shlex.split(command)
        assert program == "pulumi"
        done = subprocess.run(
            self._command(*words, *options),
            env=self.environment,
            cwd=self.project.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def service(self) -> str:
        """The id of the one API Management service."""
        [service] = self.arm.store.all("apimanagement:ApiManagementService")
        return service.id

    def azure(self, method: str, path: str, body: object = None) -> Any:
        """Call Azure behind Pulumi's back, about something below the service; the call must succeed."""
        status, answer = self.arm.call(method, f"{self.service()}/{path}?api-version=2024-05-01", body)
        assert status < 300, answer
        return answer

    def everything(self) -> dict[str, Any]:
        """All that is in Azure by its id, as Azure shows it."""
        self.arm.call("GET", "/subscriptions?api-version=2022-12-01")  # what was begun is done by the next call
        return {one.id: (one.body, one.private) for one in self.arm.store.all()}

    def writes(self) -> list[dict[str, Any]]:
        """The PUT, PATCH and DELETE requests that Azure has seen and done."""
        asked = self.arm.requests()
        return [one for one in asked if one["method"] in ("PUT", "PATCH", "DELETE") and one["status"] < 300]

    @property
    def environment(self) -> dict[str, str]:
        return environment(os.environ, self.folders, self.arm.url)

    def put_aside(self, folder: Path) -> World:
        shutil.copytree(self.folders.backend, folder)
        return World(self.arm.store.text(), folder, self.writes())

    def bring_back(self, world: World) -> None:
        """Be as at the time of `put_aside`, with no request, fault or delay of any other test."""
        self.arm.call("POST", "/_twin/reset")
        self.writes_before = world.writes
        self.arm.endpoint.state.store = Store.parse(world.azure)
        shutil.rmtree(self.folders.backend)
        shutil.copytree(world.stacks, self.folders.backend)

    def _command(self, *words: str) -> list[str]:
        original = self.folders.state / "settings.yaml"
        settings = {f"{NAMESPACE}:{key}": value for key, value in self.settings.items()}
        original.write_text(yaml.safe_dump({"config": settings}))
        made = copy_configuration(original, self.folders.configuration / "settings.yaml", self.environment)
        options = ["--stack", self.name, "--config-file", str(made.file), "--non-interactive", "--color", "never"]
        return [str(self.cli.path), *words, *options]


def reference_settings() -> dict[str, Any]:
    """What Pulumi.dev.yaml says."""
    return committed_settings("dev")


def committed_settings(stack: str) -> dict[str, Any]:
    """What Pulumi.<stack>.yaml says."""
    content = yaml.safe_load((REPOSITORY / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {key.removeprefix(f"{NAMESPACE}:"): value for key, value in copy.deepcopy(content).items()}


@contextlib.contextmanager
def empty_stack(
    folder: Path, *, name: str = "dev", program: Path = REPOSITORY, estate: Path = REFERENCE
) -> Iterator[Stack]:
    """A stack of which nothing is deployed yet, on an Azure as the estate describes it."""
    folders = Folders(folder / "state")
    folders.backend.mkdir(parents=True)
    cli = find_cli(environment(os.environ, folders), cache_folder(), lambda *_: None)
    with local_arm(estate) as arm:
        yield _new_stack(name, arm, cli, folders, program)


def beside(stack: Stack, program: Path) -> Stack:
    """An empty stack of another project on the same twin, without configuration."""
    made = _new_stack("dev", stack.arm, stack.cli, stack.folders, program)
    made.settings = {}
    return made


def _new_stack(name: str, arm: LocalArm, cli: Cli, folders: Folders, program: Path) -> Stack:
    project = find_project(program)
    assert project is not None
    install_provider(folders.home, installed_versions(project.virtual_environment))
    stack = Stack(arm, cli, project, folders, name, reference_settings())
    command = [str(cli.path), "stack", "init", stack.name]
    subprocess.run(
        command, env=stack.environment, cwd=scratch_folder(project, folders), check=True, capture_output=True
    )
    return stack


def operations(report: Report) -> list[tuple[str, str]]:
    """What a run changed in Azure, components aside: (operation, resource), in alphabetical order."""
    return sorted((step.operation, step.resource.name) for step in report.changes if ":" in step.resource.type)
