"""How long the tests take that need no CLI: what somebody waits for after each change."""

import subprocess
import sys

from .measuring import seconds


def unit_seconds() -> dict[str, float]:
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not engine and not azure", "--numprocesses", "2"]
    return {"tests.unit_seconds": seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))}
