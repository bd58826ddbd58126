"""THE table against the SDK that the program uses and against Microsoft's clients: it may hold no guess of its own."""

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pulumi._types as sdk_types
import pytest

from twin.azure.models import properties
from twin.azure.shapes import Shape, shape
from twin.azure.types import ACTIONS, TYPES

# Where the SDK and Microsoft's models differ, and why neither is wrong.
INPUTS_ONLY_IN_THE_MODELS = {
    "applicationinsights:Component": {"etag"},  # azure-native never sends etags
}
OUTPUTS_ONLY_IN_THE_SDK = {
    "authorization:RoleAssignment": {"systemData"},  # the client's older copy of the specification has none
}
NESTED_NAMES_THAT_DIFFER = {
    # An object of nothing but read-only properties: the SDK leaves it out.
    "apimanagement:ApiManagementService.privateEndpointConnections[]": {"privateEndpoint"},
}

READ_WITH_HEAD = {
    # Azure tells only that an API is in a product; the twin's provider, which reads with GET, is told more.
    "apimanagement:ProductApi",
}

everything = pytest.mark.parametrize("token", TYPES)
of_microsoft = pytest.mark.parametrize("token", [token for token in TYPES if token != "resources:ResourceGroup"])


@everything
def test_a_type_has_exactly_the_inputs_of_the_sdk(token: str) -> None:
    found = shape(token)

    names = {*found.inputs, *found.row.parameters, *found.row.query}

    assert names - INPUTS_ONLY_IN_THE_MODELS.get(token, set()) == set(sdk_types.input_type_types(_args(token)))
    assert names >= INPUTS_ONLY_IN_THE_MODELS.get(token, set())


@everything
def test_a_type_has_exactly_the_outputs_of_the_sdk(token: str) -> None:
    wanted = set(sdk_types.resource_types(_resource(token))) - {"azureApiVersion"}
    only_there = OUTPUTS_ONLY_IN_THE_SDK.get(token, set())

    assert set(shape(token).outputs) == wanted - only_there
    assert wanted >= only_there


@everything
def test_below_the_top_level_names_and_kinds_are_the_sdks_too(token: str) -> None:
    found = shape(token)
    wanted = sdk_types.input_type_types(_args(token))

    differences = {
        path: names
        for name, known in found.inputs.items()
        if name in wanted
        for path, names in _differences(found, known.type, wanted[name], f"{token}.{name}")
    }

    assert differences == {
        path: names for path, names in NESTED_NAMES_THAT_DIFFER.items() if path.startswith(f"{token}.")
    }


@everything
def test_a_type_has_the_api_version_of_the_sdk(token: str) -> None:
    source = Path(inspect.getfile(_resource(token))).read_text(encoding="utf-8")
    documented = re.search(r"Uses Azure REST API version ([\w-]+)\.", source)

    assert documented is not None
    assert TYPES[token].api_version == documented[1]


@of_microsoft
def test_a_path_is_one_that_microsofts_client_reads_writes_and_deletes(token: str) -> None:
    row = TYPES[token]

    read = "HEAD" if token in READ_WITH_HEAD else "GET"
    assert {method for method, path in _operations(row.models) if path == row.path} >= {read, "PUT", "DELETE"}


@of_microsoft
def test_what_may_take_long_is_what_microsofts_client_polls(token: str) -> None:
    row = TYPES[token]

    polled = {method for (method, path), known in _operations(row.models).items() if path == row.path and known.polled}

    assert row.long_running == polled - {"PATCH"}


@of_microsoft
def test_inputs_in_the_query_are_those_of_microsofts_client(token: str) -> None:
    row = TYPES[token]

    assert set(row.query) == _operations(row.models)["PUT", row.path].query - {"api-version"}


@pytest.mark.parametrize("token", ACTIONS)
def test_an_action_is_a_post_of_microsofts_client_and_a_function_of_the_sdk(token: str) -> None:
    action = ACTIONS[token]
    row = TYPES[action.resource]
    module, _, function = token.partition(":")

    assert ("POST", f"{row.path}/{action.verb}") in _operations(row.models)
    assert hasattr(importlib.import_module(f"pulumi_azure_native.{module}"), _snake(function))


@everything
def test_a_type_has_a_get_function_in_the_sdk(token: str) -> None:
    module, _, name = token.partition(":")

    found = hasattr(importlib.import_module(f"pulumi_azure_native.{module}"), _snake(f"get{name}"))

    assert found == (token not in READ_WITH_HEAD)


@everything
def test_what_cannot_be_changed_is_an_input(token: str) -> None:
    assert TYPES[token].create_only <= set(shape(token).inputs)


@everything
def test_no_model_stands_for_several_others(token: str) -> None:
    """Subtypes, told apart by a discriminator, would need more than one table of names a model."""
    found = shape(token)
    models = importlib.import_module(found.row.models, "twin.azure")

    for name in _reachable(models, found.row.request) | _reachable(models, found.row.response):
        assert not getattr(getattr(models, name), "_subtype_map", {}), name


def test_the_type_names_are_azures() -> None:
    assert (
        TYPES["apimanagement:ApiOperationPolicy"].arm_type == "Microsoft.ApiManagement/service/apis/operations/policies"
    )
    assert TYPES["authorization:RoleAssignment"].arm_type == "Microsoft.Authorization/roleAssignments"
    assert TYPES["resources:ResourceGroup"].arm_type == "Microsoft.Resources/resourceGroups"


def _resource(token: str) -> type:
    module, _, name = token.partition(":")
    return getattr(importlib.import_module(f"pulumi_azure_native.{module}"), name)


def _args(token: str) -> type:
    resource = _resource(token)
    return getattr(importlib.import_module(resource.__module__), f"{resource.__name__}Args")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _differences(found: Shape, type_name: str, wanted: object, path: str) -> Iterator[tuple[str, set[str]]]:
    """Paths of nested objects whose names are not the SDK's, with the names that only one of both has."""
    if found.is_string_set(type_name):
        if _item(wanted) is not str:
            yield path, {"not a list of strings"}
    elif type_name[0] in "[{":
        yield from _differences(found, type_name[1:-1], _item(wanted), f"{path}[]")
    elif _is_args(wanted):
        known = found.properties_of(type_name).inputs
        theirs = sdk_types.input_type_types(typing.cast("type", wanted))
        if known.keys() ^ theirs.keys():
            yield path, set(known.keys() ^ theirs.keys())
        for name in known.keys() & theirs.keys():
            yield from _differences(found, known[name].type, theirs[name], f"{path}.{name}")


def _item(wanted: object) -> object:
    """What a Sequence or Mapping of the SDK holds, without the wrapping for outputs."""
    arguments = typing.get_args(wanted)
    return sdk_types.unwrap_type(arguments[-1]) if arguments else None


def _is_args(wanted: object) -> bool:
    return isinstance(wanted, type) and sdk_types.is_input_type(wanted)


def _reachable(models: object, name: str) -> set[str]:
    names: set[str] = set()
    waiting = [name]
    while waiting:
        name = waiting.pop().strip("[]{}")
        if name not in names and hasattr(getattr(models, name, None), "_attribute_map"):
            names.add(name)
            waiting += [found.type for side in properties(getattr(models, name)) for found in side.values()]
    return names


class Operation(typing.NamedTuple):
    query: set[str]
    polled: bool


@cache
def _operations(models: str) -> Mapping[tuple[str, str], Operation]:
    """The requests of a client of Microsoft's, by method and path template, read from its source."""
    package = importlib.import_module(models.removesuffix(".models") + ".operations")
    found: dict[tuple[str, str], Operation] = {}
    for module in pkgutil.iter_modules(package.__path__):
        source = (Path(package.__path__[0]) / f"{module.name}.py").read_text(encoding="utf-8")
        for builder in source.split("\ndef build_")[1:]:
            template = re.search(r'_url = kwargs\.pop\(\s*"template_url",\s*((?:"[^"]*"\s*)+)', builder)
            method = re.search(r'HttpRequest\(method="(\w+)"', builder)
            if template and method:
                name = builder.partition("_request(")[0]
                query = set(re.findall(r'_params\["([\w-]+)"\]', builder.partition("\nclass ")[0]))
                path = "".join(re.findall(r'"([^"]*)"', template[1]))
                found[method[1], path] = Operation(query, f"def begin_{name}(" in source)
    return found
