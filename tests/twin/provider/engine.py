"""The engine's side of the provider protocol: a provider behind a real gRPC server, driven as the engine drives it."""

from collections.abc import Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import provider_pb2_grpc, status_pb2

from twin.provider.arm import Pace
from twin.provider.engine_log import EngineLog
from twin.provider.servicer import Provider
from twin.provider.translate import dump, load

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


@dataclass
class RecordedLog(EngineLog):
    """What a person would see."""

    warnings: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)

    def warn(self, urn: str, message: str) -> None:
        self.warnings.append((urn, message))

    def status(self, message: str) -> None:
        self.statuses.append(message)


def urn(token: str, name: str = "logical") -> str:
    """As of a resource inside a component."""
    return f"urn:pulumi:dev::apim-ai-gateway::apim-ai-gateway:index:AIGateway$azure-native:{token}::{name}"


@dataclass
class Engine:
    stub: provider_pb2_grpc.ResourceProviderStub
    log: RecordedLog
    waits: list[float]

    def configure(self, **config: str) -> proto.ConfigureResponse:
        variables = {f"azure-native:config:{name}": value for name, value in config.items()}
        return self.stub.Configure(
            proto.ConfigureRequest(variables=variables, sends_old_inputs=True, sends_old_inputs_to_delete=True)
        )

    def check(
        self,
        token: str,
        news: Mapping[str, Any],
        olds: Mapping[str, Any] | None = None,
        seed: bytes = b"seed",
        **more: Any,
    ) -> tuple[dict[str, Any], list[str]]:
        """The checked inputs, and the reasons of the failures."""
        answer = self.stub.Check(
            proto.CheckRequest(urn=urn(token), news=dump(news), olds=dump(olds or {}), randomSeed=seed, **more)
        )
        return load(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(
        self, token: str, olds: Mapping[str, Any], news: Mapping[str, Any], state: Mapping[str, Any] | None = None
    ) -> proto.DiffResponse:
        return self.stub.Diff(
            proto.DiffRequest(urn=urn(token), old_inputs=dump(olds), news=dump(news), olds=dump(state or {}))
        )

    def preview(self, token: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.stub.Create(proto.CreateRequest(urn=urn(token), properties=dump(inputs), preview=True))
        return load(answer.properties)

    def create(self, token: str, inputs: Mapping[str, Any], timeout: float = 0) -> tuple[str, dict[str, Any]]:
        answer = self.stub.Create(proto.CreateRequest(urn=urn(token), properties=dump(inputs), timeout=timeout))
        return answer.id, load(answer.properties)

    def update(
        self, token: str, inputs: Mapping[str, Any], state: Mapping[str, Any] | None = None, preview: bool = False
    ) -> dict[str, Any]:
        answer = self.stub.Update(
            proto.UpdateRequest(urn=urn(token), news=dump(inputs), olds=dump(state or {}), preview=preview)
        )
        return load(answer.properties)

    def read(
        self,
        token: str,
        resource_id: str,
        inputs: Mapping[str, Any] | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Id, outputs and inputs."""
        request = proto.ReadRequest(
            urn=urn(token), id=resource_id, inputs=dump(inputs or {}), properties=dump(state or {})
        )
        answer = self.stub.Read(request)
        return answer.id, load(answer.properties), load(answer.inputs)

    def delete(self, token: str, resource_id: str) -> None:
        self.stub.Delete(proto.DeleteRequest(urn=urn(token), id=resource_id))

    def invoke(self, function: str, **arguments: str) -> dict[str, Any]:
        answer = self.stub.Invoke(proto.InvokeRequest(tok=f"azure-native:{function}", args=dump(arguments)))
        return load(getattr(answer, "return"))


@contextmanager
def engine(environment: Mapping[str, str], stop_after: int | None = None) -> Iterator[Engine]:
    """An engine whose provider never really waits; with `stop_after`, it says stop during that wait."""
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return stop_after is not None and len(waits) > stop_after

    log = RecordedLog()
    provider = Provider(Pace(wait), environment, log)
    server = grpc.server(futures.ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        try:
            yield Engine(provider_pb2_grpc.ResourceProviderStub(channel), log, waits)
        finally:
            server.stop(0).wait()
            provider.close()


def partial_failure(error: grpc.RpcError) -> proto.ErrorResourceInitFailed:
    """What the engine reads from a failed Create or Update to keep the half-made resource."""
    status = status_pb2.Status.FromString(metadata(error)["grpc-status-details-bin"])
    detail = proto.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    return detail


def details(caught: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    return str(caught.value.details())


def metadata(error: grpc.RpcError) -> dict[str, bytes]:
    return dict(error.trailing_metadata())  # type: ignore[attr-defined]
