"""What every command that runs Pulumi needs first: the project, the CLI, the twin, the stack and its configuration."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_dir, user_state_dir

from ..engine.cli import Cli, find_cli
from ..engine.configuration import Configuration, copy_configuration
from ..engine.environment import Folders, environment
from ..engine.errors import CommandError
from ..engine.plugins import install_provider, installed_versions
from ..engine.projects import Project, find_project, scratch_folder, stack_exists, unlock
from ..engine.runs import run_quietly
from . import running
from .calls import add_estate
from .running import COMMAND, Running, Wanted
from .screen import Screen

DEFAULT_STACK = "dev"
BUILDING = "Building Pulumi from its Go modules: about 6 minutes on 2 cores and 2 GB of Go's caches, once"


@dataclass(frozen=True)
class Options:
    """What a person may ask for: a stack, how the twin is to run, and a file of what is to exist in Azure besides what
    is there already."""

    stack: str = DEFAULT_STACK
    wanted: Wanted = field(default_factory=Wanted)
    estate: Path | None = None


@dataclass(frozen=True)
class Session:
    """A stack of a project on the twin, ready for the CLI."""

    cli: Cli
    project: Project
    stack: str
    environment: Mapping[str, str]
    configuration: Configuration
    twin: Running
    folders: Folders

    def command(self, *words: str) -> list[str]:
        """A command of the CLI about this stack, which asks nothing."""
        options = ["--stack", self.stack, "--config-file", str(self.configuration.file)]
        return [str(self.cli.path), *words, *options, "--non-interactive", "--color", "never"]


@contextmanager
def session(screen: Screen, options: Options) -> Iterator[Session]:
    """Prepare all that a command needs, starting the twin if it does not run.

    A twin that was started for a command which is then interrupted is stopped again.
    """
    project, folders, stack = project_here(), writable_folders(), options.stack
    _known_stack(project, stack, folders)
    cli = cli_for(screen, folders)
    twin, fresh = started(screen, folders.state, options.wanted)
    try:
        if options.estate:
            add_estate(twin, options.estate)
        told = environment(os.environ, folders, twin.arm)
        made_stack(cli, project, stack, told, folders)
        unlock(folders, project.name, stack)
        configuration = configuration_for(screen, project, stack, told, folders, project.stack_file(stack))
        yield Session(cli, project, stack, told, configuration, twin, folders)
    except KeyboardInterrupt:
        if fresh:
            running.stop(twin)
        raise


def state_folder(ambient: Mapping[str, str] = os.environ) -> Path:
    """APIM_TWIN_HOME, or the user's own folder for such things."""
    return Path(ambient.get("APIM_TWIN_HOME") or user_state_dir("apim-twin")).absolute()


def writable_folders() -> Folders:
    """The twin's folders, made where they are missing. Raises CommandError where that is not allowed."""
    folders = Folders(state_folder())
    try:
        folders.backend.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            f"The twin cannot write its state folder {folders.state}: {error.strerror}.",
            "Name another one in the environment variable APIM_TWIN_HOME.",
        ) from error
    return folders


def cache_folder() -> Path:
    """Where the CLI is kept that the twin built; all state folders of a user share it."""
    return Path(user_cache_dir("apim-twin"))


def project_here() -> Project:
    """The project of the current folder. Raises CommandError where there is none."""
    project = find_project(Path.cwd())
    if project is None:
        raise CommandError(
            f"There is no Pulumi.yaml in {Path.cwd()} or above it.", "Change to the folder of a Pulumi project."
        )
    return project


def cli_for(screen: Screen, folders: Folders) -> Cli:
    """The CLI to use, built if need be."""
    with screen.working("Looking for Pulumi") as work:

        def report(text: str, done: int, total: int) -> None:
            work.rename(BUILDING)
            work.advance(text, done, total)

        return find_cli(environment(os.environ, folders), cache_folder(), report)


def started(screen: Screen, state: Path, wanted: Wanted) -> tuple[Running, bool]:
    """The twin, and whether it was started just now. Raises CommandError when one runs that is not as wanted."""
    with screen.working("Starting the twin"):
        return running.start(state, wanted)


def made_stack(cli: Cli, project: Project, stack: str, told: Mapping[str, str], folders: Folders) -> None:
    """See to it that the stack exists on the twin."""
    if stack_exists(folders, project.name, stack):
        return
    made = run_quietly([str(cli.path), "stack", "init", stack], told, scratch_folder(project, folders))
    if made.returncode != 0 and not stack_exists(folders, project.name, stack):
        raise CommandError(f"Pulumi could not make the stack {stack}:", made.stderr.strip())


def configuration_for(
    screen: Screen, project: Project, stack: str, told: Mapping[str, str], folders: Folders, original: Path
) -> Configuration:
    """The twin's copy of a configuration file, made anew; and the provider where the engine will look for it."""
    install_provider(folders.home, installed_versions(project.virtual_environment))
    copy = folders.configuration / project.name / project.stack_file(stack).name
    configuration = copy_configuration(original, copy, told)
    for key in configuration.left_out:
        screen.warn(f"{original.name}: {key} is left out on the twin")
    return configuration


def _known_stack(project: Project, stack: str, folders: Folders) -> None:
    """Refuse a stack that nothing here knows, which is most likely a slip of the fingers."""
    if stack == DEFAULT_STACK or project.stack_file(stack).exists() or stack_exists(folders, project.name, stack):
        return
    files = sorted(file.name for file in project.stack_folder.glob("Pulumi.*.yaml"))
    raise CommandError(
        f"There is no {project.stack_file(stack).name} beside {project.file.name}, and no stack {stack} on the twin.",
        f"Configured here: {', '.join(files) or 'no stack at all'}. For one without configuration: "
        f"{COMMAND} pulumi stack init {stack}",
    )
