"""Deleted services hold their names for 48 hours, and can be brought back."""

from tests.support.arm import body_of, refusal
from tests.support.service import Service, service_body


def test_a_deleted_service_keeps_its_name_for_48_hours(service: Service) -> None:
    assert service.delete("").status == 202
    service.azure.wait(48 * 3600 - 1)
    assert refusal(service.put("", service_body())) == (
        409,
        "ServiceAlreadyExistsInSoftDeletedState",
        "Api service apim-contoso was soft-deleted. In order to create the new service with the same name, you have to"
        " either undelete the service or purge it. See https://aka.ms/apimsoftdelete.",
    )
    service.azure.wait(1)
    assert service.put("", service_body()).status == 201


def test_a_deleted_service_keeps_its_name_from_other_groups_too(service: Service) -> None:
    service.delete("")
    service.azure.made("/resourceGroups/rg-other", {"location": "eastus2"})
    elsewhere = service.path.replace("rg-gateway", "rg-other")
    assert refusal(service.azure.put(elsewhere, service_body()))[1] == "ServiceAlreadyExistsInSoftDeletedState"
    answer = service.azure.put(elsewhere, service_body(restore=True))
    assert refusal(answer)[1] == "ServiceNotInSoftDeletedState"


def test_restore_brings_everything_back(service: Service) -> None:
    azure = service.azure
    service.backend("ptu")
    service.made("/subscriptions/team-a", displayName="Team A", scope="/apis")
    keys = body_of(service.post("/subscriptions/team-a/listSecrets"))
    before = {one.id: (one.body, one.private) for one in azure.endpoint.store.below(azure.subscription)}
    azure.delete(service.path)
    assert azure.get(service.path).status == 404
    azure.wait(3600)
    assert azure.put(service.path, service_body(restore=True)).status == 201
    assert body_of(service.post("/subscriptions/team-a/listSecrets")) == keys
    assert {one.id: (one.body, one.private) for one in azure.endpoint.store.below(azure.subscription)} == before


def test_restoring_what_was_not_deleted_is_refused(service: Service) -> None:
    path = service.path.replace("contoso", "fabrikam")
    answer = service.azure.put(path, service_body(restore=True))
    assert refusal(answer)[:2] == (400, "ServiceNotInSoftDeletedState")
