"""PUT, PATCH and DELETE: conditions, changes, and writes that meet."""

import pytest

from tests.support.arm import body_of, refusal
from tests.support.service import Service

BACKEND = {"properties": {"url": "https://a.example", "protocol": "http"}}
OPERATION = {"properties": {"displayName": "Chat", "method": "POST", "urlTemplate": "/chat"}}
BUSY = (409, "PessimisticConcurrencyConflict", "Operation on the API is in progress")


def test_an_etag_changes_with_every_write_and_only_then(service: Service) -> None:
    first = service.put("/backends/a", BACKEND).headers["ETag"]
    assert service.get("/backends/a").headers["ETag"] == first
    second = service.put("/backends/a", BACKEND).headers["ETag"]
    assert second != first
    assert service.get("/backends/a").headers["ETag"] == second


def test_a_put_replaces_and_does_not_merge(service: Service) -> None:
    service.backend("a", description="PTU")
    service.put("/backends/a", BACKEND)
    assert "description" not in service.properties("/backends/a")


def test_a_patch_merges_and_needs_if_match(service: Service) -> None:
    service.backend("a", description="PTU", title="A")
    change = {"properties": {"description": "PAYG", "title": None}}
    path = f"{service.path}/backends/a"
    assert refusal(service.azure.call("PATCH", path, change))[1] == "MissingIfMatch"
    assert service.azure.call("PATCH", path, change, headers={"if-match": "*"}).status == 200
    assert service.properties("/backends/a") == {
        "url": "https://a.example/openai",
        "protocol": "http",
        "description": "PAYG",
        "type": "Single",
    }


def test_a_patch_keeps_secrets_and_policies(service: Service) -> None:
    headers = {"if-match": "*"}
    service.made("/subscriptions/team-a", displayName="Team A", scope="/apis", primaryKey="k1", secondaryKey="k2")
    change = {"properties": {"displayName": "Team B"}}
    assert service.azure.call("PATCH", f"{service.path}/subscriptions/team-a", change, headers=headers).status == 200
    assert body_of(service.post("/subscriptions/team-a/listSecrets")) == {"primaryKey": "k1", "secondaryKey": "k2"}
    service.made("/namedValues/nv", displayName="nv", value="s3cret", secret=True)
    change = {"properties": {"tags": ["a"]}}
    assert service.azure.call("PATCH", f"{service.path}/namedValues/nv", change, headers=headers).status == 200
    assert body_of(service.post("/namedValues/nv/listValue")) == {"value": "s3cret"}


def test_a_patch_of_what_is_not_there_is_not_found(service: Service) -> None:
    answer = service.azure.call("PATCH", f"{service.path}/backends/a", {}, headers={"if-match": "*"})
    assert refusal(answer)[0] == 404


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_a_body_that_is_no_object_is_refused(service: Service, body: object) -> None:
    assert refusal(service.put("/backends/a", body))[:2] == (400, "InvalidRequestContent")
