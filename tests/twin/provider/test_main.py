"""The plugin as the engine starts it: a process that writes its port, serves, and ends with its engine."""

import signal
import subprocess
import sys

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

START = [sys.executable, "-m", "twin.provider", "-v=3", "127.0.0.1:1"]


def test_it_serves_until_it_is_interrupted() -> None:
    with subprocess.Popen(START, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())

        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            assert stub.GetPluginInfo(empty_pb2.Empty()).version
            stub.Cancel(empty_pb2.Empty())
            process.send_signal(signal.SIGINT)

        assert process.wait() == 0


def test_it_ends_when_its_engine_is_gone() -> None:
    engine = "import subprocess, sys; subprocess.Popen(sys.argv[1:]); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", engine, *START], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0

        process.kill()

        # The plugin holds this pipe too: it ends when the plugin does.
        assert process.stdout.read() == ""
