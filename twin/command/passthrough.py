"""pulumi ARGS: the real CLI on the twin, for whatever `up`, `preview` and `down` do not do.

Arguments go through as they are. Changed is only what keeps the project's files out of it (see engine/projects.py):

    pulumi up, preview, refresh, …     read the twin's copy of the stack's configuration, made anew each time
    pulumi config set, rm, …           write the project's own file, as whoever types that expects
    pulumi stack init, rm, rename, …   work in a scratch folder, as they would write or delete the project's file
"""

import os
from pathlib import Path

from ..engine.cli import Cli
from ..engine.configuration import can_read_secrets
from ..engine.environment import Folders, environment
from ..engine.errors import CommandError
from ..engine.projects import Project, find_project, scratch_folder, selected_stack, stack_exists
from ..engine.runs import run_in_terminal, run_quietly
from . import running
from .arguments import Arguments, parse
from .running import Wanted
from .screen import Screen
from .session import DEFAULT_STACK, cli_for, configuration_for, made_stack, started, writable_folders

# These talk to Azure, so the twin is started for them; all of them take --config-file.
DEPLOYING = frozenset({"up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "import", "watch", "logs"})
CHANGING_SETTINGS = frozenset({"set", "set-all", "rm", "remove", "delete", "rm-all", "remove-all", "delete-all"})
CHANGING_STACK_FILES = frozenset({"init", "new", "rm", "remove", "rename", "change-secrets-provider"})


def pulumi(screen: Screen, words: list[str]) -> int:
    """Run the CLI in the twin's environment on the project in the current folder. Returns its exit status."""
    arguments = parse(words)
    folder = Path(arguments.folder or ".").absolute()
    folders = writable_folders()
    cli = cli_for(screen, folders)
    project = None if arguments.asks_for_help else find_project(folder)
    twin = running.find(folders.state)
    if project and twin is None and arguments.command in DEPLOYING:
        twin, _ = started(screen, folders.state, Wanted())
        screen.warn(f"The twin was not running and has been started. To stop it: {running.COMMAND} down")
    told = environment(os.environ, folders, twin.arm if twin else "")
    if project is None:
        return run_in_terminal([str(cli.path), *arguments.words], told, folder)
    stack = arguments.stack or told.get("PULUMI_STACK") or selected_stack(folders, project) or DEFAULT_STACK
    told["PULUMI_STACK"] = stack
    if arguments.command == "stack" and arguments.subcommand in CHANGING_STACK_FILES:
        return _change_stacks(cli, arguments, project, folders, told)
    words = list(arguments.words)
    if arguments.command in DEPLOYING or arguments.command == "config":
        _make_known_stack(cli, project, stack, told, folders)
        words = arguments.with_option("--config-file", str(_file(screen, arguments, project, stack, told, folders)))
    return run_in_terminal([str(cli.path), *words], told, folder)


def _make_known_stack(cli: Cli, project: Project, stack: str, told: dict[str, str], folders: Folders) -> None:
    """Make the stack where it is clearly meant; for any other name the CLI's own answer is the best."""
    if stack == DEFAULT_STACK or project.stack_file(stack).exists():
        made_stack(cli, project, stack, told, folders)


def _file(
    screen: Screen, arguments: Arguments, project: Project, stack: str, told: dict[str, str], folders: Folders
) -> Path:
    """The configuration file for a command: the project's own where a person changes settings, else the twin's copy."""
    named = Path(arguments.folder or ".") / arguments.config_file if arguments.config_file else None
    original = named or project.stack_file(stack)
    changing = arguments.command == "config" and arguments.subcommand in CHANGING_SETTINGS
    encrypting = arguments.has("--secret") or (arguments.command, arguments.subcommand) == ("config", "refresh")
    if encrypting and not can_read_secrets(original, told):
        raise CommandError(
            f"This would encrypt secrets in {original.name} with the twin's passphrase, which is empty.",
            "Set them with your own `pulumi` instead. To use secrets that a passphrase protects on the twin, too, put "
            "it into PULUMI_CONFIG_PASSPHRASE.",
        )
    if changing or encrypting:
        return original.absolute()
    return configuration_for(screen, project, stack, told, folders, original).file


def _change_stacks(cli: Cli, arguments: Arguments, project: Project, folders: Folders, told: dict[str, str]) -> int:
    scratch = scratch_folder(project, folders)
    status = run_in_terminal([str(cli.path), *arguments.words], told, scratch)
    if status == 0 and arguments.subcommand in ("init", "new") and not arguments.has("--no-select"):
        chosen = selected_stack(folders, find_project(scratch) or project)
        if chosen and stack_exists(folders, project.name, chosen):
            run_quietly([str(cli.path), "stack", "select", chosen], told, project.folder)
    return status
