"""Drive a component plugin over gRPC as the engine does: start the process, ask for its schema, construct components.

This is what a program in another language meets: names in camelCase, whole numbers as doubles, unknown keys dropped.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import (
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)
from pulumi.runtime.rpc import deserialize_properties

STACK_URN = "urn:pulumi:dev::elsewhere::pulumi:pulumi:Stack::elsewhere-dev"
SPECIAL = "4dabf18193072939515e22adb298388d"  # how Pulumi's wire marks a special value, and two kinds of those
SECRET = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def output(value: object, *, secret: bool = False, of: Sequence[str] = ()) -> dict[str, object]:
    """An output of resources as the engine sends it to a component."""
    return {SPECIAL: OUTPUT, "value": value, "secret": secret, "dependencies": list(of)}


class _Engine(engine_pb2_grpc.EngineServicer):
    def Log(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: Any) -> Any:
        return engine_pb2.GetRootResourceResponse(urn=STACK_URN)

    def SetRootResource(self, request: Any, context: Any) -> Any:
        return engine_pb2.SetRootResourceResponse()


class _Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Registers whatever it is asked to, and answers provider functions from a table."""

    def __init__(self, answers: Mapping[str, Mapping[str, Any]]) -> None:
        self.registered: list[resource_pb2.RegisterResourceRequest] = []
        self.answers = answers

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        unwanted = ("TRANSFORM", "HOOK", "MIGRATION")
        features = resource_pb2.ResourceMonitorFeature.items()
        return resource_pb2.DeploymentInfo(
            supportedFeatures=[value for name, value in features if not any(word in name for word in unwanted)]
        )

    def SupportsFeature(self, request: Any, context: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)

    def RegisterPackage(self, request: Any, context: Any) -> Any:
        return resource_pb2.RegisterPackageResponse(ref="package")

    def RegisterResource(self, request: Any, context: Any) -> Any:
        self.registered.append(request)
        urn = f"urn:pulumi:dev::elsewhere::{request.type}::{request.name}"
        id_ = f"/{request.type}/{request.name}" if request.custom else ""
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=request.object)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        token = request.tok.removeprefix("azure-native:")
        answer: Any = {"return": _struct(self.answers[token])}  # a keyword of Python's
        return resource_pb2.ResourceInvokeResponse(**answer)

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


class Plugin:
    """A running component plugin; use it in a `with` statement."""

    def __init__(self, folder: Path, *, answers: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._monitor = _Monitor(answers or {})
        self._server = grpc.server(futures.ThreadPoolExecutor(8))
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self._monitor, self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(_Engine(), self._server)
        self._address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        command = [sys.executable, str(folder), self._address]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._channel = grpc.insecure_channel(f"127.0.0.1:{self._port()}")
        self._provider = provider_pb2_grpc.ResourceProviderStub(self._channel)

    def _port(self) -> int:
        """The plugin's first line of output is the port it listens on."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.strip():
            _, errors = self._process.communicate()
            self._server.stop(None)
            raise RuntimeError(f"the plugin did not start:\n{errors}")
        return int(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()
        self._process.kill()
        self._process.communicate()
        self._server.stop(None).wait()

    def version(self) -> str:
        return self._provider.GetPluginInfo(empty_pb2.Empty()).version

    def schema(self) -> dict[str, Any]:
        return json.loads(self._provider.GetSchema(provider_pb2.GetSchemaRequest(version=0)).schema)

    def construct(self, token: str, name: str, inputs: Mapping[str, Any], **options: Any) -> "Constructed":
        """Make the component, as the engine asks for it."""
        request = provider_pb2.ConstructRequest(
            project="elsewhere",
            stack="dev",
            organization="organization",
            monitorEndpoint=self._address,
            parallel=4,
            type=token,
            name=name,
            inputs=_struct(inputs),
            accepts_output_values=True,
            **options,
        )
        earlier = len(self._monitor.registered)
        state = self._provider.Construct(request, timeout=30).state
        return Constructed(deserialize_properties(state, keep_unknowns=True), list(self._monitor.registered[earlier:]))


@dataclass(frozen=True)
class Constructed:
    """A component's outputs as the engine gets them, and what the component registered."""

    outputs: dict[str, Any]
    registered: list[resource_pb2.RegisterResourceRequest]

    @property
    def made(self) -> dict[str, resource_pb2.RegisterResourceRequest]:
        """Resources in Azure, by their logical names."""
        return {request.name: request for request in self.registered if request.custom}

    def inputs(self, name: str) -> dict[str, Any]:
        return json_format.MessageToDict(self.made[name].object)


def _struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct
