"""Run a whole Pulumi program without an engine and look at everything it asked for.

Pulumi's own mocks answer too willingly: they accept two resources of one name, answer calls nobody thought of, know no
unknowns in a preview and give URNs that no engine would. Here a program runs the way the language host runs it, against
a monitor that keeps the engine's rules, and every registration is kept as it was sent: parent, dependencies, options.

Each deployment has a copied context, an event loop and a stack of its own, because Pulumi keeps its settings, its
configuration and its root resource in context variables.
"""

import asyncio
import contextvars
import copy
import runpy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.proto import provider_pb2, resource_pb2

PROJECT, STACK = "apim-ai-gateway", "dev"

# The input that becomes the output `name`; without it Azure's name is derived from the logical one.
NAMED_BY = {
    "resources:ResourceGroup": "resourceGroupName",
    "apimanagement:ApiManagementService": "serviceName",
    "apimanagement:Backend": "backendId",
    "apimanagement:Api": "apiId",
    "apimanagement:ApiOperation": "operationId",
    "apimanagement:ApiPolicy": "policyId",
    "apimanagement:ApiOperationPolicy": "policyId",
    "apimanagement:ApiDiagnostic": "diagnosticId",
    "apimanagement:Logger": "loggerId",
    "apimanagement:NamedValue": "namedValueId",
    "apimanagement:Subscription": "sid",
    "authorization:RoleAssignment": "roleAssignmentName",
}
STACK_TYPE = "pulumi:pulumi:Stack"

Program = str | Path | Callable[[], Any]
Answer = Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any] | str]
"""Properties, or a function of the arguments that gives properties or, as text, a refusal."""


class Unknown:
    """What a preview knows of a value that Azure has not made yet."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown)

    def __hash__(self) -> int:
        return hash(Unknown)

    def __repr__(self) -> str:
        return "Unknown()"


@dataclass(frozen=True)
class Secret:
    """A value that the engine would encrypt in its state and mask in its output."""

    value: Any


@dataclass(frozen=True)
class Resource:
    """One registration as an engine receives it. `request` holds every option, `inputs` are plain Python."""

    urn: str
    request: resource_pb2.RegisterResourceRequest
    inputs: dict[str, Any]
    outputs: dict[str, Any] = field(default_factory=dict)
    """What a component registers as its outputs; empty for everything else."""

    @property
    def type(self) -> str:
        return self.request.type

    @property
    def name(self) -> str:
        return self.request.name

    @property
    def depends_on(self) -> set[str]:
        """Logical names of the resources that must exist first."""
        return {urn.rsplit("::", 1)[1] for urn in self.request.dependencies}

    @property
    def parent(self) -> str:
        return self.request.parent.rsplit("::", 1)[1]


@dataclass(frozen=True)
class Call:
    """One provider function a program called, or another stack it read, with the arguments it had by then."""

    token: str
    arguments: dict[str, Any]
    provider: str
    version: str


@dataclass(frozen=True)
class Deployment:
    """Everything one run of a program asked for."""

    resources: Mapping[str, Resource]
    calls: list[Call]

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    def all(self, type_: str) -> list[Resource]:
        """Resources whose token ends in `type_` ("Backend" or "apimanagement:Backend")."""
        return [r for r in self if r.type == type_ or r.type.endswith(f":{type_}")]

    def one(self, type_: str, name: str | None = None) -> Resource:
        """The only resource of that type, or the one with that logical name."""
        found = [r for r in self.all(type_) if name in (None, r.name)]
        assert len(found) == 1, (
            f"{len(found)} resources {type_} {name or ''}; there are {[r.name for r in self.all(type_)]}"
        )
        return found[0]

    @property
    def exports(self) -> dict[str, Any]:
        return self.one(STACK_TYPE).outputs

    @property
    def urns(self) -> list[str]:
        return sorted(urn for urn, resource in self.resources.items() if resource.type != STACK_TYPE)


def plain(value: Any) -> Any:
    """A property as ordinary Python; secrets and unknowns stay visible."""
    if rpc.is_rpc_secret(value):
        return Secret(plain(rpc.unwrap_rpc_secret(value)))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the wire has floats only
    return Unknown() if isinstance(value, pulumi.output.Unknown) else value


def _properties(struct: Any) -> dict[str, Any]:
    return plain(rpc.deserialize_properties(struct, keep_unknowns=True))


class _Monitor(mocks.MockMonitor):
    """Pulumi's mock monitor with the engine's rules for URNs, a memory, and Azure's answers.

    Registrations and questions are answered from the wire's own form: Pulumi's mocks would decode and encode them.
    """

    def __init__(self, cloud: "_Cloud") -> None:
        super().__init__(_NoMocks())
        self.cloud = cloud
        self.seen: dict[str, Resource] = {}
        self.calls: list[Call] = []

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The engine's rule: all parent types but the stack's. The mock keeps the stack and only the last parent."""
        chain = parent.split("::")[2] if parent else ""
        qualified = type_ if chain in ("", STACK_TYPE) else f"{chain}${type_}"
        return f"urn:pulumi:{settings.get_stack()}::{settings.get_project()}::{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        if urn in self.seen:
            raise AssertionError(f"Duplicate resource URN '{urn}'; the engine refuses this, mocks do not")
        self.seen[urn] = Resource(urn, request, _properties(request.object))
        id_, computed = self.cloud.make(request, self.seen[urn].inputs)
        response = resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=request.object)
        response.object.update(computed)
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:
        self.seen[request.urn].outputs.update(_properties(request.outputs))
        return super().RegisterResourceOutputs(request)

    def ReadResource(self, request: Any) -> Any:
        """Of what a program reads, a StackReference alone is known: `answers` holds the other stack's outputs."""
        call = Call(request.type, _properties(request.properties), request.provider, request.version)
        self.calls.append(call)
        response = resource_pb2.ReadResourceResponse(urn=self.make_urn(request.parent, request.type, request.name))
        response.properties.update({"name": request.id, "outputs": self.cloud.answer(call), "secretOutputNames": []})
        return response

    def Invoke(self, request: Any) -> Any:
        call = Call(
            request.tok.removeprefix("azure-native:"), _properties(request.args), request.provider, request.version
        )
        self.calls.append(call)
        answer = self.cloud.answer(call)
        if isinstance(answer, str):
            return resource_pb2.ResourceInvokeResponse(failures=[provider_pb2.CheckFailure(reason=answer)])
        result = struct_pb2.Struct()
        result.update(answer)
        fields: Any = {"return": result}  # a keyword of Python's
        return resource_pb2.ResourceInvokeResponse(**fields)


@dataclass(frozen=True)
class _Cloud:
    """Azure as the program sees it: ids and computed outputs on `up`, nothing of the kind in a preview."""

    preview: bool
    outputs: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, Answer]

    def make(self, request: Any, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The id of a new resource, and what Azure adds to its inputs."""
        if not request.custom or self.preview:
            return "", {}
        module = request.type.removeprefix("azure-native:")
        name = inputs.get(NAMED_BY.get(module, ""), f"{request.name}01234567")
        return f"/{module}/{request.name}", {"name": name, **self.outputs.get(module, {})}

    def answer(self, call: Call) -> Mapping[str, Any] | str:
        """Properties, or the reason of a refusal."""
        if call.token not in self.answers:
            raise AssertionError(
                f"the program called {call.token}({call.arguments}) and the test gives no answer for it"
            )
        answer = self.answers[call.token]
        return answer(call.arguments) if callable(answer) else answer


class _NoMocks(mocks.Mocks):
    """What Pulumi asks for; the monitor answers itself."""

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise AssertionError(f"{args.typ} went past the monitor")

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise AssertionError(f"{args.token} went past the monitor")


def deploy(
    program: Program,
    *,
    config: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    preview: bool = False,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> Deployment:
    """Run `program` (a file to run as `__main__`, or a function) as `pulumi up`, or as `pulumi preview`.

    `config` and `secrets` are the stack's configuration as the engine hands it over: structured values as JSON.
    `outputs` adds computed properties by resource type ("apimanagement:Backend"), `answers` answers provider functions
    ("cognitiveservices:getAccount") with properties or with a function of the arguments. Both in camelCase, as Azure.
    """
    monitor = _Monitor(_Cloud(preview, outputs or {}, answers or {}))
    _run(program, monitor, config or {}, secrets or {})
    return Deployment(monitor.seen, monitor.calls)


def refusal(program: Program, *, config: Mapping[str, str] | None = None) -> tuple[str, list[str]]:
    """What a program that refuses its inputs says, and the URNs that it registered before it did."""
    monitor = _Monitor(_Cloud(False, {}, {}))
    try:
        _run(program, monitor, config or {}, {})
    except pulumi.RunError as error:
        return str(error), Deployment(monitor.seen, []).urns
    raise AssertionError("the program refused nothing")


def _run(program: Program, monitor: "_Monitor", config: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    values = {f"{PROJECT}:{key}": value for key, value in {**config, **secrets}.items()}

    def run() -> None:
        pulumi.runtime.reset_options()  # fresh queues: work left by a failed run would hang this one
        pulumi.runtime.set_all_config(values, [f"{PROJECT}:{key}" for key in secrets])
        settings.set_root_resource(object())  # pyright: ignore[reportArgumentType]  else set_mocks starts a stack itself
        pulumi.runtime.set_mocks(monitor.mocks, PROJECT, STACK, monitor.cloud.preview, monitor=monitor)
        settings.set_root_resource(None)  # pyright: ignore[reportArgumentType]
        asyncio.run(_run_in_stack(program))

    contextvars.copy_context().run(run)


class _AtOnce(ThreadPoolExecutor):
    """Runs in the caller's thread: the monitor only computes, and threads would take longer than its answers."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 whoever waits for the future gets it
            future.set_exception(error)
        return future


async def _run_in_stack(program: Program) -> None:
    def body() -> Any:
        pulumi.runtime.register_stack_transformation(_without_version_aliases)
        return program() if callable(program) else _run_file(Path(program))

    loop = asyncio.get_running_loop()
    loop.set_default_executor(_AtOnce())
    # After a failure many outputs end with an exception that nobody will ask for; the first one is raised below.
    loop.set_exception_handler(lambda loop, context: None)
    await pulumi.runtime.run_in_stack(body)


def _without_version_aliases(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult | None:
    """Leaves out the types under which earlier API versions knew a resource: dozens for each, which take three quarters
    of the time of a run. Aliases that a program gives itself stay."""
    opts = copy.copy(args.opts)
    opts.aliases = [a for a in opts.aliases or [] if not (isinstance(a, pulumi.Alias) and _is_azure_type(a.type_))]
    return pulumi.ResourceTransformationResult(args.props, opts)


def _is_azure_type(type_: object) -> bool:
    return isinstance(type_, str) and type_.startswith("azure-native:")


def _run_file(path: Path) -> None:
    runpy.run_path(str(path), run_name="__main__")
