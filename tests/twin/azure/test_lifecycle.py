"""Long-running operations, soft delete, purge."""

import pytest

from tests.support.arm import LocalAzure, body_of, local_azure, refusal
from tests.support.service import GROUP, SERVICE, Service, a_service, service_body
from twin.azure.faults import Delays
from twin.azure.store import Store

API = {"properties": {"displayName": "a", "path": "a"}}
DELETED = "/providers/Microsoft.ApiManagement/locations/eastus2/deletedservices/apim-contoso"
FAILING = [{"method": "PUT", "path": "apim-contoso", "status": 500, "longRunning": True, "times": 1}]


def state(azure: LocalAzure, path: str) -> str:
    return body_of(azure.get(path))["properties"]["provisioningState"]


def slow() -> LocalAzure:
    azure = local_azure(delays=Delays(long_running=100))
    azure.made(GROUP, {"location": "eastus2"})
    return azure


def test_a_service_is_activating_until_its_operation_is_done() -> None:
    azure = slow()
    answer = azure.put(SERVICE, service_body())
    assert answer.status == 201
    assert body_of(answer)["properties"]["provisioningState"] == "Activating"
    azure.wait(99)
    assert state(azure, SERVICE) == "Activating"
    azure.wait(1)
    assert state(azure, SERVICE) == "Succeeded"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/apis/openai", API),
        ("/namedValues/nv", {"properties": {"displayName": "nv", "value": "1"}}),
        ("/policyFragments/f", {"properties": {"value": "<fragment />"}}),
    ],
)
def test_apis_named_values_and_fragments_are_in_progress_first(path: str, body: object) -> None:
    service = a_service(delays=Delays(long_running=10))
    assert body_of(service.put(path, body))["properties"]["provisioningState"] == "InProgress"
    service.azure.wait(10)
    assert service.properties(path)["provisioningState"] == "Succeeded"


def test_without_a_delay_an_operation_is_done_at_the_next_call(service: Service) -> None:
    assert body_of(service.put("/apis/openai", API))["properties"]["provisioningState"] == "InProgress"
    assert service.properties("/apis/openai")["provisioningState"] == "Succeeded"


def test_a_service_is_still_there_while_it_is_being_deleted() -> None:
    service = a_service(delays=Delays(long_running=100))
    assert service.delete("").status == 202
    assert state(service.azure, service.path) == "Deleting"
    service.azure.wait(100)
    assert service.get("").status == 404


def test_a_service_that_could_not_be_made_stays_as_failed() -> None:
    azure = slow()
    azure.call("PUT", "/_twin/faults", FAILING)
    assert azure.put(SERVICE, service_body()).status == 201
    azure.wait(100)
    assert state(azure, SERVICE) == "Failed"
    assert azure.put(SERVICE, service_body()).status == 200
    azure.wait(100)
    assert state(azure, SERVICE) == "Succeeded"


def test_an_api_that_could_not_be_made_is_not_there(service: Service) -> None:
    service.azure.call("PUT", "/_twin/faults", FAILING)
    assert service.put("/apis/openai", API).status == 201
    assert service.get("/apis/openai").status == 404


def test_an_api_that_could_not_be_changed_is_as_it_was(service: Service) -> None:
    before = service.api(displayName="before")
    service.azure.call("PUT", "/_twin/faults", FAILING)
    assert service.put("/apis/openai", API).status == 200
    assert service.properties("/apis/openai") == before


def test_a_delete_that_fails_leaves_everything(service: Service) -> None:
    service.api()
    rule = {"method": "DELETE", "status": 409, "longRunning": True}
    service.azure.call("PUT", "/_twin/faults", [rule])
    assert service.delete("/apis/openai").status == 202
    assert service.properties("/apis/openai")["provisioningState"] == "Succeeded"


def test_a_resource_group_takes_everything_in_it_along(service: Service) -> None:
    service.backend("ptu")
    assert service.azure.delete(GROUP).status == 202
    assert refusal(service.azure.get(GROUP))[1] == "ResourceGroupNotFound"
    below = [one.id for one in service.azure.endpoint.store.below(service.azure.subscription + GROUP)]
    assert below == []
    assert service.azure.get(DELETED).status == 200


def test_a_group_that_is_being_deleted_takes_nothing_new() -> None:
    service = a_service(delays=Delays(long_running=10))
    service.azure.delete(GROUP)
    assert refusal(service.azure.put(f"{GROUP}/providers/Microsoft.Insights/components/c", {})) == (
        409,
        "ResourceGroupBeingDeleted",
        "The resource group 'rg-gateway' is in deprovisioning state and cannot perform this operation.",
    )
    assert service.get("").status == 200


def test_an_operation_goes_on_after_a_restart() -> None:
    service = a_service(delays=Delays(long_running=10))
    service.put("/apis/openai", API)
    service.azure.endpoint.state.store = Store.parse(service.azure.endpoint.store.text())
    assert service.properties("/apis/openai")["provisioningState"] == "InProgress"
    service.azure.wait(10)
    assert service.properties("/apis/openai")["provisioningState"] == "Succeeded"


def test_the_outcome_of_an_operation_is_kept_for_an_hour(service: Service) -> None:
    location = service.put("/apis/openai", API).headers["Location"]
    service.azure.wait(3600)
    assert service.azure.follow(location).status == 201
    service.azure.wait(1)
    assert service.azure.follow(location).status == 404
