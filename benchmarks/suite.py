"""How long the units take, that is all tests without a CLI and without real clients: what somebody waits for after each
change."""

import os
import subprocess
import sys

from .measuring import seconds

TESTS = [sys.executable, "-m", "pytest", "-q", "-m", "not engine and not azure and not clients", "--numprocesses"]


def unit_seconds() -> dict[str, float]:
    """The whole of the run, with bytecode at hand: after a change, all but what was changed is compiled already."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)

    run(*TESTS, "0", "--collect-only")
    return {"tests.unit_seconds": seconds(lambda: run(*TESTS, "2"))}
