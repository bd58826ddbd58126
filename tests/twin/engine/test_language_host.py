"""The Python language host, asked as the engine asks it."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2 as proto
from pulumi.runtime.proto import language_pb2_grpc

from twin.engine import language_host
from twin.engine.language_host import Interpreters, LanguageHost

# Stands in for pulumi-language-python-exec: tells what it was started with, and ends as the program asks.
EXECUTOR = """
import json, os, pathlib, sys
program = pathlib.Path(sys.argv[-1])
config, secrets = os.environ["PULUMI_CONFIG"], os.environ["PULUMI_CONFIG_SECRET_KEYS"]
told = {"arguments": sys.argv[1:], "config": config, "secrets": secrets}
pathlib.Path("told.json").write_text(json.dumps(told))
sys.exit(int((program / "status").read_text()))
"""


class Asked:
    """A host behind gRPC, with a folder of its own and everything it said to the person."""

    def __init__(self, folder: Path, stub: language_pb2_grpc.LanguageRuntimeStub, said: list[str]) -> None:
        self.folder = folder
        self.stub = stub
        self.said = said

    def info(self, **options: str) -> proto.ProgramInfo:
        struct = struct_pb2.Struct()
        struct.update(options)
        return proto.ProgramInfo(
            root_directory=str(self.folder), program_directory=str(self.folder), entry_point=".", options=struct
        )

    def run(self, status: int, **options: str) -> proto.RunResponse:
        (self.folder / "status").write_text(str(status))
        return self.stub.Run(
            proto.RunRequest(
                info=self.info(**options),
                project="gateway",
                stack="dev",
                organization="organization",
                pwd=str(self.folder),
                dryRun=True,
                parallel=4,
                monitor_address="127.0.0.1:1",
                config={"gateway:location": "eastus2"},
                configSecretKeys=["gateway:key"],
            )
        )

    def plugin(self, kind: str, *args: str) -> tuple[str, str, int]:
        """What a plugin wrote to stdout and stderr, and its exit status."""
        request = proto.RunPluginRequest(info=self.info(), kind=kind, args=args, pwd=str(self.folder))
        chunks = list(self.stub.RunPlugin(request))
        out = b"".join(chunk.stdout for chunk in chunks)
        err = b"".join(chunk.stderr for chunk in chunks)
        return out.decode(), err.decode(), chunks[-1].exitcode


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    said: list[str] = []
    (tmp_path / "executor").write_text(EXECUTOR)
    (tmp_path / "program").mkdir()
    host = LanguageHost("127.0.0.1:2", tmp_path / "executor", Interpreters({}, said.append))
    server = grpc.server(futures.ThreadPoolExecutor(4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Asked(tmp_path / "program", language_pb2_grpc.LanguageRuntimeStub(channel), said)
    server.stop(0).wait()


def test_a_program_runs_with_its_stack_and_its_configuration(asked: Asked):
    answer = asked.run(0)

    told = json.loads((asked.folder / "told.json").read_text())
    assert answer == proto.RunResponse()
    assert told["arguments"] == [
        *("--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2", "--project", "gateway"),
        *("--root_directory", str(asked.folder), "--stack", "dev", "--organization", "organization"),
        *("--pwd", str(asked.folder), "--dry_run", "true", "--parallel", "4", "--tracing", "", str(asked.folder)),
    ]
    assert json.loads(told["config"]) == {"gateway:location": "eastus2"}
    assert json.loads(told["secrets"]) == ["gateway:key"]


def test_a_program_that_fails_is_an_error_with_its_exit_status(asked: Asked):
    assert asked.run(1).error == "the program ended with exit status 1"


def test_a_program_that_has_told_its_reason_is_not_told_again(asked: Asked):
    assert asked.run(32) == proto.RunResponse(bail=True)


def test_a_program_runs_on_the_python_of_its_virtual_environment(asked: Asked):
    python = asked.folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\ntouch "{asked.folder}/used"\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)

    asked.run(0, virtualenv=".venv")

    assert (asked.folder / "used").exists()
    assert asked.said == []


def test_a_virtual_environment_that_is_missing_is_told_once(asked: Asked):
    asked.run(0, virtualenv="venv")
    asked.run(0, virtualenv="venv")

    assert asked.said == [
        f"there is no virtual environment {asked.folder}/venv: using {sys.executable}, on which the twin runs"
    ]


def test_a_uv_project_has_its_environment_where_uv_puts_it(asked: Asked):
    asked.run(0, toolchain="uv")

    assert asked.said[0].startswith(f"there is no virtual environment {asked.folder}/.venv")


def test_a_person_may_name_the_python_for_programs_without_an_environment():
    chosen = Interpreters({"PULUMI_PYTHON_CMD": "/opt/python"}, lambda _: None).choose(Path("/project"), {})

    assert chosen == "/opt/python"


def test_required_are_the_providers_whose_packages_the_program_can_import(asked: Asked):
    answer = asked.stub.GetRequiredPackages(proto.GetRequiredPackagesRequest(info=asked.info()))

    found = {(package.name, package.kind, package.version) for package in answer.packages}
    assert ("azure-native", "resource", "v3.29.0") in found
    assert "policy" not in {package.name for package in answer.packages}  # it names itself no provider


def test_a_component_plugin_is_run_as_a_program_with_the_engines_arguments(asked: Asked):
    (asked.folder / "__main__.py").write_text(
        "import sys\nprint('4242', flush=True)\nprint(sys.argv[1:], file=sys.stderr)\nsys.exit(3)\n"
    )

    assert asked.plugin("resource", "127.0.0.1:9") == ("4242\n", "['127.0.0.1:9']\n", 3)


def test_a_policy_pack_is_run_by_pulumis_own_runner(asked: Asked):
    (asked.folder / "__main__.py").write_text("import sys; print(sys.argv[1:], __name__)\n")

    out, err, status = asked.plugin("analyzer", "127.0.0.1:9", "-v=9")

    assert (out, status) == (f"['127.0.0.1:9', '{asked.folder}'] __main__\n", 0), err


def test_a_plugin_that_is_no_longer_wanted_ends(asked: Asked, tmp_path: Path):
    pipe = tmp_path / "held-open-by-the-plugin"
    os.mkfifo(pipe)
    ours = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    (asked.folder / "__main__.py").write_text(
        f"import time\nheld = open({str(pipe)!r}, 'w')\nprint('4242', flush=True)\ntime.sleep(600)\n"
    )
    stream = asked.stub.RunPlugin(proto.RunPluginRequest(info=asked.info(), kind="resource", pwd=str(asked.folder)))
    assert next(stream).stdout.startswith(b"4242")

    stream.cancel()

    assert select.select([ours], [], [], 10)[0], "the plugin goes on"
    assert os.read(ours, 1) == b""  # a pipe that nobody holds open any more is at its end
    os.close(ours)


def test_the_host_tells_its_port_and_ends_when_the_engine_goes_away(tmp_path: Path):
    command = [sys.executable, language_host.__file__, "--exec", str(tmp_path / "executor"), "127.0.0.1:2", "-v=9"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdin is not None
        assert host.stdout is not None
        port = int(host.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = language_pb2_grpc.LanguageRuntimeStub(channel)
            answer = stub.Handshake(proto.LanguageHandshakeRequest(engine_address="127.0.0.1:3"))
            about = stub.About(proto.AboutRequest())

        host.stdin.close()

        assert host.wait(timeout=30) == 0
    assert answer == proto.LanguageHandshakeResponse()
    assert about.executable == sys.executable
