"""`python -m twin` as a person uses it: each test is what they type and what they read."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.twin import REPOSITORY

pytestmark = pytest.mark.engine

MANIFEST = "name: small\nruntime: {name: python, options: {toolchain: pip}}\n"
GROUPS = """
import pulumi
from pulumi_azure_native import apimanagement, resources

config = pulumi.Config()
group = resources.ResourceGroup("group", resource_group_name="rg-small", location=config.require("location"))
if config.get("lost"):
    apimanagement.Backend(
        "lost", backend_id="lost", resource_group_name=group.name, service_name="nowhere", protocol="http",
        url="https://example.com",
    )
pulumi.export("group", group.id)
pulumi.export("key", pulumi.Output.secret("s3cret"))
"""
WAITS = """
import time
with open("program-has-begun", "w") as pipe:
    print("begun", file=pipe, flush=True)
    time.sleep(600)
"""


class Person:
    """Somebody with a project folder and a twin of their own."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.state = folder / "state"
        self.path = folder / "bin"
        self.real_provider_was_used = folder / "real-provider-was-used"
        self.project.mkdir()
        self.path.mkdir()
        (self.path / "pulumi-resource-azure-native").write_text(f"#!/bin/sh\ntouch {self.real_provider_was_used}\n")
        (self.path / "pulumi-resource-azure-native").chmod(0o755)
        (self.project / "Pulumi.yaml").write_text(MANIFEST)
        self.configured(location="eastus2")
        self.programmed(GROUPS)

    def programmed(self, program: str) -> None:
        (self.project / "__main__.py").write_text(program)

    def configured(self, **settings: str) -> None:
        lines = [f"  small:{name}: {value}\n" for name, value in settings.items()]
        (self.project / "Pulumi.dev.yaml").write_text("".join(["config:\n", *lines]))

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "APIM_TWIN_HOME": str(self.state),
            "PYTHONPATH": str(REPOSITORY),
            # A real provider and a real login must make no difference.
            "PATH": f"{self.path}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "AZURE_CLIENT_SECRET": "real",
            "PULUMI_ACCESS_TOKEN": "real",
        }

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "twin", *words],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def types(self, *words: str, expecting: int = 0, folder: Path | None = None) -> str:
        """Run a command; returns all they read, stdout first."""
        done = subprocess.run(
            [sys.executable, "-m", "twin", *words],
            cwd=folder or self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expecting, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout + done.stderr

    def status(self) -> dict[str, object]:
        done = subprocess.run(
            [sys.executable, "-m", "twin", "status", "--json"],
            cwd=self.project,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        answer = json.loads(done.stdout)
        assert done.returncode == (0 if answer["running"] else 1)
        return answer

    def files(self) -> dict[str, str]:
        return {file.name: file.read_text() for file in self.project.iterdir() if file.is_file()}


ANY_PORTS = ("--arm-port", "0", "--gateway-port", "0", "--accounts-port", "0")


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    made = Person(tmp_path)
    yield made
    if (pid := made.status().get("pid")) is not None:
        process = psutil.Process(int(str(pid)))
        process.terminate()
        process.wait(10)


def test_up_deploys_and_tells_what_it_made_and_where_it_is(person: Person):
    before = person.files()

    first = person.types("up", *ANY_PORTS)
    second = person.types("up")
    status = person.status()

    assert "small, stack dev: 1 created\n  create  resources:ResourceGroup  group\n" in first
    assert "  1 of 2: created resources:ResourceGroup group\n" in first
    group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-small"
    assert f"Outputs\n  group  {group}\n  key    [secret]\n" in first
    assert f"gateway                 {status['gateway']}\n" in first
    assert "python -m twin pulumi stack output key --show-secrets\n" in first
    assert "s3cret" not in first
    assert not person.real_provider_was_used.exists()
    assert "small, stack dev: nothing changed, 1 resources are as the program wants them.\n" in second
    assert person.files() == before


def test_status_tells_scripts_where_everything_is(person: Person):
    assert person.status() == {"running": False}
    person.types("preview", *ANY_PORTS)

    status = person.status()

    assert status == {
        "running": True,
        "arm": status["arm"],
        "gateway": status["gateway"],
        "pid": status["pid"],
        "state_dir": str(person.state),
        "subscription_id": "00000000-0000-0000-0000-000000000001",
        "versions": status["versions"],
        "accounts": status["accounts"],
        "units": 1,
        "assume": {},
    }
    assert all(str(status[name]).startswith("http://127.0.0.1:") for name in ("arm", "gateway", "accounts"))
    assert psutil.pid_exists(int(str(status["pid"])))
    assert str(status["arm"]) in person.types("status")


def test_preview_shows_what_up_would_do_and_does_not_do_it(person: Person):
    said = person.types("preview", *ANY_PORTS)

    assert "small, stack dev: 1 to create\n  create  resources:ResourceGroup  group\n" in said
    assert "Nothing has been changed. To do this: python -m twin up\n" in said
    assert "0 resources" in person.types("status")


def test_down_takes_everything_down_and_stops_the_twin(person: Person):
    before = person.files()
    person.types("up", *ANY_PORTS)

    first = person.types("down")
    second = person.types("down")

    assert "small, stack dev: 1 resources deleted\n  delete  resources:ResourceGroup  group\n" in first
    assert "The twin is stopped.\n" in first
    assert second == "small, stack dev: there is none on the twin.\nThe twin does not run.\n"
    assert person.status() == {"running": False}
    assert person.files() == before


def test_a_failed_up_lists_each_failed_operation_and_the_next_command(person: Person):
    person.configured(location="eastus2", lost="please")

    said = person.types("up", *ANY_PORTS, expecting=1)

    failure = said[said.index("1 operation failed:") :].splitlines()
    assert failure[2] == "  create apimanagement:Backend lost"
    told = dict(line.split(maxsplit=1) for line in failure[3:] if line.startswith("      "))
    assert told["code"] == "ParentResourceNotFound (status 404)"
    assert "'nowhere'" in told["message"]
    assert len(told["correlation"].removeprefix("id").strip()) == 36
    assert failure[-1] == (
        "Correct Pulumi.dev.yaml or the program, then run `python -m twin up` again: what exists already is kept."
    )


def test_what_was_made_before_a_failure_is_kept_by_the_next_up(person: Person):
    person.configured(location="eastus2", lost="please")
    person.types("up", *ANY_PORTS, expecting=1)
    person.configured(location="eastus2")

    assert "nothing changed, 1 resources" in person.types("up")


def test_a_program_that_refuses_its_settings_is_heard_without_a_traceback(person: Person):
    person.programmed("import pulumi\nraise pulumi.RunError('location: must be short\\nand known')\n")

    said = person.types("preview", *ANY_PORTS, expecting=1)

    assert "error: location: must be short\nand known\n" in said
    assert "ended with exit status" not in said


def test_a_second_start_finds_the_first(person: Person):
    person.types("preview", *ANY_PORTS)
    first = person.status()

    person.types("preview", *ANY_PORTS)

    assert person.status() == first


def test_two_starts_at_once_make_one_twin(person: Person):
    both = [person.start("preview", *ANY_PORTS) for _ in range(2)]
    for one in both:
        out, errors = one.communicate(timeout=120)
        # They meet again at the stack, of which Pulumi makes one. What counts here is the twin.
        assert one.returncode == 0, out + errors

    servers = [
        process
        for process in psutil.process_iter(["cmdline", "environ"])
        if "serve" in (process.info["cmdline"] or ())
        and (process.info["environ"] or {}).get("APIM_TWIN_HOME") == str(person.state)
    ]
    assert [process.pid for process in servers] == [person.status()["pid"]]


def test_ports_other_than_those_of_the_running_twin_are_refused(person: Person):
    person.types("preview", *ANY_PORTS)

    said = person.types("up", "--arm-port", "1", expecting=1)

    assert f"error: The twin runs already, at {person.status()['arm']}; --arm-port asks for 1.\n" in said


@pytest.mark.parametrize("option", ["--arm-port", "--gateway-port"])
def test_a_taken_port_is_told_with_who_has_it_and_which_option_helps(option: str, person: Person):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other = {"--arm-port": "--gateway-port", "--gateway-port": "--arm-port"}[option]

        said = person.types("up", option, str(port), other, "0", "--accounts-port", "0", expecting=1)

    me = psutil.Process()
    assert said == f"error: Port {port} is taken by {me.name()} (process {me.pid}).\nChoose another with {option}.\n"
    assert person.status() == {"running": False}


def test_a_twin_that_was_killed_leaves_nothing_in_the_way(person: Person):
    person.types("up", *ANY_PORTS)
    process = psutil.Process(int(str(person.status()["pid"])))
    process.kill()
    process.wait(10)
    assert (person.state / "twin.json").exists()

    assert "It ended without being told to.\n" in person.types("status", expecting=1)
    # What was deployed is still there.
    assert "nothing changed, 1 resources" in person.types("up", *ANY_PORTS)


def wait_for_the_program(person: Person, up: subprocess.Popen[str]) -> None:
    """Until it has begun. Fails where `up` ends without it."""
    reader = os.open(person.project / "program-has-begun", os.O_RDONLY | os.O_NONBLOCK)
    poll = select.poll()
    poll.register(reader)
    while not poll.poll(100):
        assert up.poll() is None, up.communicate()
    os.close(reader)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_an_interrupt_leaves_nothing_running(number: signal.Signals, person: Person):
    person.programmed(WAITS)
    os.mkfifo(person.project / "program-has-begun")
    up = person.start("up", *ANY_PORTS)
    wait_for_the_program(person, up)
    engine = psutil.Process(up.pid).children(recursive=True)

    up.send_signal(number)
    out, errors = up.communicate(timeout=60)

    assert up.returncode == 130, out + errors
    assert "Stopped. Changes made before that: 0. They are kept.\n" in errors
    assert engine
    assert psutil.wait_procs(engine, timeout=10)[1] == []
    assert person.status() == {"running": False}


def test_a_twin_that_ran_before_outlives_an_interrupt(person: Person):
    person.types("preview", *ANY_PORTS)
    before = person.status()
    person.programmed(WAITS)
    os.mkfifo(person.project / "program-has-begun")
    up = person.start("up")
    wait_for_the_program(person, up)

    up.send_signal(signal.SIGINT)
    up.communicate(timeout=60)

    assert person.status() == before


def test_a_folder_without_a_project_is_told(person: Person, tmp_path: Path):
    assert person.types("up", expecting=1, folder=tmp_path) == (
        f"error: There is no Pulumi.yaml in {tmp_path} or above it.\nChange to the folder of a Pulumi project.\n"
    )


def test_a_stack_that_nobody_knows_is_taken_for_a_slip(person: Person):
    assert person.types("up", "--stack", "dve", expecting=1) == (
        "error: There is no Pulumi.dve.yaml beside Pulumi.yaml, and no stack dve on the twin.\n"
        "Configured here: Pulumi.dev.yaml. For one without configuration: python -m twin pulumi stack init dve\n"
    )


def test_a_state_folder_that_cannot_be_written_is_told(person: Person):
    person.state.write_text("a file, not a folder")

    assert person.types("up", expecting=1) == (
        f"error: The twin cannot write its state folder {person.state}: Not a directory.\n"
        "Name another one in the environment variable APIM_TWIN_HOME.\n"
    )


def test_pulumi_is_the_real_one(person: Person):
    person.types("up", *ANY_PORTS)

    assert person.types("pulumi", "stack", "output", "group") == (
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-small\n"
    )
    assert "s3cret" in person.types("pulumi", "stack", "output", "key", "--show-secrets")
    assert "does not have output property 'nothing'" in person.types(
        "pulumi", "stack", "output", "nothing", expecting=1
    )


def test_a_setting_changed_through_pulumi_is_changed_in_the_project(person: Person):
    person.types("pulumi", "config", "set", "location", "westus")

    assert person.files()["Pulumi.dev.yaml"] == "config:\n  small:location: westus\n"
    assert "westus" in person.types("pulumi", "config", "get", "location")


def test_a_secret_is_not_encrypted_with_a_passphrase_that_everybody_knows(person: Person):
    before = person.files()

    said = person.types("pulumi", "config", "set", "--secret", "password", "hunter2", expecting=1)

    assert said.startswith("error: This would encrypt secrets in Pulumi.dev.yaml with the twin's passphrase")
    assert person.files() == before


def test_a_stack_of_another_name_is_made_and_removed_without_a_file_in_the_project(person: Person):
    before = person.files()

    person.types("pulumi", "stack", "init", "blue")
    assert "blue*" in person.types("pulumi", "stack", "ls")
    person.types("pulumi", "stack", "rm", "--yes", "blue")

    assert "blue" not in person.types("pulumi", "stack", "ls")
    assert person.files() == before
