"""Builds the Pulumi CLI from its Go modules: six minutes on two cores the first time, then kept in the user's cache."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .errors import CommandError

MODULE = Path(__file__).parent / "golang"
COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
LANGUAGE_EXECUTOR = "pulumi-language-python-exec"
SHOWN_ON_FAILURE = 20  # of Go's messages

# Beside `pulumi`, where the engine looks first. The twin's environment names the Python and the file, so that one
# cache serves every checkout and every virtual environment.
LANGUAGE_HOST = f"""#!/bin/sh
exec "$APIM_TWIN_PYTHON" "$APIM_TWIN_LANGUAGE_HOST" --exec "$(dirname "$0")/{LANGUAGE_EXECUTOR}" "$@"
"""

# Called with what is being done, how far it is, and how far it goes (0: not known).
ReportProgress = Callable[[str, int, int], None]


def build(folder: Path, version: str, go: str, environment: Mapping[str, str], report: ReportProgress) -> None:
    """Put `pulumi` and its Python language host into `folder`, whole or not at all.

    Two builds at a time do not collide: the second waits for the first and uses its result. Raises CommandError
    with the end of Go's output when the build fails.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.with_name(f"{folder.name}.lock"), report):
        if folder.exists():
            return
        for abandoned in folder.parent.glob(f"{folder.name}.building-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}.building-"))
        try:
            _build_into(scratch, version, go, environment, report)
            (scratch / "bin").rename(folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _build_into(scratch: Path, version: str, go: str, environment: Mapping[str, str], report: ReportProgress) -> None:
    # Go runs on a copy: it must never write into the repository. A workspace or flags of the user's must not leak in.
    for name in ("go.mod", "go.sum"):
        shutil.copyfile(MODULE / name, scratch / name)
    settings = {**environment, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "-mod=readonly -buildvcs=false"}
    progress = _Progress(report)
    report("listing its packages", 0, 0)
    _run([go, "list", "-deps", COMMAND], scratch, settings, progress.listed)
    flags = ["-trimpath", "-tags=osusergo,grpcnotrace"]
    flags.append(f"-ldflags=-s -w -X {SDK}/go/common/version.Version=v{version}")
    _run([go, "build", "-v", *flags, "-o", "bin/", COMMAND], scratch, settings, progress.compiled)
    said: list[str] = []
    _run([go, "list", "-m", "-f", "{{.Dir}}", SDK], scratch, settings, said.append)
    executor = Path(said[-1])
    shutil.copyfile(executor / "python" / "cmd" / LANGUAGE_EXECUTOR, scratch / "bin" / LANGUAGE_EXECUTOR)
    (scratch / "bin" / "pulumi-language-python").write_text(LANGUAGE_HOST)
    for program in (scratch / "bin").iterdir():
        program.chmod(0o755)


class _Progress:
    """Reads progress from what Go prints: first the packages there are, then each one that is compiled."""

    def __init__(self, report: ReportProgress) -> None:
        self.report = report
        self.packages = 0
        self.done = 0

    def listed(self, line: str) -> None:
        if line.startswith("go: downloading"):
            self.report(f"downloading {line.split()[2]}", 0, 0)
        else:
            self.packages += 1

    def compiled(self, line: str) -> None:
        self.done += 1
        self.report(f"compiling {line.rpartition('/')[2]}", self.done, self.packages)


def _run(command: list[str], folder: Path, environment: Mapping[str, str], each: Callable[[str], None]) -> None:
    """Run a command and hand over each line it prints. It ends with all it started when anything goes wrong."""
    seen: list[str] = []
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            for line in map(str.rstrip, process.stdout):
                if " " in line:  # a message, not the name of a package
                    seen = [*seen[1 - SHOWN_ON_FAILURE :], line]
                each(line)
        except BaseException:
            _end(process)
            raise
    if process.returncode != 0:
        ended = f"exit status {process.returncode}" if process.returncode > 0 else f"signal {-process.returncode}"
        raise CommandError(f"`{' '.join(command[:2])}` ended with {ended} while building Pulumi.", *seen)


def _end(process: subprocess.Popen[str]) -> None:
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    except ProcessLookupError:
        process.wait()


@contextmanager
def _alone(lock: Path, report: ReportProgress) -> Iterator[None]:
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("waiting for another build of the same version", 0, 0)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
