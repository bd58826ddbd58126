"""Where the Pulumi CLI comes from: the one on PATH, or else one built from its Go modules, once."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .build import ReportProgress, build
from .errors import CommandError

# The version that is built, and the oldest that is accepted on PATH: older ones were never tried with this twin.
VERSION = "3.259.0"
OLDEST_GO = (1, 25)
INSTALL_PULUMI = "https://www.pulumi.com/docs/install/"
INSTALL_GO = "https://go.dev/doc/install"


@dataclass(frozen=True)
class Cli:
    """A Pulumi CLI that the twin can use."""

    path: Path
    version: str


def find_cli(environment: Mapping[str, str], cache: Path, report: ReportProgress) -> Cli:
    """Return the CLI on PATH if it is recent enough, else the twin's own, building that the first time.

    `environment` is the twin's (see environment.py), so that not even asking for a version writes into the user's
    ~/.pulumi. `cache` is where the twin's own CLI is kept. Raises CommandError when there is nothing to build with.
    """
    on_path = _on_path(environment)
    if on_path and _numbers(on_path.version) >= _numbers(VERSION):
        return on_path
    own = Cli(cache / f"pulumi-{VERSION}" / "pulumi", VERSION)
    if own.path.exists():
        return own
    go = shutil.which("go", path=environment.get("PATH"))
    found_go = _answer([go, "env", "GOVERSION"], environment) if go else ""
    if not go or _numbers(found_go) < OLDEST_GO:
        raise CommandError(_nothing_to_use(on_path, found_go))
    build(own.path.parent, VERSION, go, environment, report)
    return own


def _on_path(environment: Mapping[str, str]) -> Cli | None:
    path = shutil.which("pulumi", path=environment.get("PATH"))
    version = _answer([path, "version"], environment) if path else ""
    return Cli(Path(path), version.removeprefix("v")) if path and version else None


def _nothing_to_use(on_path: Cli | None, go: str) -> str:
    found = f"pulumi {on_path.version} ({on_path.path}) is too old" if on_path else "there is no pulumi on PATH"
    builder = f"{go} is too old to build one" if go else "no Go to build one"
    return (
        f"{found} and {builder}: install Pulumi {VERSION} or later ({INSTALL_PULUMI})"
        f" or Go {'.'.join(map(str, OLDEST_GO))} or later ({INSTALL_GO})"
    )


def _answer(command: list[str], environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version such as v3.259.0, 3.260.0-dev.1 or go1.26.8; empty when there are none."""
    found = re.search(r"\d+(\.\d+)*", version)
    return tuple(int(number) for number in found.group().split(".")) if found else ()
