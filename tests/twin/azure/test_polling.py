"""How long-running operations are followed."""

import pytest

from tests.support.arm import LocalAzure, body_of, local_azure, refusal
from tests.support.service import GROUP, SERVICE, Service, a_service, service_body
from twin.azure.faults import Delays

API = {"properties": {"displayName": "a", "path": "a"}}
BASE = "http://127.0.0.1:8470"


def test_an_api_points_to_itself_and_to_a_status_document(service: Service) -> None:
    headers = service.put("/apis/openai", API).headers
    operation = headers["Location"].split("asyncId=")[1].split("&")[0]
    url = BASE + service.id
    assert headers["Location"] == f"{url}/apis/openai?api-version=2024-05-01&asyncId={operation}&asyncCode=201"
    assert headers["Azure-AsyncOperation"] == f"{url}/tenant/operationResults/{operation}?api-version=2024-05-01"
    assert headers["Retry-After"] == "0"


def test_a_service_points_to_its_operation_results(azure: LocalAzure) -> None:
    azure.made(GROUP, {"location": "eastus2"})
    headers = azure.put(SERVICE, service_body()).headers
    assert headers["Location"] == headers["Azure-AsyncOperation"]
    assert headers["Location"].startswith(f"{BASE}{azure.subscription}{SERVICE}/operationresults/")
    assert headers["Location"].endswith("?api-version=2024-05-01&asyncResponse")


def test_the_location_answers_202_until_it_has_the_resource() -> None:
    service = a_service(delays=Delays(long_running=10))
    location = service.put("/apis/openai", API).headers["Location"]
    service.azure.wait(7)
    waiting = service.azure.follow(location)
    assert (waiting.status, waiting.body, waiting.headers["Retry-After"]) == (202, None, "3")
    assert service.azure.follow(waiting.headers["Location"]).status == 202
    service.azure.wait(3)
    done = service.azure.follow(waiting.headers["Location"])
    assert done.status == 201
    assert done.body == service.get("/apis/openai").body


def test_a_second_put_ends_with_200(service: Service) -> None:
    service.api()
    location = service.put("/apis/openai", API).headers["Location"]
    assert location.endswith("asyncCode=200")
    assert service.azure.follow(location).status == 200


def test_the_status_document_goes_from_in_progress_to_succeeded() -> None:
    service = a_service(delays=Delays(long_running=10))
    status = service.put("/apis/openai", API).headers["Azure-AsyncOperation"]
    waiting = service.azure.follow(status)
    assert (waiting.status, body_of(waiting)["status"], waiting.headers["Retry-After"]) == (200, "InProgress", "10")
    service.azure.wait(10)
    done = service.azure.follow(status)
    assert (done.status, body_of(done)["status"]) == (200, "Succeeded")
    assert "Retry-After" not in done.headers


def test_a_failed_operation_says_so_in_both_places(service: Service) -> None:
    rule = {"status": 400, "code": "ValidationError", "message": "Property with the same name already exist."}
    service.azure.call("PUT", "/_twin/faults", [{**rule, "path": "/apis/openai$", "longRunning": True}])
    headers = service.put("/apis/openai", API).headers
    service.azure.call("DELETE", "/_twin/faults")
    error = {"code": "ValidationError", "message": "Property with the same name already exist."}
    status = body_of(service.azure.follow(headers["Azure-AsyncOperation"]))
    assert (status["status"], status["error"]) == ("Failed", error)
    assert service.azure.follow(headers["Location"]).body == {"error": error}
    assert service.azure.follow(headers["Location"]).status == 400


def test_deletes_are_followed_by_their_location(service: Service) -> None:
    service.api()
    api = service.delete("/apis/openai")
    assert (api.status, service.azure.follow(api.headers["Location"]).status) == (202, 204)
    gone = service.delete("")
    assert (gone.status, service.azure.follow(gone.headers["Location"]).status) == (202, 200)
    group = service.azure.delete(GROUP)
    assert group.headers["Location"].startswith(f"{BASE}{service.azure.subscription}/operationresults/")
    assert service.azure.follow(group.headers["Location"]).status == 200


def test_a_delete_answers_202_while_it_runs() -> None:
    service = a_service(delays=Delays(long_running=10))
    location = service.delete("").headers["Location"]
    assert service.azure.follow(location).status == 202
    service.azure.wait(10)
    assert service.azure.follow(location).status == 200


def test_an_account_points_to_a_status_document() -> None:
    azure = local_azure()
    path = "/resourceGroups/rg-openai/providers/Microsoft.CognitiveServices/accounts/aoai-new"
    headers = azure.put(path, {"kind": "OpenAI", "sku": {"name": "S0"}, "location": "eastus"}).headers
    assert "Location" not in headers
    assert body_of(azure.follow(headers["Azure-AsyncOperation"]))["status"] == "Succeeded"


@pytest.mark.parametrize("tail", ["/operationresults/abc", "/tenant/operationResults/abc"])
def test_an_unknown_operation_is_not_found(service: Service, tail: str) -> None:
    assert refusal(service.get(tail))[:2] == (404, "ResourceNotFound")


def test_synchronous_types_point_nowhere(service: Service) -> None:
    headers = service.put("/backends/a", {"properties": {"url": "https://a.example", "protocol": "http"}}).headers
    assert not {"Location", "Azure-AsyncOperation"} & set(headers)
