"""The pack as the engine runs it: a process that speaks gRPC. Needs no Pulumi CLI, no cloud and no login."""

import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

FOLDER = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Seen:
    """A resource as the engine shows it to the pack: first its inputs, at the end its outputs."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] | None = None
    urn: str = ""
    parent: str = ""
    depends: Mapping[str, Sequence[str]] | None = None
    depends_on: Sequence[str] = ()

    @property
    def full_urn(self) -> str:
        return self.urn or f"urn:pulumi:dev::apim-ai-gateway::{self.type}::{self.name}"


@dataclass(frozen=True)
class Reported:
    """One line of the pack's verdict."""

    rule: str
    level: str
    name: str
    message: str


class Pack:
    def __init__(self, analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
        self._analyzer = analyzer

    def info(self) -> analyzer_pb2.AnalyzerInfo:
        return self._analyzer.GetAnalyzerInfo(empty_pb2.Empty())

    def configure(self, config: Mapping[str, Mapping[str, Any]]) -> None:
        """Levels and thresholds by rule: `{"rule": {"enforcementLevel": "disabled", "maximumCount": 3}}`."""
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        levels = {policy.name: policy.enforcementLevel for policy in self.info().policies}
        for rule, wanted in config.items():
            level = str(wanted.get("enforcementLevel", "")).upper()
            settings = {key: value for key, value in wanted.items() if key != "enforcementLevel"}
            request.policyConfig[rule].enforcementLevel = (
                analyzer_pb2.EnforcementLevel.Value(level) if level else levels[rule]
            )
            request.policyConfig[rule].properties.update(settings)
        self._analyzer.Configure(request)

    def judge(self, resources: Iterable[Seen]) -> list[Reported]:
        """Everything the pack reports of a program: of each resource, then of the stack."""
        seen = list(resources)
        reported = [report for resource in seen for report in self.analyze(resource)]
        stack = analyzer_pb2.AnalyzeStackRequest(resources=[_in_stack(resource) for resource in seen])
        return [*reported, *_reports(self._analyzer.AnalyzeStack(stack), "")]

    def analyze(self, resource: Seen) -> list[Reported]:
        return _reports(self._analyzer.Analyze(_request(resource)), resource.name)

    def remediate(self, resource: Seen) -> dict[str, Any] | None:
        """The properties the pack would use instead, on the wire's own terms (secrets still wrapped)."""
        remediations = self._analyzer.Remediate(_request(resource)).remediations
        return json_format.MessageToDict(remediations[-1].properties) if remediations else None


@contextmanager
def running_pack(folder: Path = FOLDER) -> Iterator[Pack]:
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            assert process.stdout
            assert process.stderr
            port = process.stdout.readline().strip()
            if not port:
                raise AssertionError(f"the pack did not start:\n{process.stderr.read()}")
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Pack(analyzer_pb2_grpc.AnalyzerStub(channel))
        finally:
            process.kill()


def _request(resource: Seen) -> analyzer_pb2.AnalyzeRequest:
    return analyzer_pb2.AnalyzeRequest(
        type=resource.type, name=resource.name, urn=resource.full_urn, properties=_struct(resource.inputs)
    )


def _in_stack(resource: Seen) -> analyzer_pb2.AnalyzerResource:
    links = {
        key: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns) for key, urns in (resource.depends or {}).items()
    }
    every = [urn for urns in (resource.depends or {}).values() for urn in urns]
    return analyzer_pb2.AnalyzerResource(
        type=resource.type,
        name=resource.name,
        urn=resource.full_urn,
        parent=resource.parent,
        properties=_struct(resource.inputs if resource.outputs is None else resource.outputs),
        dependencies=sorted({*every, *resource.depends_on}),
        propertyDependencies=links,
    )


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct


def _reports(response: analyzer_pb2.AnalyzeResponse, name: str) -> list[Reported]:
    return [
        Reported(
            each.policyName,
            analyzer_pb2.EnforcementLevel.Name(each.enforcementLevel).lower(),
            each.urn.split("::")[-1] or name,
            each.message,
        )
        for each in response.diagnostics
    ]
