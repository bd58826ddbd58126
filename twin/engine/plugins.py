"""Puts the stand-in for the azure-native provider where the engine looks for it: into the twin's own PULUMI_HOME.

Only a CLI that runs in the twin's environment finds it there. It is never a program called
`pulumi-resource-azure-native` in a virtual environment or anywhere on PATH, where it would shadow the real one.
"""

import os
import shlex
import sys
from importlib import metadata
from pathlib import Path

PACKAGE = __name__.partition(".")[0]  # `twin` in the repository, `apim_twin` once installed
ROOT = Path(__file__).parents[2]  # the folder that holds the package


def python_command(module: str) -> list[str]:
    """The command that runs `main()` of a module of this package, from whichever folder and virtual environment."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {PACKAGE}.{module} import main; main()"
    return [sys.executable, "-P", "-c", code]


def install_provider(home: Path, wanted: set[str]) -> None:
    """Offer the stand-in to the engine as each version of azure-native in `wanted`, as the engine insists on equality.

    The engine asks for the version that the program's virtual environment holds.
    """
    script = f'#!/bin/sh\nexec {shlex.join(python_command("provider.__main__"))} "$@"\n'
    for version in wanted:
        program = home / "plugins" / f"resource-azure-native-v{version}" / "pulumi-resource-azure-native"
        if program.exists() and program.read_text() == script:
            continue
        program.parent.mkdir(parents=True, exist_ok=True)
        fresh = program.with_suffix(f".{os.getpid()}")  # an engine that starts meanwhile never sees half a script
        fresh.write_text(script)
        fresh.chmod(0o755)
        fresh.replace(program)


def installed_versions(virtual_environment: Path | None) -> set[str]:
    """The versions of pulumi-azure-native that the twin and a program's virtual environment hold."""
    found = {metadata.version("pulumi-azure-native")}
    if virtual_environment:
        packages = virtual_environment.glob("lib/python*/site-packages/pulumi_azure_native-*.dist-info")
        found |= {folder.name.removesuffix(".dist-info").rpartition("-")[2] for folder in packages}
    return found
