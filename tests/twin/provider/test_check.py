"""Check: names, locations, API versions, and what the models forbid."""

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as proto

from tests.twin.provider.engine import Engine, details
from tests.twin.provider.examples import GROUP, INPUTS, NAMED, SERVICE
from tests.twin.provider.scripted_arm import ScriptedArm
from twin.azure.shapes import UNKNOWN


def test_inputs_come_back_with_the_api_version(configured: Engine) -> None:
    assert configured.check("apimanagement:Backend", INPUTS) == ({**INPUTS, "azureApiVersion": "2024-05-01"}, [])


def test_a_child_without_a_name_takes_its_logical_name(configured: Engine) -> None:
    inputs, failures = configured.check("apimanagement:Backend", {**NAMED, "url": "https://one.example"})

    assert inputs["backendId"] == "logical"
    assert "__createBeforeDelete" not in inputs
    assert failures == []


def test_a_service_without_a_name_gets_a_random_end_that_stays(configured: Engine) -> None:
    token = "apimanagement:ApiManagementService"
    news = {
        "resourceGroupName": "rg",
        "location": "eastus2",
        "publisherEmail": "p@contoso.example",
        "publisherName": "Contoso",
        "sku": {"name": "Developer", "capacity": 1},
    }

    first, failures = configured.check(token, news)
    again, _ = configured.check(token, news, first, seed=b"another")

    assert failures == []
    assert first["serviceName"].startswith("logical")
    assert len(first["serviceName"]) == len("logical") + 8
    assert first["__createBeforeDelete"] is True
    assert again == first


def test_a_role_assignment_without_a_name_gets_a_uuid(configured: Engine) -> None:
    news = {"scope": SERVICE, "roleDefinitionId": "r", "principalId": "p"}

    inputs, failures = configured.check("authorization:RoleAssignment", news)

    assert failures == []
    assert len(inputs["roleAssignmentName"].split("-")) == 5


def test_names_follow_the_autonaming_of_the_project(configured: Engine) -> None:
    options = proto.CheckRequest.AutonamingOptions
    proposed = options(mode=options.PROPOSE, proposed_name="proposed")

    inputs, _ = configured.check("apimanagement:Backend", NAMED, autonaming=proposed)

    assert (inputs["backendId"], inputs["__createBeforeDelete"]) == ("proposed", True)


def test_a_proposed_name_is_not_taken_for_a_role_assignment_but_an_enforced_one_is(configured: Engine) -> None:
    options = proto.CheckRequest.AutonamingOptions
    token, news = "authorization:RoleAssignment", {"scope": SERVICE, "roleDefinitionId": "r", "principalId": "p"}
    proposed = options(mode=options.PROPOSE, proposed_name="name")
    enforced = options(mode=options.ENFORCE, proposed_name="name")

    assert configured.check(token, news, autonaming=proposed)[0]["roleAssignmentName"] != "name"
    assert configured.check(token, news, autonaming=enforced)[0]["roleAssignmentName"] == "name"


def test_with_autonaming_off_a_name_is_required(configured: Engine) -> None:
    options = proto.CheckRequest.AutonamingOptions

    _, failures = configured.check("apimanagement:Backend", NAMED, autonaming=options(mode=options.DISABLE))

    assert failures == ["missing required property 'backendId'"]


def test_a_missing_location_is_that_of_the_resource_group_which_is_asked_once(
    configured: Engine, arm: ScriptedArm
) -> None:
    arm.resources[GROUP] = {"location": "eastus2"}
    news = {"resourceGroupName": "rg", "accountName": "a"}

    found = [configured.check("cognitiveservices:Account", news)[0]["location"] for _ in range(2)]

    assert found == ["eastus2", "eastus2"]
    assert arm.log() == [f"GET {GROUP}"]
    assert arm.requests[-1].query == {"api-version": "2020-10-01"}


def test_a_missing_location_is_the_old_one_then_the_configured_one(configured: Engine) -> None:
    news = {"resourceGroupName": "rg", "accountName": "a"}
    configured.configure(location="westus")

    assert configured.check("cognitiveservices:Account", news)[0]["location"] == "westus"
    assert configured.check("cognitiveservices:Account", news, {"location": "eastus"})[0]["location"] == "eastus"


def test_the_location_of_a_group_that_is_not_known_yet_is_not_known_either(configured: Engine) -> None:
    news = {"resourceGroupName": UNKNOWN, "accountName": "a"}

    assert configured.check("cognitiveservices:Account", news)[0]["location"] == UNKNOWN


def test_a_location_that_nothing_gives_is_missing_and_the_way_out_is_named(configured: Engine) -> None:
    _, failures = configured.check("resources:ResourceGroup", {"resourceGroupName": "rg"})

    assert failures == [
        "missing required property 'location'. Either set it explicitly or configure it with "
        "'pulumi config set azure-native:location <value>'."
    ]


def test_all_that_the_models_forbid_is_reported_at_once(configured: Engine) -> None:
    _, failures = configured.check("apimanagement:Backend", {**INPUTS, "title": "", "colour": "red"})

    assert failures[0] == "'title' is too short (0): at least 1 characters required"
    assert failures[1].startswith("'colour' is not a property here; those are circuitBreaker, ")
    assert len(failures) == 2


def test_a_type_that_the_twin_does_not_know_is_named_with_those_it_knows(configured: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        configured.check("storage:StorageAccount", {})

    assert "the twin does not know storage:StorageAccount" in details(caught)
    assert "apimanagement:Backend" in details(caught)
