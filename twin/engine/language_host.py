"""`pulumi-language-python` for a CLI that was built from its Go modules: runs programs, plugins and policy packs.

Pulumi's own language host is a Go module that no module proxy serves, so a self-built CLI comes without one. The engine
starts this file instead, reads the port from the first line of its output, and speaks `pulumirpc.LanguageRuntime` with
it (https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto). It runs as a script, on the Python that
runs the twin, and imports nothing of the project.
"""

# ruff: noqa: N802 - the methods' names are the protocol's

import argparse
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent import futures
from importlib import metadata
from pathlib import Path

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import language_pb2 as proto
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

MAX_MESSAGE_BYTES = 400 * 1024 * 1024  # what Pulumi's own hosts accept
ALREADY_REPORTED = 32  # exit status with which pulumi-language-python-exec says that the user has seen the reason

# Runs in the project's own Python: which installed packages name a Pulumi plugin.
LIST_PLUGINS = """
import json, pathlib, sys
found = {}
for folder in map(pathlib.Path, sys.path):
    for file in folder.glob("*/pulumi-plugin.json") if folder.is_dir() else ():
        plugin = json.loads(file.read_text())
        if plugin.get("resource"):
            found.setdefault(plugin.get("name") or file.parent.name.removeprefix("pulumi_").replace("_", "-"), plugin)
print(json.dumps([{**plugin, "name": name} for name, plugin in found.items()]))
"""


class Interpreters:
    """Chooses the Python for a program: its virtual environment, or else the one that runs the twin."""

    def __init__(self, environ: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.environ = environ
        self.say = say
        self.reported: set[str] = set()

    def choose(self, root: Path, options: Mapping[str, object]) -> str:
        named = options.get("virtualenv") or (".venv" if options.get("toolchain") == "uv" else None)
        if not named:
            return self.fallback()
        folder = root / str(named)
        python = folder / "bin" / "python"
        if python.exists():
            return str(python)
        if str(folder) not in self.reported:
            self.reported.add(str(folder))
            self.say(f"there is no virtual environment {folder}: using {self.fallback()}, on which the twin runs")
        return self.fallback()

    def fallback(self) -> str:
        return self.environ.get("PULUMI_PYTHON_CMD") or sys.executable


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers the engine. Every method is one of `pulumirpc.LanguageRuntime`; those left out answer UNIMPLEMENTED."""

    def __init__(self, engine_address: str, executor: Path, interpreters: Interpreters) -> None:
        self.engine_address = engine_address
        self.executor = executor
        self.interpreters = interpreters
        self.running: set[subprocess.Popen[bytes]] = set()

    def Handshake(self, request, context) -> proto.LanguageHandshakeResponse:
        self.engine_address = request.engine_address or self.engine_address
        return proto.LanguageHandshakeResponse()

    def GetPluginInfo(self, request, context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def About(self, request, context) -> proto.AboutResponse:
        return proto.AboutResponse(executable=self.python(request.info), version=sys.version.split()[0])

    def GetRequiredPackages(self, request, context) -> proto.GetRequiredPackagesResponse:
        listed = subprocess.run([self.python(request.info), "-c", LIST_PLUGINS], capture_output=True, check=True)
        return proto.GetRequiredPackagesResponse(packages=[_package(plugin) for plugin in json.loads(listed.stdout)])

    def GetProgramDependencies(self, request, context) -> proto.GetProgramDependenciesResponse:
        command = [self.python(request.info), "-m", "pip", "list", "--format=json", "--not-required"]
        listed = subprocess.run(command, capture_output=True, check=False)
        installed = json.loads(listed.stdout) if listed.returncode == 0 else []
        return proto.GetProgramDependenciesResponse(
            dependencies=[proto.DependencyInfo(name=one["name"], version=one["version"]) for one in installed]
        )

    def InstallDependencies(self, request, context) -> Iterator[proto.InstallDependenciesResponse]:
        root, options = Path(request.info.root_directory), json_format.MessageToDict(request.info.options)
        commands = []
        python = self.interpreters.fallback()
        if named := options.get("virtualenv"):
            commands.append([python, "-m", "venv", str(root / str(named))])
            python = str(root / str(named) / "bin" / "python")
        if (root / "requirements.txt").exists():
            commands.append([python, "-m", "pip", "install", "-r", "requirements.txt"])
        for command in commands:
            process = self.start(command, os.environ, str(root), piped=True)
            for stream, chunk in _output(process):
                yield proto.InstallDependenciesResponse(
                    stdout=chunk if stream == "stdout" else b"", stderr=chunk if stream == "stderr" else b""
                )
            if self.ended(process) != 0:
                context.abort(grpc.StatusCode.UNKNOWN, f"`{' '.join(command)}` failed in {root}")

    def Run(self, request, context) -> proto.RunResponse:
        # The program writes straight to this process's output, which the engine shows.
        process = self.start(self.program_command(request), _program_environment(request), request.pwd, piped=False)
        status = self.ended(process)
        if status == ALREADY_REPORTED:
            return proto.RunResponse(bail=True)
        return proto.RunResponse(error=f"the program ended with exit status {status}" if status else "")

    def RunPlugin(self, request, context) -> Iterator[proto.RunPluginResponse]:
        environment = dict(entry.split("=", 1) for entry in request.env)
        process = self.start(self.plugin_command(request), environment or os.environ, request.pwd, piped=True)
        context.add_callback(lambda: self.end(process))
        for stream, chunk in _output(process):
            if stream == "stdout":
                yield proto.RunPluginResponse(stdout=chunk)
            else:
                yield proto.RunPluginResponse(stderr=chunk)
        yield proto.RunPluginResponse(exitcode=self.ended(process))

    def Cancel(self, request, context) -> empty_pb2.Empty:
        self.stop()
        return empty_pb2.Empty()

    def python(self, info: proto.ProgramInfo) -> str:
        return self.interpreters.choose(Path(info.root_directory), json_format.MessageToDict(info.options))

    def program_command(self, request: proto.RunRequest) -> list[str]:
        options = {
            "--monitor": request.monitor_address,
            "--engine": self.engine_address,
            "--project": request.project,
            "--root_directory": request.info.root_directory,
            "--stack": request.stack,
            "--organization": request.organization,
            "--pwd": request.pwd or request.info.program_directory,
            "--dry_run": "true" if request.dryRun else "false",
            "--parallel": str(request.parallel),
            "--tracing": "",
        }
        words = [word for option in options.items() for word in option]
        return [self.python(request.info), "-u", str(self.executor), *words, _program(request.info), *request.args]

    def plugin_command(self, request: proto.RunPluginRequest) -> list[str]:
        python, folder = self.python(request.info), Path(request.info.program_directory)
        if request.kind == "analyzer":
            return [python, "-u", "-m", "pulumi.policy", *request.args[:1], str(folder)]
        if (folder / "__main__.py").exists():
            return [python, "-u", _program(request.info), *request.args]
        return [python, "-u", "-m", "pulumi.run.plugin", folder.name, *request.args]

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], folder: str, *, piped: bool
    ) -> subprocess.Popen[bytes]:
        output = subprocess.PIPE if piped else None
        process = subprocess.Popen(command, env=environment, cwd=folder or None, stdout=output, stderr=output)
        self.running.add(process)
        return process

    def ended(self, process: subprocess.Popen[bytes]) -> int:
        status = process.wait()
        self.running.discard(process)
        return status

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Stop a process, without waiting here for its end: this runs on the thread that serves every call."""
        process.terminate()
        threading.Thread(target=self.ended, args=(process,), daemon=True).start()

    def stop(self) -> None:
        for process in list(self.running):
            process.terminate()


def _package(plugin: Mapping[str, str]) -> plugin_pb2.PackageDependency:
    return plugin_pb2.PackageDependency(
        kind="resource",
        name=plugin["name"],
        version="v" + plugin["version"].removeprefix("v") if plugin.get("version") else "",
        server=plugin.get("server", ""),
    )


def _program(info: proto.ProgramInfo) -> str:
    return str(Path(info.program_directory) / info.entry_point)


def _program_environment(request: proto.RunRequest) -> dict[str, str]:
    return os.environ | {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def _output(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """Both streams of a process as they come, each chunk with the stream's name, until both have ended."""
    chunks: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

    def pump(name: str) -> None:
        with getattr(process, name) as stream:
            while chunk := stream.read1(65536):
                chunks.put((name, chunk))
        chunks.put((name, b""))

    streams = ("stdout", "stderr")
    for name in streams:
        threading.Thread(target=pump, args=(name,), daemon=True).start()
    ended = 0
    while ended < len(streams):
        name, chunk = chunks.get()
        if chunk:
            yield name, chunk
        else:
            ended += 1


def serve(host: LanguageHost) -> None:
    """Listens on a free loopback port, prints it, and ends on a signal or when the engine's end of our stdin closes."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16), options=[("grpc.max_receive_message_length", MAX_MESSAGE_BYTES)]
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()

    def end(*_: object) -> None:
        host.stop()
        server.stop(grace=0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    threading.Thread(target=lambda: (sys.stdin.read(), end()), daemon=True).start()
    server.wait_for_termination()


def main() -> None:
    parser = argparse.ArgumentParser(description="Runs Python programs for the Pulumi engine.")
    parser.add_argument("--exec", type=Path, required=True, help="the script pulumi-language-python-exec")
    parser.add_argument("engine", nargs="?", default="", help="the engine's address")
    # The engine also passes logging options (-v=9, --logtostderr), which have no meaning here.
    options, _ = parser.parse_known_args()

    def say(text: str) -> None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    serve(LanguageHost(options.engine, options.exec, Interpreters(os.environ, say)))


if __name__ == "__main__":
    main()
