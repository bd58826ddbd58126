"""APIs."""

from typing import Any

import pytest

from tests.support.arm import wrong_fields
from tests.support.service import Service


def api(**properties: Any) -> dict[str, Any]:
    return {"properties": {"displayName": "Azure OpenAI", "path": "openai", "protocols": ["https"], **properties}}


def test_an_api_gets_its_revision_key_names_and_state_from_azure(service: Service) -> None:
    service.put("/apis/openai", api())
    assert service.properties("/apis/openai") == {
        "displayName": "Azure OpenAI",
        "path": "openai",
        "protocols": ["https"],
        "apiRevision": "1",
        "isCurrent": True,
        "isOnline": True,
        "subscriptionRequired": True,
        "subscriptionKeyParameterNames": {"header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"},
        "authenticationSettings": {},
        "provisioningState": "Succeeded",
    }


def test_key_names_that_were_sent_are_kept(service: Service) -> None:
    names = {"header": "api-key", "query": "api-key"}
    service.put("/apis/openai", api(subscriptionKeyParameterNames=names))
    assert service.properties("/apis/openai")["subscriptionKeyParameterNames"] == names


def test_two_apis_with_one_path_are_refused_in_azures_words(service: Service) -> None:
    service.api("a", path="openai")
    assert wrong_fields(service.put("/apis/b", api(path="OpenAI"))) == [
        (
            "path",
            "Cannot create API 'b' with the same Path 'OpenAI' as API 'a' unless it's a part of the same version set",
        )
    ]


def test_an_api_keeps_its_own_path_when_it_is_put_again(service: Service) -> None:
    assert [service.put("/apis/openai", api()).status for _ in range(2)] == [201, 200]


def test_versions_of_one_set_share_path_and_display_name(service: Service) -> None:
    version_set = f"{service.id}/apiVersionSets/openai"
    service.api("v1", path="openai", displayName="Azure OpenAI", apiVersion="v1", apiVersionSetId=version_set)
    assert service.put("/apis/v2", api(apiVersion="v2", apiVersionSetId=version_set)).status == 201


def test_two_apis_with_one_display_name_are_refused(service: Service) -> None:
    service.api("a", displayName="Azure OpenAI")
    assert wrong_fields(service.put("/apis/b", api())) == [("name", "API with specified name already exists")]


@pytest.mark.parametrize("path", ["/openai", "openai/", "open ai", "openai?", "a" * 400 + "/"])
def test_a_path_that_azure_does_not_take_is_refused(service: Service, path: str) -> None:
    (target, _), *others = wrong_fields(service.put("/apis/openai", api(path=path)))
    assert (target, others) == ("path", [])


@pytest.mark.parametrize("path", ["", "o", "openai", "team-a/openai/v1.0"])
def test_paths_of_words_and_inner_slashes_are_taken(service: Service, path: str) -> None:
    assert service.put("/apis/openai", api(path=path)).status == 201


def test_an_api_needs_display_name_and_path(service: Service) -> None:
    assert wrong_fields(service.put("/apis/openai", {"properties": {}})) == [
        ("displayName", "DisplayName is required."),
        ("path", "Path is required."),
    ]


def test_an_unknown_protocol_of_an_api_is_refused(service: Service) -> None:
    assert wrong_fields(service.put("/apis/openai", api(protocols=["https", "gopher"]))) == [
        ("protocols", "'gopher' is not a valid protocols: it must be 'http' or 'https' or 'ws' or 'wss'.")
    ]


def test_a_service_url_that_is_not_absolute_is_refused(service: Service) -> None:
    assert wrong_fields(service.put("/apis/openai", api(serviceUrl="a.example"))) == [
        ("serviceUrl", "'a.example' is not a valid absolute URI.")
    ]


def test_an_import_is_refused_and_not_skipped(service: Service) -> None:
    answer = service.put("/apis/openai", api(format="openapi+json", value="{}"))
    assert [target for target, _ in wrong_fields(answer)] == ["format", "value"]


def test_the_current_revision_may_be_addressed_by_its_number(service: Service) -> None:
    service.api("openai")
    assert service.get("/apis/openai;rev=1").status == 200
    assert service.get("/apis/openai;rev=2").status == 404
    assert service.put("/apis/openai;rev=1", api()).status == 200
    assert wrong_fields(service.put("/apis/openai;rev=2", api())) == [
        ("apiRevision", "This local Azure keeps only the current revision of an API.")
    ]
