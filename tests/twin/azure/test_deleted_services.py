"""Soft-deleted services: list, get, purge."""

from tests.support.arm import body_of
from tests.support.service import Service, a_service, service_body
from twin.azure.faults import Delays

DELETED = "/providers/Microsoft.ApiManagement/locations/eastus2/deletedservices/apim-contoso"


def test_a_purge_that_runs_is_kept_over_a_restart() -> None:
    service = a_service()
    service.azure.delete(service.path)
    service.azure.get("/resourceGroups")
    before = service.azure.endpoint.store.revision
    service.azure.delete(DELETED)
    assert service.azure.endpoint.store.revision > before


def test_a_deleted_service_is_listed_got_and_purged(service: Service) -> None:
    azure = service.azure
    azure.delete(service.path)
    answer = azure.get(DELETED)
    assert body_of(answer) == {
        "id": azure.subscription + DELETED,
        "name": "apim-contoso",
        "type": "Microsoft.ApiManagement/deletedservices",
        "location": "eastus2",
        "properties": {
            "serviceId": service.id,
            "deletionDate": "2026-01-05T12:00:00.0000000Z",
            "scheduledPurgeDate": "2026-01-07T12:00:00.0000000Z",
        },
    }
    listed = azure.get("/providers/Microsoft.ApiManagement/deletedservices")
    assert body_of(listed) == {"value": [answer.body]}
    purge = azure.delete(DELETED)
    assert purge.status == 202
    assert azure.follow(purge.headers["Location"]).status == 200
    assert azure.get(DELETED).status == 404
    assert azure.delete(DELETED).status == 204
    assert azure.put(service.path, service_body()).status == 201


def test_a_purge_takes_its_time_too() -> None:
    service = a_service()
    service.azure.delete(service.path)
    service.azure.get("/resourceGroups")
    service.azure.endpoint.state.delays = Delays(long_running=10)
    service.azure.delete(DELETED)
    assert service.azure.get(DELETED).status == 200
    service.azure.wait(10)
    assert service.azure.get(DELETED).status == 404
