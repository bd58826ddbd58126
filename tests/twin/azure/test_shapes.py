"""Between the SDK's properties and ARM's JSON: names, nesting, unknowns, problems, ids."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.azure.models import Property
from twin.azure.shapes import UNKNOWN, Problem, Shape, shape, type_of
from twin.azure.types import TYPES

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
GATEWAY = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/gateway"
OPENAI_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
NAMED = {"resourceGroupName": "rg", "serviceName": "gateway"}

# Bodies as Azure's documentation writes them, one for every way in which a property can be nested.
BODIES = {
    "apimanagement:Backend": {
        "properties": {
            "title": "One account",
            "url": "https://aoai-eus2-1.openai.azure.com/openai",
            "protocol": "http",
            "tls": {"validateCertificateChain": True, "validateCertificateName": True},
            "credentials": {
                "header": {"x-team": ["search", "chat"]},
                "authorization": {"scheme": "Basic", "parameter": "p"},
            },
            "circuitBreaker": {
                "rules": [
                    {
                        "name": "throttled",
                        "failureCondition": {
                            "count": 1,
                            "interval": "PT10S",
                            "statusCodeRanges": [{"min": 429, "max": 429}, {"min": 502, "max": 504}],
                        },
                        "tripDuration": "PT10S",
                        "acceptRetryAfter": True,
                    }
                ]
            },
        }
    },
    "apimanagement:Api": {
        "properties": {
            "displayName": "Azure OpenAI",
            "path": "openai",
            "protocols": ["https"],
            "type": "http",
            "subscriptionKeyParameterNames": {"header": "api-key", "query": "api-key"},
            "subscriptionRequired": True,
        }
    },
    "apimanagement:ApiOperation": {
        "properties": {
            "displayName": "All",
            "method": "POST",
            "urlTemplate": "/{*path}",
            "templateParameters": [{"name": "path", "type": "string", "required": True}],
            "request": {"headers": [{"name": "h", "type": "string", "examples": {"one": {"value": {"deep": [1]}}}}]},
        }
    },
    "apimanagement:ApiDiagnostic": {
        "properties": {
            "loggerId": f"{GATEWAY}/loggers/insights",
            "sampling": {"samplingType": "fixed", "percentage": 12.5},
            "backend": {"response": {"headers": ["Retry-After"], "body": {"bytes": 0}}},
            "httpCorrelationProtocol": "W3C",
            "metrics": True,
        }
    },
    "apimanagement:ApiManagementService": {
        "location": "eastus2",
        "sku": {"name": "Developer", "capacity": 1},
        "identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {"/identities/one": {}}},
        "tags": {"owner.team": "platform"},
        "properties": {
            "publisherEmail": "platform@contoso.example",
            "publisherName": "Contoso",
            "customProperties": {"Microsoft.WindowsAzure.ApiManagement.Gateway.Protocols.Server.Http2": "True"},
        },
    },
    "cognitiveservices:Account": {
        "kind": "OpenAI",
        "location": "eastus2",
        "sku": {"name": "S0"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/identities/a": {}, "/identities/b": {}}},
        "properties": {"customSubDomainName": "aoai-eus2-1", "disableLocalAuth": True},
    },
    "authorization:RoleAssignment": {
        "properties": {
            "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{OPENAI_USER}",
            "principalId": "00000000-0000-0000-0000-000000000009",
            "principalType": "ServicePrincipal",
        }
    },
    "applicationinsights:Component": {
        "kind": "web",
        "location": "eastus2",
        "properties": {"Application_Type": "web", "WorkspaceResourceId": "/workspaces/one", "RetentionInDays": 30},
    },
    "resources:ResourceGroup": {"location": "eastus2", "tags": {"owner": "platform"}},
}


@pytest.mark.parametrize("token", BODIES)
def test_a_body_of_azures_survives_the_way_to_the_sdk_and_back(token: str) -> None:
    found = shape(token)

    assert found.to_wire(found.to_sdk(BODIES[token], "inputs")) == BODIES[token]


@pytest.mark.parametrize("token", BODIES)
def test_the_models_forbid_nothing_in_a_body_of_azures(token: str) -> None:
    found = shape(token)
    named = dict.fromkeys(found.row.parameters, "x")

    assert found.problems({**found.to_sdk(BODIES[token], "inputs"), **named}) == []


def test_flattened_properties_move_up_and_names_become_the_sdks() -> None:
    body = {"properties": {"type": "websocket", "apiType": "soap", "path": "openai", "isOnline": True}}

    assert shape("apimanagement:Api").to_sdk(body, "inputs") == {
        "apiType": "websocket",
        "path": "openai",
        "soapApiType": "soap",
    }


def test_where_two_properties_clash_a_user_writes_the_inner_one_and_reads_the_outer_one() -> None:
    backend = shape("apimanagement:Backend")
    body = {"type": "Microsoft.ApiManagement/service/backends", "properties": {"type": "Pool"}}

    assert backend.to_wire({"type": "Pool"}) == {"properties": {"type": "Pool"}}
    assert backend.to_sdk(body, "inputs") == {"type": "Pool"}
    assert backend.to_sdk(body) == {"type": "Microsoft.ApiManagement/service/backends"}


def test_what_stands_in_the_path_or_query_stays_out_of_the_body() -> None:
    inputs = {**NAMED, "sid": "team", "displayName": "Team", "scope": "/apis/openai", "notify": False}

    assert shape("apimanagement:Subscription").to_wire(inputs) == {
        "properties": {"displayName": "Team", "scope": "/apis/openai"}
    }


def test_the_id_is_no_output() -> None:
    backend = shape("apimanagement:Backend")

    assert backend.to_sdk({"id": f"{GATEWAY}/backends/b", "name": "b"}) == {"name": "b"}
    assert "id" not in backend.outputs
    assert "id" not in backend.preview({})


def test_a_string_set_is_a_list_for_the_user_and_an_object_for_azure() -> None:
    account = shape("cognitiveservices:Account")
    inputs = {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/identities/b", "/identities/a"]}}
    azures = {"/identities/b": {"principalId": "p", "clientId": "c"}, "/identities/a": {}}
    outputs = account.to_sdk({"identity": {"type": "UserAssigned", "userAssignedIdentities": azures}})

    assert account.to_wire(inputs)["identity"]["userAssignedIdentities"] == {"/identities/b": {}, "/identities/a": {}}
    assert outputs["identity"]["userAssignedIdentities"] == azures
    assert account.writable(outputs)["identity"]["userAssignedIdentities"] == ["/identities/a", "/identities/b"]
    assert account.preview(inputs)["identity"]["userAssignedIdentities"] == UNKNOWN


def test_of_the_outputs_a_user_could_have_written_what_is_no_ones_but_his() -> None:
    service = shape("apimanagement:ApiManagementService")
    outputs = {
        "gatewayUrl": "https://gateway.azure-api.net",
        "identity": {"type": "SystemAssigned", "principalId": "p", "tenantId": "t"},
        "publisherName": "Contoso",
    }

    assert service.writable(outputs) == {"identity": {"type": "SystemAssigned"}, "publisherName": "Contoso"}


def test_a_preview_knows_what_was_written_and_nothing_else_at_any_depth() -> None:
    preview = shape("apimanagement:ApiManagementService").preview(
        {"publisherName": "Contoso", "identity": {"type": "SystemAssigned"}}
    )

    assert preview["publisherName"] == "Contoso"
    assert preview["identity"] == {
        "type": "SystemAssigned",
        "principalId": UNKNOWN,
        "tenantId": UNKNOWN,
        "userAssignedIdentities": UNKNOWN,
    }
    assert preview["gatewayUrl"] == UNKNOWN


@pytest.mark.parametrize(
    ("inputs", "path", "message"),
    [
        (
            {"title": ""},
            "title",
            "'title' is too short (0): at least 1 characters required",
        ),
        (
            {"title": "x" * 301},
            "title",
            "'title' is too long (301): at most 300 characters allowed",
        ),
        (
            {"url": 8},
            "url",
            "'url' should be of type 'string' but got the number 8",
        ),
        (
            {"pool": {"services": [{"weight": 1}]}},
            "pool.services[0].id",
            "missing required property 'pool.services[0].id'",
        ),
        (
            {"pool": {"services": [{"id": "x", "weight": 101}]}},
            "pool.services[0].weight",
            "'pool.services[0].weight' is too high (101 > 100)",
        ),
        (
            {"pool": {"services": [{"id": "x", "priority": -1}]}},
            "pool.services[0].priority",
            "'pool.services[0].priority' is too low (-1 < 0)",
        ),
        (
            {"pool": {"services": [{"id": "x", "priority": 1.5}]}},
            "pool.services[0].priority",
            "'pool.services[0].priority' should be of type 'integer' but got the number 1.5",
        ),
        (
            {"pool": {"services": []}},
            "pool.services",
            "'pool.services' has 0 items: at least 1 allowed",
        ),
        (
            {"pool": {"services": {"id": "x"}}},
            "pool.services",
            "'pool.services' should be of type 'array' but got an object",
        ),
        (
            {"tls": {"validateCertificateName": "yes"}},
            "tls.validateCertificateName",
            "'tls.validateCertificateName' should be of type 'boolean' but got a string",
        ),
        (
            {"tls": {"validate": True}},
            "tls.validate",
            "'tls.validate' is not a property here; those are validateCertificateChain, validateCertificateName",
        ),
        (
            {"credentials": {"header": {"x-team": "search"}}},
            "credentials.header['x-team']",
            "'credentials.header['x-team']' should be of type 'array' but got a string",
        ),
    ],
)
def test_a_problem_names_the_property_what_is_wrong_and_what_is_allowed(
    inputs: Mapping[str, Any], path: str, message: str
) -> None:
    found = shape("apimanagement:Backend").problems({**NAMED, "backendId": "b", **inputs})

    assert found == [Problem(path, message)]


def test_a_string_must_match_its_pattern() -> None:
    inputs = {**NAMED, "namedValueId": "n", "displayName": "has spaces"}

    assert shape("apimanagement:NamedValue").problems(inputs) == [
        Problem("displayName", "'displayName' does not match expression '^[A-Za-z0-9-._]+$'")
    ]


def test_all_problems_are_found_at_once_with_missing_parts_of_the_path_first() -> None:
    paths = [found.path for found in shape("apimanagement:Backend").problems({"title": "", "colour": "red"})]

    assert paths == ["resourceGroupName", "serviceName", "backendId", "title", "colour"]


def test_the_list_of_a_string_set_holds_strings() -> None:
    inputs = {**dict.fromkeys(("resourceGroupName", "accountName"), "x"), "identity": {"userAssignedIdentities": [1]}}

    assert shape("cognitiveservices:Account").problems(inputs) == [
        Problem(
            "identity.userAssignedIdentities[0]",
            "'identity.userAssignedIdentities[0]' should be of type 'string' but got the number 1",
        )
    ]


def test_what_is_not_known_yet_is_no_problem() -> None:
    inputs = {**NAMED, "backendId": UNKNOWN, "pool": {"services": [{"id": UNKNOWN, "weight": UNKNOWN}]}, "tls": UNKNOWN}

    assert shape("apimanagement:Backend").problems(inputs) == []


def test_an_id_is_built_from_the_inputs_with_each_part_escaped_as_azure_native_escapes_it() -> None:
    inputs = {**NAMED, "backendId": "a b/c+d"}

    assert shape("apimanagement:Backend").resource_id(inputs, SUBSCRIPTION) == f"{GATEWAY}/backends/a%20b%2Fc+d"


def test_a_scope_keeps_its_slashes_in_an_id() -> None:
    inputs = {"scope": f"{GATEWAY}/", "roleAssignmentName": "r"}

    assert shape("authorization:RoleAssignment").resource_id(inputs, SUBSCRIPTION) == (
        f"{GATEWAY}/providers/Microsoft.Authorization/roleAssignments/r"
    )


def test_an_id_is_taken_apart_in_any_case() -> None:
    assert shape("apimanagement:Backend").parse_id(
        f"{GATEWAY}/backends/B1".replace("resourceGroups", "RESOURCEGROUPS")
    ) == {
        "resourceGroupName": "rg",
        "serviceName": "gateway",
        "backendId": "B1",
    }


def test_an_id_of_another_type_is_not_taken_apart() -> None:
    assert shape("apimanagement:Backend").parse_id(f"{GATEWAY}/apis/openai") is None


@pytest.mark.parametrize("token", TYPES)
def test_the_type_of_an_id_is_found(token: str) -> None:
    found = shape(token)
    inputs = {name: GATEWAY if name == "scope" else "x" for name in found.row.parameters}

    assert type_of(found.resource_id(inputs, SUBSCRIPTION)) is found


def test_an_id_of_no_known_type_has_none() -> None:
    assert type_of(f"{GATEWAY}/caches/default") is None


@pytest.mark.parametrize(
    ("token", "naming"),
    [
        ("resources:ResourceGroup", "random"),
        ("apimanagement:ApiManagementService", "random"),
        ("cognitiveservices:Account", "random"),
        ("applicationinsights:Component", "random"),
        ("apimanagement:Backend", "copy"),
        ("apimanagement:ApiPolicy", "copy"),
        ("cognitiveservices:Deployment", "copy"),
        ("authorization:RoleAssignment", "uuid"),
    ],
)
def test_a_name_is_made_as_azure_native_makes_it(token: str, naming: str) -> None:
    assert shape(token).naming == naming


def test_a_resource_keeps_for_life_what_is_in_its_path_and_what_azure_cannot_change() -> None:
    assert shape("apimanagement:ApiManagementService").create_only == {"resourceGroupName", "serviceName", "location"}
    assert shape("apimanagement:Api").create_only == {"resourceGroupName", "serviceName", "apiId"}
    assert shape("authorization:RoleAssignment").create_only == {"scope", "roleAssignmentName", "principalId"}


# No deadline: the first example imports the models.
some = settings(deadline=None, max_examples=50)


def _values(found: Shape, known: Property | str, depth: int) -> st.SearchStrategy[Any]:
    """Values that the SDK could send for a property, of any type that the models use."""
    kind = known if isinstance(known, str) else known.type
    if found.is_string_set(kind):
        return st.lists(st.text("abc/", min_size=1, max_size=4), unique=True, max_size=3).map(sorted)
    if kind.startswith("["):
        return st.lists(_values(found, kind[1:-1], depth), max_size=2)
    if kind.startswith("{"):
        return st.dictionaries(st.text("aB.[ ", min_size=1, max_size=4), _values(found, kind[1:-1], depth), max_size=2)
    inputs = found.properties_of(kind).inputs
    if inputs and depth > 0:
        return st.fixed_dictionaries({}, optional={n: _values(found, p, depth - 1) for n, p in inputs.items()})
    plain = {"int": st.integers(0, 9), "bool": st.booleans(), "float": st.floats(0, 9)}
    return plain.get(kind, st.text(max_size=3))


@st.composite
def _inputs(draw: st.DrawFn) -> tuple[Shape, dict[str, Any]]:
    found = shape(draw(st.sampled_from(sorted(token for token, row in TYPES.items() if row.request))))
    names = draw(st.lists(st.sampled_from(sorted(found.inputs)), unique=True, max_size=4))
    return found, {name: draw(_values(found, found.inputs[name], 3)) for name in names}


@some
@given(_inputs())
def test_any_inputs_survive_the_way_to_azure_and_back(drawn: tuple[Shape, dict[str, Any]]) -> None:
    found, inputs = drawn

    assert found.to_sdk(found.to_wire(inputs), "inputs") == inputs


@some
@given(_inputs())
def test_any_inputs_stand_in_a_preview_under_their_own_names(drawn: tuple[Shape, dict[str, Any]]) -> None:
    found, inputs = drawn

    assert found.preview(inputs).keys() == found.outputs.keys()


@some
@given(_inputs())
def test_checking_any_inputs_names_only_properties_that_exist(drawn: tuple[Shape, dict[str, Any]]) -> None:
    found, inputs = drawn

    assert not [problem for problem in found.problems(inputs) if "is not a property" in problem.message]


@some
@given(st.sampled_from(sorted(TYPES)), st.data())
def test_an_id_gives_back_the_parts_it_was_built_from(token: str, data: st.DataObject) -> None:
    found = shape(token)
    names = st.text("aZ9-_.~", min_size=1, max_size=5)  # other characters are escaped, and stay so
    inputs = {name: data.draw(names) for name in found.row.parameters}

    assert found.parse_id(found.resource_id(inputs, SUBSCRIPTION)) == inputs
