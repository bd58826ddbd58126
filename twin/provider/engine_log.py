"""What the provider tells the person at the terminal; its own output is hidden by the engine."""

import contextlib

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


class EngineLog:
    """The engine's log. Without an engine, and when the engine is gone, nothing happens."""

    def __init__(self, address: str = "") -> None:
        self._engine: engine_pb2_grpc.EngineStub | None = None
        if address:
            self.attach(address)

    def attach(self, address: str) -> None:
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def warn(self, urn: str, message: str) -> None:
        """A line that stays."""
        self._send(engine_pb2.LogRequest(severity=engine_pb2.WARNING, urn=urn, message=message))

    def status(self, message: str) -> None:
        """A line that the next one replaces: what is waited for."""
        self._send(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, ephemeral=True))

    def _send(self, request: engine_pb2.LogRequest) -> None:
        if self._engine is not None:
            with contextlib.suppress(grpc.RpcError):
                self._engine.Log(request)
