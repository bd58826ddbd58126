"""What is done to resources: the ARM calls of each verb in the real provider's order, on plain values.

(pulumi-azure-native, provider/pkg/provider/provider.go and crud/crud.go.)
"""

from collections.abc import Callable, Mapping
from typing import Final

from ..azure.shapes import Json, Shape, shape
from ..azure.types import ACTIONS, TYPES
from .arm import Arm
from .refusal import ArmError, RefusedError

API_VERSION: Final = "azureApiVersion"  # in every resource's state
_GROUP_API_VERSION: Final = "2020-10-01"  # with which the real provider looks up a resource group's location


class UnfinishedError(ArmError):
    """ARM took the resource, but did not finish it. The engine keeps it in its state, so that `up` can go on there."""

    def __init__(self, reason: str, resource_id: str, outputs: Mapping[str, Json], inputs: Mapping[str, Json]) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.outputs = outputs
        self.inputs = inputs


class Resources:
    """The resources of one subscription. `warn` tells the person at the terminal: a URN and a line."""

    def __init__(self, arm: Arm, subscription_id: str, warn: Callable[[str, str], None]) -> None:
        self._arm = arm
        self._subscription_id = subscription_id
        self._warn = warn
        self._locations: dict[str, str] = {}

    def location_of(self, group: str) -> str | None:
        """Where a resource group is; None when there is no such group."""
        if group not in self._locations:
            path = f"/subscriptions/{self._subscription_id}/resourceGroups/{group}"
            try:
                self._locations[group] = self._arm.get(path, _GROUP_API_VERSION)["location"]
            except RefusedError:
                return None
        return self._locations[group]

    def create(
        self, target: Shape, inputs: Mapping[str, Json], urn: str, timeout: float
    ) -> tuple[str, dict[str, Json]]:
        """The new resource's id and outputs."""
        path = self._path(target, inputs)
        self._must_not_exist(target, path)
        return self._write(target, path, inputs, urn, timeout)

    def update(self, target: Shape, inputs: Mapping[str, Json], urn: str, timeout: float) -> dict[str, Json]:
        return self._write(target, self._path(target, inputs), inputs, urn, timeout)[1]

    def read(self, target: Shape, resource_id: str) -> Json:
        """The resource as ARM shows it; None when it is gone."""
        try:
            return self._arm.get(resource_id, target.row.api_version)
        except RefusedError as error:
            if error.refusal.status == 404:
                return None
            raise

    def delete(self, target: Shape, resource_id: str, timeout: float) -> None:
        answer = self._arm.delete(resource_id, target.row.api_version)
        if answer is not None and "DELETE" in target.row.long_running:
            self._arm.settle(answer, timeout)

    def call(self, token: str, arguments: Mapping[str, Json]) -> Mapping[str, Json]:
        """A function of the SDK: `get…` of any type of the table, or one of its actions."""
        action = ACTIONS.get(token)
        target = known_shape(action.resource if action else token.replace(":get", ":", 1), token)
        path = self._path(target, arguments)
        try:
            if action:
                return self._arm.post(f"{path}/{action.verb}", target.row.api_version)
            body = self._arm.get(path, target.row.api_version)
        except RefusedError as error:
            raise ArmError(f"request failed {path}: {error}") from error
        return {**stored(target, body), "id": body.get("id", path)}

    def _path(self, target: Shape, inputs: Mapping[str, Json]) -> str:
        missing = [name for name in target.row.parameters if name not in inputs]
        if missing:
            raise ArmError(f"{target.row.token} needs {', '.join(missing)} to say which one is meant")
        return target.resource_id(inputs, self._subscription_id)

    def _must_not_exist(self, target: Shape, path: str) -> None:
        """A PUT would take over what is there already; only an import may do that."""
        try:
            body = self._arm.get(path, target.row.api_version)
        except RefusedError as error:
            if error.refusal.status == 404:
                return
            raise ArmError(f"cannot check existence of resource '{path}': {error}") from error
        if body and not target.row.default:
            raise ArmError(f"cannot create already existing resource '{path}'")
        if body and target.to_sdk(body, "inputs") != dict(target.row.default):
            # It came with its parent, but somebody has written it since.
            raise ArmError(f"cannot create already existing subresource '{path}'")

    def _write(
        self, target: Shape, path: str, inputs: Mapping[str, Json], urn: str, timeout: float
    ) -> tuple[str, dict[str, Json]]:
        """PUT, wait until it is done, and read it back: the resource's id and outputs."""
        row = target.row
        query = {name: inputs[name] for name in row.query if name in inputs}
        answer = self._arm.put(path, row.api_version, target.to_wire(inputs), query)
        body = answer.body
        try:
            if "PUT" in row.long_running or answer.status == 202:
                body = self._arm.settle(answer, timeout)
            body = self._read_back(path, row.api_version, urn, body)
        except ArmError as error:
            raise self._unfinished(target, path, inputs, error) from error
        return body.get("id", path), stored(target, body)

    def _read_back(self, path: str, api_version: str, urn: str, written: Json) -> Mapping[str, Json]:
        """The resource as a GET shows it: what a refresh will compare with, and not always what the PUT answered."""
        try:
            return self._arm.get(path, api_version)
        except ArmError as error:
            if not isinstance(written, dict):
                raise
            self._warn(urn, f"the resource was written, but reading it back failed: {error}")
            return written

    def _unfinished(self, target: Shape, path: str, inputs: Mapping[str, Json], why: ArmError) -> UnfinishedError:
        try:
            outputs = stored(target, self._arm.get(path, target.row.api_version))
        except ArmError as error:
            return UnfinishedError(f"{why}; reading what there is of it failed too: {error}", path, {}, inputs)
        return UnfinishedError(str(why), path, outputs, inputs)


def known_shape(token: str, asked: str) -> Shape:
    """The shapes of a type, for somebody who asked for it or for a function of it."""
    if token not in TYPES:
        raise ArmError(
            f"the twin does not know {asked}. It knows the types {', '.join(sorted(TYPES))}, a get function for each, "
            f"and {', '.join(sorted(ACTIONS))}. A type is one row in twin/azure/types.py."
        )
    return shape(token)


def stored(target: Shape, body: Mapping[str, Json]) -> dict[str, Json]:
    """A body as the outputs that the engine keeps."""
    return {**target.to_sdk(body), API_VERSION: target.row.api_version}
