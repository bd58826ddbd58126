"""A person's Pulumi project as the twin uses it: read where it lies, never written to.

Pulumi writes into a project on its own: `stack init` and the first secret put an `encryptionsalt` into
Pulumi.<stack>.yaml, `stack rm` deletes that file. So stacks are made in a scratch folder that holds a copy of
Pulumi.yaml, and every command reads a copy of the stack's configuration through `--config-file`.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

from .environment import Folders
from .errors import CommandError

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


@dataclass(frozen=True)
class Project:
    """A folder with a Pulumi.yaml."""

    file: Path
    name: str
    virtual_environment: Path | None
    stack_folder: Path

    @property
    def folder(self) -> Path:
        return self.file.parent

    def stack_file(self, stack: str) -> Path:
        """Where the configuration of a stack lies, or would lie."""
        return self.stack_folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml"


def find_project(folder: Path) -> Project | None:
    """The project of a folder: that of the nearest Pulumi.yaml, here or above, as Pulumi looks for it."""
    folder = folder.resolve()
    for candidate in (parent / name for parent in (folder, *folder.parents) for name in PROJECT_FILES):
        if candidate.is_file():
            return _read(candidate)
    return None


def _read(file: Path) -> Project:
    content = _yaml(file)
    name, runtime = content.get("name"), content.get("runtime")
    if not isinstance(name, str):
        raise CommandError(f"{file} names no project.", "It needs a line such as `name: apim-ai-gateway`.")
    options = runtime.get("options") if isinstance(runtime, dict) else None
    environment = options.get("virtualenv") if isinstance(options, dict) else None
    return Project(
        file=file,
        name=name,
        virtual_environment=file.parent / str(environment) if environment else None,
        stack_folder=file.parent / str(content.get("stackConfigDir") or "."),
    )


def _yaml(file: Path) -> dict[str, object]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        return {}
    return content


def scratch_folder(project: Project, folders: Folders) -> Path:
    """A folder that looks like the project to those commands that write into it or delete from it."""
    folder = folders.configuration / project.name / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(project.file, folder / project.file.name)
    return folder


def stack_exists(folders: Folders, project: str, stack: str) -> bool:
    """Whether the twin's backend holds the stack: one file a stack, perhaps compressed, perhaps with a backup."""
    name, folder = stack.rpartition("/")[2], folders.backend / ".pulumi" / "stacks" / project
    return any((folder / f"{name}.json{ending}").exists() for ending in ("", ".gz", ".zst"))


def unlock(folders: Folders, project: str, stack: str) -> None:
    """Take away the locks of a stack whose holders are gone: a CLI that was killed leaves its own for ever."""
    locks = folders.backend / ".pulumi" / "locks" / "organization" / project / stack.rpartition("/")[2]
    for lock in locks.glob("*.json"):
        try:
            holder = psutil.Process(json.loads(lock.read_text())["pid"])
            held = "pulumi" in holder.name()  # else the number belongs to another process by now
        except psutil.NoSuchProcess:
            held = False
        if not held:
            lock.unlink(missing_ok=True)


def selected_stack(folders: Folders, project: Project) -> str | None:
    """The stack that `pulumi stack select` chose for this project, if any did; see Pulumi's sdk/go/common/workspace."""
    # SHA-1 is Pulumi's choice of a file name, not a matter of security.
    digest = hashlib.sha1(str(project.file).encode(), usedforsecurity=False).hexdigest()
    settings = folders.home / "workspaces" / f"{project.name}-{digest}-workspace.json"
    if not settings.exists():
        return None
    chosen = json.loads(settings.read_text()).get("stacks", {}).get(folders.backend.as_uri())
    return chosen.rpartition("/")[2] if chosen else None
