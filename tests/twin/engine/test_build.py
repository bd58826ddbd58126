"""The CLI is built whole or not at all, once, by one builder at a time. (A `go` of a few lines stands in for Go.)"""

import fcntl
import os
import select
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from twin.engine.build import MODULE, build
from twin.engine.errors import CommandError

# Answers as Go does: `list -deps` the packages, `build -v` each one it compiles, `list -m` a module's folder.
GO = """#!/bin/sh
case "$1 $2" in
  "list -deps") echo "go: downloading example.com/a v1.0.0" >&2; echo a; echo b; echo c/d ;;
  "build -v")   echo a >&2; echo c/d >&2; mkdir -p bin; echo "#!/bin/sh" > bin/pulumi; {then} ;;
  "list -m")    echo "$SDK" ;;
esac
"""


class Workshop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cache" / "pulumi-1.2.3"
        self.reports: list[tuple[str, int, int]] = []
        sdk = folder / "sdk"
        (sdk / "python" / "cmd").mkdir(parents=True)
        (sdk / "python" / "cmd" / "pulumi-language-python-exec").write_text("print('exec')\n")
        self.go = folder / "go"
        self.environment = {"PATH": os.environ["PATH"], "SDK": str(sdk), "LOG": str(folder / "log")}
        self.with_go("true")

    def with_go(self, then: str) -> None:
        self.go.write_text(GO.replace("{then}", then))
        self.go.chmod(0o755)

    def build(self) -> None:
        build(
            self.folder,
            "1.2.3",
            str(self.go),
            self.environment,
            lambda *report: self.reports.append(report),
        )

    @property
    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.parent.iterdir()) if self.folder.parent.exists() else []


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_what_is_built_is_the_cli_and_its_python_host(workshop: Workshop):
    workshop.build()

    made = {file.name: oct(file.stat().st_mode & 0o777) for file in workshop.folder.iterdir()}
    assert made == {
        "pulumi": "0o755",
        "pulumi-language-python": "0o755",
        "pulumi-language-python-exec": "0o755",
    }


def test_progress_is_told_package_by_package(workshop: Workshop):
    workshop.build()

    assert workshop.reports == [
        ("listing its packages", 0, 0),
        ("downloading example.com/a", 0, 0),
        ("compiling a", 1, 3),
        ("compiling d", 2, 3),
    ]


def test_the_version_is_built_in_and_the_repository_is_not_written_to(workshop: Workshop):
    before = {file.name: file.read_bytes() for file in MODULE.iterdir()}
    workshop.with_go('echo "$@" > "$LOG"; echo changed >> go.sum')

    workshop.build()

    assert "sdk/v3/go/common/version.Version=v1.2.3" in Path(workshop.environment["LOG"]).read_text()
    assert {file.name: file.read_bytes() for file in MODULE.iterdir()} == before


def test_a_failed_build_leaves_nothing_and_tells_the_end_of_what_go_said(workshop: Workshop):
    workshop.with_go('echo "no space left on device" >&2; exit 1')

    with pytest.raises(CommandError) as refused:
        workshop.build()

    assert refused.value.found == f"`{workshop.go} build` ended with exit status 1 while building Pulumi."
    assert refused.value.advice == ("no space left on device",)
    assert workshop.files == ["pulumi-1.2.3.lock"]


def test_a_build_that_is_interrupted_leaves_nothing(workshop: Workshop):
    def interrupt(text: str, *_: object) -> None:
        if text.startswith("compiling"):
            raise KeyboardInterrupt

    workshop.with_go("sleep 600")
    with pytest.raises(KeyboardInterrupt):
        build(workshop.folder, "1.2.3", str(workshop.go), workshop.environment, interrupt)

    assert workshop.files == ["pulumi-1.2.3.lock"]


def test_what_an_earlier_build_left_when_it_was_killed_is_cleared_away(workshop: Workshop):
    (workshop.folder.parent / "pulumi-1.2.3.building-abc").mkdir(parents=True)

    workshop.build()

    assert workshop.files == ["pulumi-1.2.3", "pulumi-1.2.3.lock"]


def test_a_second_builder_waits_for_the_first_and_uses_its_work(workshop: Workshop):
    workshop.folder.parent.mkdir()
    waits = threading.Event()

    def report(*said: object) -> None:
        workshop.reports.append(said)  # type: ignore[arg-type]
        waits.set()

    with (workshop.folder.parent / "pulumi-1.2.3.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        arguments = (workshop.folder, "1.2.3", "/there/is/no/go", workshop.environment, report)
        second = threading.Thread(target=build, args=arguments)
        second.start()
        assert waits.wait(timeout=30)
        workshop.folder.mkdir()  # the first builder's last act
    second.join(timeout=30)

    assert workshop.reports == [("waiting for another build of the same version", 0, 0)]
    assert not second.is_alive()


def test_the_host_beside_the_cli_runs_the_python_and_the_file_that_the_environment_names(workshop: Workshop):
    workshop.build()
    program = workshop.folder.parent / "host.py"
    program.write_text("import sys; print(sys.argv[1:])")
    named = {"APIM_TWIN_PYTHON": sys.executable, "APIM_TWIN_LANGUAGE_HOST": str(program)}

    host = str(workshop.folder / "pulumi-language-python")
    said = subprocess.run([host, "127.0.0.1:5"], env=os.environ | named, capture_output=True, text=True, check=True)

    executor = str(workshop.folder / "pulumi-language-python-exec")
    assert said.stdout.strip() == str(["--exec", executor, "127.0.0.1:5"])


def test_an_interrupt_reaches_the_compilers_that_go_has_started(workshop: Workshop, tmp_path: Path):
    """Go starts many processes; none of them may go on after a Ctrl-C."""
    pipe = tmp_path / "held-open-by-the-compiler"
    os.mkfifo(pipe)
    ours = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    workshop.with_go(f"sh -c 'echo x >&2; exec sleep 600' 3> {pipe} & wait")

    def interrupt_when_compiling(text: str, *_: object) -> None:
        if text == "compiling x":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(workshop.folder, "1.2.3", str(workshop.go), workshop.environment, interrupt_when_compiling)

    # A pipe that nobody holds open any more is at its end.
    assert select.select([ours], [], [], 10)[0], "the compiler goes on"
    assert os.read(ours, 1) == b""
    os.close(ours)
