"""The log of requests."""

from tests.support.service import Service
from twin.azure.journal import masked


def test_the_journal_holds_every_call_oldest_first(service: Service) -> None:
    service.backend("a")
    service.put("/backends/b", {})
    entries = service.azure.call("GET", "/_twin/requests").body
    assert entries == service.azure.endpoint.journal.entries()
    assert [
        (entry["method"], entry["path"], entry["status"]) for entry in service.azure.endpoint.journal.entries()
    ] == [
        ("PUT", f"{service.id}/backends/a", 201),
        ("GET", f"{service.id}/backends/a", 200),
        ("PUT", f"{service.id}/backends/b", 400),
    ]
    assert service.azure.endpoint.journal.entries()[0]["query"] == {"api-version": "2024-05-01"}
    assert service.azure.endpoint.journal.entries()[0]["body"] == {
        "properties": {"url": "https://a.example/openai", "protocol": "http"}
    }


def test_a_delete_empties_the_journal(service: Service) -> None:
    service.get("")
    assert service.azure.call("DELETE", "/_twin/requests").status == 204
    assert service.azure.call("GET", "/_twin/requests").body == []


def test_a_cut_connection_is_kept_with_status_0(service: Service) -> None:
    service.azure.call("PUT", "/_twin/faults", [{"status": "reset"}])
    service.get("")
    assert [entry["status"] for entry in service.azure.endpoint.journal.entries()] == [0]


def test_secrets_never_reach_the_journal(service: Service) -> None:
    service.made("/subscriptions/team-a", displayName="a", scope="/apis", primaryKey="s3cret", secondaryKey="s3cret2")
    service.made("/namedValues/key", displayName="key", value="s3cret", secret=True)
    service.made("/loggers/l", loggerType="applicationInsights", credentials={"instrumentationKey": "s3cret"})
    token = service.azure.call("POST", "/subscriptions", {"client_secret": "s3cret"})
    assert token.status == 405
    assert "s3cret" not in str(service.azure.endpoint.journal.entries())


def test_what_is_no_secret_stays_readable() -> None:
    body = {"secret": False, "value": "eastus2", "list": [{"primaryKey": "k", "name": "n"}], "primaryKey": None}
    assert masked(body) == {
        "secret": False,
        "value": "eastus2",
        "list": [{"primaryKey": "***", "name": "n"}],
        "primaryKey": None,
    }
