"""What a resource may be called."""

import pytest

from tests.support.arm import LocalAzure, wrong_fields
from tests.support.service import Service

BACKEND = {"properties": {"url": "https://a.example", "protocol": "http"}}


@pytest.mark.parametrize("name", ["gpt-5.1", "a b", "-a", "a-", "a" * 81, "a+b"])
def test_a_backend_name_with_dots_spaces_or_outer_dashes_is_refused(service: Service, name: str) -> None:
    (target, message), *_ = wrong_fields(service.put(f"/backends/{name}", BACKEND))
    assert target == "backendId"
    assert name in message


@pytest.mark.parametrize("name", ["a", "aoai-eus2-1", "gpt_5", "A" * 80])
def test_backend_names_of_letters_digits_and_inner_dashes_are_taken(service: Service, name: str) -> None:
    assert service.put(f"/backends/{name}", BACKEND).status == 201


@pytest.mark.parametrize("name", ["a:b", "a+b", "a#b", "a" * 257])
def test_an_api_name_with_reserved_characters_is_refused(service: Service, name: str) -> None:
    (target, _), *_ = wrong_fields(service.put(f"/apis/{name}", {"properties": {"displayName": "a", "path": "a"}}))
    assert target == "apiId"


def test_ids_keep_the_spelling_of_the_first_put_and_compare_without_case(service: Service) -> None:
    service.put("/backends/PTU", BACKEND)
    answer = service.put("/backends/ptu", BACKEND)
    assert answer.status == 200
    found = service.azure.endpoint.store.get(f"{service.id}/backends/ptu")
    assert found is not None
    assert found.name == "PTU"


def test_the_words_of_an_id_are_spelled_as_azure_spells_them(azure: LocalAzure) -> None:
    azure.made("/resourcegroups/rg-Gateway", {"location": "eastus2"})
    found = azure.endpoint.store.get(f"{azure.subscription}/RESOURCEGROUPS/rg-gateway")
    assert found is not None
    assert found.id == f"{azure.subscription}/resourceGroups/rg-Gateway"


def test_a_resource_group_name_may_not_end_with_a_dot(azure: LocalAzure) -> None:
    (target, _), *_ = wrong_fields(azure.put("/resourceGroups/rg.", {"location": "eastus2"}))
    assert target == "resourceGroupName"
