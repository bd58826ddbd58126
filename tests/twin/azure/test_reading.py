"""GET, HEAD and lists."""

import pytest

from tests.support.arm import LocalAzure, body_of, refusal
from tests.support.service import Service


def names(service: Service, path: str, **query: str) -> list[str]:
    return [one["name"] for one in body_of(service.get(path, query=query))["value"]]


def test_a_list_holds_what_lies_directly_in_its_parent(service: Service) -> None:
    for name in ("a", "b"):
        service.api(name)
        service.made(f"/apis/{name}/operations/chat", displayName="Chat", method="POST", urlTemplate="/chat")
    service.backend("ptu")
    assert names(service, "/apis") == ["a", "b"]
    assert names(service, "/apis/a/operations") == ["chat"]
    assert names(service, "/backends") == ["ptu"]
    assert names(service, "/policies") == ["policy"]
    assert body_of(service.get("/apis"))["count"] == 2


def test_lists_can_be_taken_in_pieces(service: Service) -> None:
    for name in "abcd":
        service.backend(name)
    assert names(service, "/backends", **{"$top": "2"}) == ["a", "b"]
    assert names(service, "/backends", **{"$top": "2", "$skip": "1"}) == ["b", "c"]
    assert refusal(service.get("/backends", query={"$top": "many"}))[0] == 400


def test_a_filter_is_refused_and_not_skipped(service: Service) -> None:
    assert refusal(service.get("/backends", query={"$filter": "name eq 'a'"})) == (
        400,
        "ValidationError",
        "This local Azure does not filter this list.",
    )


def test_accounts_are_listed_by_group_and_by_subscription(azure: LocalAzure) -> None:
    accounts = ["aoai-eus2-1", "aoai-eus-1", "aoai-eus-2"]
    for place in ("", "/resourceGroups/rg-openai"):
        answer = azure.get(f"{place}/providers/Microsoft.CognitiveServices/accounts")
        assert [one["name"] for one in body_of(answer)["value"]] == accounts
    other = azure.get("/resourceGroups/rg-monitoring/providers/Microsoft.CognitiveServices/accounts")
    assert body_of(other) == {"value": []}


def test_resource_groups_are_listed(azure: LocalAzure) -> None:
    found = [one["name"] for one in body_of(azure.get("/resourceGroups"))["value"]]
    assert found == ["rg-openai", "rg-monitoring"]


def test_the_subscription_is_read_alone_and_in_the_list(azure: LocalAzure) -> None:
    expected = {
        "id": "/subscriptions/00000000-0000-0000-0000-000000000001",
        "subscriptionId": "00000000-0000-0000-0000-000000000001",
        "tenantId": "00000000-0000-0000-0000-000000000002",
        "displayName": "Local Azure",
        "state": "Enabled",
    }
    assert azure.get(azure.subscription, version="2022-12-01").body == expected
    assert azure.get("/subscriptions", version="2022-12-01").body == {"value": [expected]}


def test_head_answers_with_the_etag_and_no_body(service: Service) -> None:
    service.backend("a")
    answer = service.azure.call("HEAD", f"{service.path}/backends/a")
    assert (answer.status, answer.body) == (200, None)
    assert answer.headers["ETag"] == service.get("/backends/a").headers["ETag"]
    assert service.azure.call("HEAD", f"{service.path}/backends/b").status == 404


def test_a_policy_cannot_be_read_in_another_format(service: Service) -> None:
    assert refusal(service.get("/policies/policy", query={"format": "json"}))[0] == 400


@pytest.mark.parametrize("path", ["/policies", "/policies/policy"])
def test_policies_are_formatted_alone_and_in_lists(service: Service, path: str) -> None:
    found = body_of(service.get(path, query={"format": "rawxml"}))
    one = found["value"][0] if "value" in found else found
    assert one["properties"]["format"] == "rawxml"
    assert one["properties"]["value"].startswith("<policies>\r\n\t<inbound />")
