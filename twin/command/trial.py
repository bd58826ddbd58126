"""A deployment to look at: `up` in a process of its own, on a twin that lives for as long as that takes."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ..azure.listener import STATE_FILE
from ..azure.store import StateFile, Store
from ..engine.errors import CommandError
from ..engine.plugins import python_command
from . import running
from .reviewed import Program, Reviewed

_PORTS = ("--arm-port", "0", "--gateway-port", "0", "--accounts-port", "0")
_SHOWN = 20  # lines of what a deployment said that failed


@contextmanager
def deploying(program: Program, reviewed: Reviewed) -> Iterator[Callable[[], Store]]:
    """Begin to deploy; the twin, and the process where it still runs, end with the block.

    What is given waits for the end and returns what is then in Azure. Raises CommandError with what was said where
    the deployment fails.
    """
    words = ["up", "--no-demo", "--stack", reviewed.stack, "--estate", str(reviewed.estate), *_PORTS]
    with TemporaryDirectory(prefix="review-") as home:
        state, said = Path(home), Path(home) / "said.log"
        with said.open("w") as log:
            process = subprocess.Popen(
                [*python_command("__main__"), *words],
                cwd=program.folder,
                env={**os.environ, "APIM_TWIN_HOME": home},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

        def deployed() -> Store:
            if process.wait() != 0:
                last = [line for line in said.read_text(errors="replace").splitlines() if line.strip()][-_SHOWN:]
                raise CommandError(f"Stack {reviewed.stack} cannot be deployed from {program.name}:", *last)
            store = StateFile(state / STATE_FILE).read()
            assert store is not None
            return store

        try:
            yield deployed
        finally:
            process.terminate()
            process.wait()
            if server := running.find(state):
                running.stop(server)
