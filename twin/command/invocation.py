"""What a person types to reach this command, so that the commands it prints work when they are pasted."""

import shlex
import shutil
from pathlib import Path


def invocation(package: str, python: str, path: str, folder: Path) -> str:
    """The command of `package`, which runs on `python`, for a shell with that PATH in that folder.

    Installed, it is a program beside Python; in the repository, a module. `make up` runs it on the Python of .venv,
    which a shell does not find by its name unless that environment is active.
    """
    if package == "twin":
        return f"{_found('python', Path(python), path, folder)} -m twin"
    return _found("apim-twin", Path(python).with_name("apim-twin"), path, folder)


def _found(name: str, program: Path, path: str, folder: Path) -> str:
    """The name alone where the shell finds the program by it, else where it lies, from the folder if it is inside."""
    found = shutil.which(name, path=path)
    if found and Path(found).absolute().parent == program.parent:
        return name
    return shlex.quote(str(program.relative_to(folder) if program.is_relative_to(folder) else program))
