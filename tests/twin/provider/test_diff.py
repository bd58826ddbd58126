"""Diff: what changed, and whether that needs a new resource."""

import pytest
from pulumi.runtime.proto import provider_pb2 as proto

from tests.twin.provider.engine import Engine
from tests.twin.provider.examples import API, INPUTS, POOL
from twin.azure.shapes import UNKNOWN


def test_equal_inputs_are_no_change(configured: Engine) -> None:
    answer = configured.diff("apimanagement:Backend", INPUTS, INPUTS)

    assert answer.changes == proto.DiffResponse.DIFF_NONE
    assert not answer.diffs


def test_a_changed_url_is_an_update(configured: Engine) -> None:
    answer = configured.diff("apimanagement:Backend", INPUTS, {**INPUTS, "url": "https://two.example"})

    assert answer.changes == proto.DiffResponse.DIFF_SOME
    assert list(answer.diffs) == ["url"]
    assert not answer.replaces
    assert not answer.deleteBeforeReplace
    assert answer.detailedDiff["url"] == proto.PropertyDiff(kind=proto.PropertyDiff.UPDATE, inputDiff=True)


def test_a_change_deep_inside_is_reported_at_its_path(configured: Engine) -> None:
    news = {**POOL, "pool": {"services": [{"id": "one", "weight": 2}, {"id": "two"}]}}

    answer = configured.diff("apimanagement:Backend", POOL, news)

    assert {path: change.kind for path, change in answer.detailedDiff.items()} == {
        "pool.services[0].weight": proto.PropertyDiff.UPDATE,
        "pool.services[1]": proto.PropertyDiff.ADD,
    }
    assert list(answer.diffs) == ["pool"]


def test_another_name_replaces_and_the_old_one_goes_first(configured: Engine) -> None:
    answer = configured.diff("apimanagement:Backend", INPUTS, {**INPUTS, "backendId": "b2"})

    assert list(answer.replaces) == ["backendId"]
    assert answer.deleteBeforeReplace
    assert answer.detailedDiff["backendId"].kind == proto.PropertyDiff.UPDATE_REPLACE


def test_a_made_name_lets_the_new_one_come_first(configured: Engine) -> None:
    olds = {**INPUTS, "__createBeforeDelete": True}

    answer = configured.diff("apimanagement:Backend", olds, {**olds, "serviceName": "other"})

    assert list(answer.replaces) == ["serviceName"]
    assert not answer.deleteBeforeReplace


def test_a_path_of_an_api_can_change_and_its_id_cannot(configured: Engine) -> None:
    assert not configured.diff("apimanagement:Api", API, {**API, "path": "ai"}).replaces
    assert list(configured.diff("apimanagement:Api", API, {**API, "apiId": "ai"}).replaces) == ["apiId"]


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("apimanagement:ApiManagementService", "location"),
        ("resources:ResourceGroup", "location"),
        ("authorization:RoleAssignment", "principalId"),
        ("authorization:RoleAssignment", "scope"),
        ("applicationinsights:Component", "applicationType"),
    ],
)
def test_what_azure_cannot_change_replaces(configured: Engine, token: str, name: str) -> None:
    assert list(configured.diff(token, {name: "one"}, {name: "two"}).replaces) == [name]


def test_an_unknown_new_value_of_such_a_property_replaces_too(configured: Engine) -> None:
    answer = configured.diff("apimanagement:Backend", INPUTS, {**INPUTS, "serviceName": UNKNOWN})

    assert list(answer.replaces) == ["serviceName"]


def test_naming_what_the_resource_had_all_along_does_not_replace(configured: Engine) -> None:
    token, news = "apimanagement:ApiManagementService", {"location": "eastus2"}

    assert not configured.diff(token, {}, news, {"location": "eastus2"}).replaces
    assert list(configured.diff(token, {}, news, {"location": "westus"}).replaces) == ["location"]


def test_a_location_is_the_same_in_any_spelling(configured: Engine) -> None:
    answer = configured.diff("resources:ResourceGroup", {"location": "East US 2"}, {"location": "eastus2"})

    assert answer.changes == proto.DiffResponse.DIFF_NONE


def test_after_an_import_the_api_version_is_no_change(configured: Engine) -> None:
    news = {**INPUTS, "azureApiVersion": "2024-05-01"}

    answer = configured.diff("apimanagement:Backend", INPUTS, news, {"azureApiVersion": "2024-05-01"})

    assert answer.changes == proto.DiffResponse.DIFF_NONE
