"""Policies: what ARM refuses and how it gives them back. The language itself is tested in tests/twin/policy."""

import pytest

from tests.support.arm import body_of, local_azure, refusal, wrong_fields
from tests.support.service import GROUP, Service, policy, service_body

FORMATTED = (
    '<policies>\r\n\t<inbound>\r\n\t\t<base />\r\n\t\t<set-backend-service backend-id="ptu" />\r\n\t</inbound>\r\n'
    "\t<backend>\r\n\t\t<base />\r\n\t</backend>\r\n\t<outbound>\r\n\t\t<base />\r\n\t</outbound>\r\n"
    "\t<on-error>\r\n\t\t<base />\r\n\t</on-error>\r\n</policies>"
)
DEFAULT = (
    "<policies>\r\n\t<inbound />\r\n\t<backend>\r\n\t\t<forward-request />\r\n\t</backend>\r\n"
    "\t<outbound />\r\n\t<on-error />\r\n</policies>"
)


@pytest.fixture(autouse=True)
def _api(service: Service) -> None:
    service.api()


def test_a_policy_comes_back_reformatted_in_format_xml(service: Service) -> None:
    service.backend("ptu")
    answer = service.put("/apis/openai/policies/policy", policy("<set-backend-service backend-id='ptu'/>"))
    assert answer.status == 201
    assert body_of(answer)["properties"] == {"format": "xml", "value": FORMATTED}
    assert service.properties("/apis/openai/policies/policy") == {"format": "xml", "value": FORMATTED}


def test_a_policy_comes_back_as_rawxml_when_the_query_asks_for_it(service: Service) -> None:
    condition = '<choose><when condition="@(1 < 2)"><return-response /></when></choose>'
    assert service.put("/apis/openai/policies/policy", policy(condition)).status == 201
    raw = body_of(service.get("/apis/openai/policies/policy", query={"format": "rawxml"}))["properties"]
    assert raw["format"] == "rawxml"
    assert 'condition="@(1 < 2)"' in raw["value"]
    assert 'condition="@(1 &lt; 2)"' in service.properties("/apis/openai/policies/policy")["value"]


def test_a_policy_that_names_a_missing_backend_is_refused_with_line_and_column(service: Service) -> None:
    body = {"properties": {"value": policy("\n   <set-backend-service backend-id='nowhere'/>")["properties"]["value"]}}
    assert wrong_fields(service.put("/apis/openai/policies/policy", body)) == [
        (
            "set-backend-service",
            "Error in element 'set-backend-service' on line 2, column 5: Backend with id 'nowhere' could not be found.",
        )
    ]


def test_a_policy_that_names_a_missing_fragment_is_refused(service: Service) -> None:
    (target, message), *_ = wrong_fields(
        service.put("/apis/openai/policies/policy", policy("<include-fragment fragment-id='shared'/>"))
    )
    assert target == "include-fragment"
    assert message.endswith("Policy fragment with id 'shared' could not be found.")


def test_a_policy_that_names_a_missing_named_value_is_refused_until_it_exists(service: Service) -> None:
    body = policy("<set-header name='x'><value>{{region}}</value></set-header>")
    (_, message), *_ = wrong_fields(service.put("/apis/openai/policies/policy", body))
    assert message.endswith("Cannot find a property 'region'")
    service.made("/namedValues/nv-1", displayName="region", value="eastus2")
    assert service.put("/apis/openai/policies/policy", body).status == 201


def test_a_policy_that_is_not_well_formed_is_refused(service: Service) -> None:
    answer = service.put("/apis/openai/policies/policy", {"properties": {"value": "<policies><inbound></policies>"}})
    assert [target for target, _ in wrong_fields(answer)] == ["representation"]


def test_an_element_in_a_wrong_section_is_refused(service: Service) -> None:
    answer = service.put("/apis/openai/policies/policy", policy("<forward-request />"))
    (target, message), *_ = wrong_fields(answer)
    assert (target, "'inbound'" in message or "section" in message) == ("forward-request", True)


def test_what_the_twin_does_not_run_is_refused_with_line_and_column(service: Service) -> None:
    body = {
        "properties": {
            "value": policy("\n   <validate-jwt header-name='a'><openid-config url='x'/></validate-jwt>")["properties"][
                "value"
            ]
        }
    }
    assert wrong_fields(service.put("/apis/openai/policies/policy", body)) == [
        (
            "validate-jwt",
            "Error in element 'validate-jwt' on line 2, column 5: 'validate-jwt' is not supported by the twin yet.",
        )
    ]


def test_a_policy_needs_a_value(service: Service) -> None:
    answer = service.put("/apis/openai/policies/policy", {"properties": {"format": "xml"}})
    assert wrong_fields(answer) == [("value", "Value is required.")]


@pytest.mark.parametrize(
    ("written_as", "message"),
    [
        ("json", "'json' is not a valid format: it must be 'xml' or 'rawxml'."),
        ("rawxml-link", "This local Azure fetches no policies from links: use 'xml' or 'rawxml'."),
    ],
)
def test_other_formats_are_refused(service: Service, written_as: str, message: str) -> None:
    answer = service.put("/apis/openai/policies/policy", {"properties": {"format": written_as, "value": "<policies/>"}})
    assert wrong_fields(answer) == [("format", message)]


def test_a_policy_has_one_name(service: Service) -> None:
    assert wrong_fields(service.put("/apis/openai/policies/other", policy())) == [
        ("policyId", "'other' is not a valid policyId: it must be 'policy'.")
    ]


def test_a_policy_of_a_missing_operation_is_refused_in_azures_words(service: Service) -> None:
    answer = service.put("/apis/openai/operations/nowhere/policies/policy", policy())
    assert refusal(answer) == (400, "ValidationError", "Entity with specified identifier not found")


def test_the_service_wide_policy_exists_from_the_start_and_a_delete_resets_it(service: Service) -> None:
    assert service.properties("/policies/policy")["value"] == DEFAULT
    changed = DEFAULT.replace("<inbound />", '<inbound>\r\n\t\t<set-variable name="a" value="b" />\r\n\t</inbound>')
    assert service.put("/policies/policy", {"properties": {"value": changed}}).status == 200
    assert service.properties("/policies/policy")["value"] == changed
    assert service.delete("/policies/policy").status == 200
    assert service.properties("/policies/policy")["value"] == DEFAULT


def test_a_policy_above_16_kib_is_too_large_for_consumption_only(service: Service) -> None:
    azure = local_azure()
    azure.made(GROUP, {"location": "eastus2"})
    serverless = Service(azure, f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-serverless")
    azure.made(serverless.path, service_body("Consumption", 0))
    body = policy(f"<!--{'x' * 20_000}-->")
    serverless.api()
    assert service.put("/apis/openai/policies/policy", body).status == 201
    assert serverless.put("/apis/openai/policies/policy", body).status == 400


def test_a_fragment_is_checked_and_formatted_like_a_policy(service: Service) -> None:
    body = {"properties": {"format": "rawxml", "value": "<fragment><set-variable name='a' value='b'/></fragment>"}}
    assert service.put("/policyFragments/shared", body).status == 201
    assert service.properties("/policyFragments/shared") == {
        "provisioningState": "Succeeded",
        "format": "xml",
        "value": '<fragment>\r\n\t<set-variable name="a" value="b" />\r\n</fragment>',
    }
    body["properties"]["value"] = "<fragment><set-backend-service backend-id='nowhere'/></fragment>"
    assert [target for target, _ in wrong_fields(service.put("/policyFragments/other", body))] == [
        "set-backend-service"
    ]
