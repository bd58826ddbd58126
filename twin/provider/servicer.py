# ruff: noqa: N802  (the protocol's verbs are functions in capitals)
"""The verbs of the engine's provider protocol, as pulumi-azure-native v3 answers them.

(pulumi-azure-native, provider/pkg/provider/provider.go.) The verbs that are left out answer "unimplemented", which the
engine accepts.
"""

import functools
import importlib.metadata
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc, status_pb2
from pulumi.runtime.proto import provider_pb2 as proto

from ..azure.shapes import UNKNOWN, Json, Shape
from .arm import Arm, Pace
from .engine_log import EngineLog
from .naming import CREATE_BEFORE_DELETE, made_name
from .refusal import ArmError, UnreachableError
from .resources import API_VERSION, Resources, UnfinishedError, known_shape, stored
from .settings import Settings, read_settings
from .translate import Change, carry, changes, dump, load, without_empty

_PREFIX: Final = "azure-native:"
_TIMEOUT: Final = 2 * 60 * 60.0  # of a verb, unless the program gives one

_Verb = TypeVar("_Verb", bound=Callable[..., Any])


def _verb(method: _Verb) -> _Verb:
    """A verb whose ArmError becomes the engine's error."""

    @functools.wraps(method)
    def answer(self: "Provider", request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except ArmError as error:
            if isinstance(error, UnfinishedError):
                context.set_trailing_metadata((("grpc-status-details-bin", _partial_failure(error)),))
            return context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return cast("_Verb", answer)


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One configured provider: the engine starts a process for each."""

    def __init__(
        self, pace: Pace, environment: Mapping[str, str], log: EngineLog, cancel: Callable[[], None] = lambda: None
    ) -> None:
        self._pace = pace
        self._environment = environment
        self._log = log
        self._cancel = cancel
        self._arm: Arm | None = None

    def close(self) -> None:
        """Ends the connections to ARM."""
        if self._arm is not None:
            self._arm.close()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        # The engine warns about a plugin that is older than the SDK.
        return plugin_pb2.PluginInfo(version=importlib.metadata.version("pulumi_azure_native"))

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._log.attach(request.address)
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._cancel()
        return empty_pb2.Empty()

    def CheckConfig(self, request: proto.CheckRequest, context: grpc.ServicerContext) -> proto.CheckResponse:
        return proto.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: proto.DiffRequest, context: grpc.ServicerContext) -> proto.DiffResponse:
        return proto.DiffResponse()

    @_verb
    def Configure(self, request: proto.ConfigureRequest, context: grpc.ServicerContext) -> proto.ConfigureResponse:
        self.close()
        self._settings: Settings = read_settings(request.variables, self._environment)
        try:
            self._arm = Arm(self._settings.metadata_host, self._pace, self._log.status)
        except UnreachableError as error:
            raise ArmError(f"the twin does not run ({error}); `python -m twin up` starts it") from error
        self._resources = Resources(self._arm, self._settings.subscription_id, self._log.warn)
        # Not acceptSecrets: the engine then takes the secrets' marks off before each call and puts them back after.
        return proto.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    @_verb
    def Check(self, request: proto.CheckRequest, context: grpc.ServicerContext) -> proto.CheckResponse:
        target = _shape_of(request.urn)
        olds, news = load(request.olds), load(request.news)
        if target.row.parameters[-1] not in news:
            news |= made_name(target, request, olds)
        if "location" in target.inputs and "location" not in news and (location := self._location(olds, news)):
            news["location"] = location
        news.setdefault(API_VERSION, target.row.api_version)
        own = {name: value for name, value in news.items() if name != API_VERSION and not name.startswith("__")}
        failures = [proto.CheckFailure(reason=_reason(found.path, found.message)) for found in target.problems(own)]
        return proto.CheckResponse(inputs=dump(news), failures=failures)

    def _location(self, olds: Mapping[str, Json], news: Mapping[str, Json]) -> str | None:
        """The location of a resource that gives none: as before, as configured, or its resource group's."""
        known = olds.get("location") or self._settings.location
        group = news.get("resourceGroupName")
        if known or group in (None, UNKNOWN):
            return known or group
        return self._resources.location_of(group)

    @_verb
    def Diff(self, request: proto.DiffRequest, context: grpc.ServicerContext) -> proto.DiffResponse:
        target, state = _shape_of(request.urn), load(request.olds)
        olds, news = load(request.old_inputs), load(request.news)
        if API_VERSION in state:  # an import reads inputs without it
            olds.setdefault(API_VERSION, state[API_VERSION])
        found = changes(olds, news)
        replacing = [change for change in found if _replaces(change, target, news, state)]
        kind = proto.PropertyDiff.Kind.Value
        return proto.DiffResponse(
            changes=proto.DiffResponse.DIFF_SOME if found else proto.DiffResponse.DIFF_NONE,
            replaces=[change.path for change in replacing],
            diffs=sorted({change.name for change in found}),
            detailedDiff={
                change.path: proto.PropertyDiff(
                    kind=kind(f"{change.kind}_REPLACE" if change in replacing else change.kind), inputDiff=True
                )
                for change in found
            },
            hasDetailedDiff=bool(found),
            deleteBeforeReplace=bool(replacing) and not olds.get(CREATE_BEFORE_DELETE),
        )

    @_verb
    def Create(self, request: proto.CreateRequest, context: grpc.ServicerContext) -> proto.CreateResponse:
        target, inputs = _shape_of(request.urn), load(request.properties)
        if request.preview:
            return proto.CreateResponse(properties=dump(target.preview(inputs)))
        resource_id, outputs = self._resources.create(target, inputs, request.urn, request.timeout or _TIMEOUT)
        return proto.CreateResponse(id=resource_id, properties=dump(outputs))

    @_verb
    def Update(self, request: proto.UpdateRequest, context: grpc.ServicerContext) -> proto.UpdateResponse:
        target, inputs, state = _shape_of(request.urn), load(request.news), load(request.olds)
        if request.preview:
            stable = {name: state[name] for name in ("name", "location") if name in state}
            return proto.UpdateResponse(properties=dump({**target.preview(inputs), **stable}))
        outputs = self._resources.update(target, inputs, request.urn, request.timeout or _TIMEOUT)
        return proto.UpdateResponse(properties=dump(outputs))

    @_verb
    def Read(self, request: proto.ReadRequest, context: grpc.ServicerContext) -> proto.ReadResponse:
        target = _shape_of(request.urn)
        body = self._resources.read(target, request.id)
        if body is None:
            return proto.ReadResponse()  # gone
        outputs, inputs = stored(target, body), load(request.inputs)
        if inputs:
            inputs = carry(inputs, target.writable(load(request.properties)), target.writable(outputs))
        else:
            inputs = _imported(target, request.id, body)
        return proto.ReadResponse(id=request.id, properties=dump(outputs), inputs=dump(inputs))

    @_verb
    def Delete(self, request: proto.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._resources.delete(_shape_of(request.urn), request.id, request.timeout or _TIMEOUT)
        return empty_pb2.Empty()

    @_verb
    def Invoke(self, request: proto.InvokeRequest, context: grpc.ServicerContext) -> proto.InvokeResponse:
        token = request.tok.removeprefix(_PREFIX)
        if token == "authorization:getClientConfig":
            own = self._settings
            result: Mapping[str, Json] = {
                "clientId": own.client_id,
                "objectId": own.object_id,
                "subscriptionId": own.subscription_id,
                "tenantId": own.tenant_id,
            }
        else:
            result = self._resources.call(token, load(request.args))
        response = proto.InvokeResponse()
        getattr(response, "return").CopyFrom(dump(result))
        return response


def _partial_failure(error: UnfinishedError) -> bytes:
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    status.details.add().Pack(
        proto.ErrorResourceInitFailed(
            id=error.resource_id,
            properties=dump(error.outputs),
            inputs=dump(error.inputs),
            reasons=[str(error)],
        )
    )
    return status.SerializeToString()


def _shape_of(urn: str) -> Shape:
    """By the type in a URN: the last one, where the resource has a component for a parent."""
    token = urn.split("::")[2].rpartition("$")[2].removeprefix(_PREFIX)
    return known_shape(token, token)


def _reason(path: str, message: str) -> str:
    if path == "location" and message.startswith("missing"):
        hint = "Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."
        return f"{message}. {hint}"
    return message


def _replaces(change: Change, target: Shape, news: Mapping[str, Json], state: Mapping[str, Json]) -> bool:
    """Whether a change needs a new resource. Naming at last what the resource had all along does not."""
    already = change.kind == "ADD" and state.get(change.path) == news.get(change.path)
    return change.name in target.create_only and not already


def _imported(target: Shape, resource_id: str, body: Mapping[str, Json]) -> dict[str, Json]:
    """The inputs that would make a resource as it is."""
    named = target.parse_id(resource_id)
    if named is None:
        raise ArmError(f"failed to parse '{resource_id}' against the path '{target.row.path}'")
    written = {name: without_empty(value) for name, value in target.to_sdk(body, "inputs").items()}
    return {name: value for name, value in written.items() if value is not None} | named
