"""Loggers and diagnostics."""

from typing import Any

import pytest

from tests.support.arm import body_of, wrong_fields
from tests.support.service import Service

CREDENTIAL = {"instrumentationKey": "11111111-aaaa"}


def logger(**properties: Any) -> dict[str, Any]:
    return {"properties": {"loggerType": "applicationInsights", "credentials": CREDENTIAL, **properties}}


def test_a_loggers_credential_becomes_a_secret_named_value(service: Service) -> None:
    assert service.put("/loggers/insights", logger()).status == 201
    reference = service.properties("/loggers/insights")["credentials"]["instrumentationKey"]
    assert reference.startswith("{{Logger-Credentials--")
    values = body_of(service.get("/namedValues"))["value"]
    assert [value["properties"]["displayName"] for value in values] == [reference.strip("{}")]
    assert values[0]["properties"]["secret"] is True
    assert body_of(service.post(f"/namedValues/{values[0]['name']}/listValue")) == {"value": "11111111-aaaa"}


def test_a_logger_that_is_put_again_keeps_its_named_value(service: Service) -> None:
    service.put("/loggers/insights", logger())
    first = service.properties("/loggers/insights")
    service.put("/loggers/insights", logger(credentials={"instrumentationKey": "22222222-bbbb"}))
    assert service.properties("/loggers/insights") == first
    (value,) = body_of(service.get("/namedValues"))["value"]
    assert body_of(service.post(f"/namedValues/{value['name']}/listValue")) == {"value": "22222222-bbbb"}


def test_a_deleted_logger_takes_its_named_value_along(service: Service) -> None:
    service.put("/loggers/insights", logger())
    assert service.delete("/loggers/insights").status == 200
    assert body_of(service.get("/namedValues"))["value"] == []


def test_a_credential_may_refer_to_a_named_value_that_exists(service: Service) -> None:
    body = logger(credentials={"connectionString": "{{insights}}"})
    assert wrong_fields(service.put("/loggers/insights", body)) == [("credentials", "Property 'insights' not found.")]
    service.made("/namedValues/insights", displayName="insights", value="x", secret=True)
    assert service.put("/loggers/insights", body).status == 201
    assert service.properties("/loggers/insights")["credentials"] == {"connectionString": "{{insights}}"}


def test_application_insights_needs_a_credential_and_azure_monitor_none(service: Service) -> None:
    assert wrong_fields(service.put("/loggers/insights", logger(credentials={}))) == [
        ("credentials", "A logger of type 'applicationInsights' needs instrumentationKey or connectionString.")
    ]
    body = {"properties": {"loggerType": "azureMonitor", "isBuffered": True}}
    assert service.put("/loggers/azuremonitor", body).status == 201


def test_an_unknown_type_of_logger_is_refused(service: Service) -> None:
    (target, _), *others = wrong_fields(service.put("/loggers/x", logger(loggerType="syslog")))
    assert (target, others) == ("loggerType", [])


def test_a_diagnostic_needs_a_logger_that_exists(service: Service) -> None:
    service.api()
    path = "/apis/openai/diagnostics/applicationinsights"
    assert wrong_fields(service.put(path, {"properties": {}})) == [("loggerId", "LoggerId must be specified.")]
    answer = service.put(path, {"properties": {"loggerId": f"{service.id}/loggers/nowhere"}})
    assert wrong_fields(answer) == [("loggerId", "Logger Id 'nowhere' does not exist")]


def test_a_diagnostics_logger_comes_back_by_its_full_id(service: Service) -> None:
    service.api()
    service.put("/loggers/insights", logger())
    for path in ("/apis/openai/diagnostics/applicationinsights", "/diagnostics/applicationinsights"):
        found = service.made(path, loggerId="/loggers/insights", alwaysLog="allErrors", metrics=True)
        assert found == {"loggerId": f"{service.id}/loggers/insights", "alwaysLog": "allErrors", "metrics": True}


def test_the_local_diagnostic_needs_no_logger(service: Service) -> None:
    service.api()
    assert service.put("/apis/openai/diagnostics/local", {"properties": {"verbosity": "information"}}).status == 201


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        (
            {"sampling": {"samplingType": "fixed", "percentage": 101}},
            ("sampling.percentage", "'sampling.percentage' is too high (101 > 100)"),
        ),
        (
            {"frontend": {"request": {"body": {"bytes": 9000}}}},
            ("frontend.request.body.bytes", "'frontend.request.body.bytes' is too high (9000 > 8192)"),
        ),
        (
            {"httpCorrelationProtocol": "B3"},
            (
                "httpCorrelationProtocol",
                "'B3' is not a valid httpCorrelationProtocol: it must be 'None' or 'Legacy' or 'W3C'.",
            ),
        ),
    ],
)
def test_settings_of_a_diagnostic_have_bounds(
    service: Service, properties: dict[str, Any], problem: tuple[str, str]
) -> None:
    service.put("/loggers/insights", logger())
    answer = service.put(
        "/diagnostics/applicationinsights", {"properties": {"loggerId": "/loggers/insights", **properties}}
    )
    assert wrong_fields(answer) == [problem]


def test_a_diagnostic_of_another_name_is_refused(service: Service) -> None:
    service.put("/loggers/insights", logger())
    assert wrong_fields(service.put("/diagnostics/mine", {"properties": {"loggerId": "/loggers/insights"}})) == [
        (
            "diagnosticId",
            "'mine' is not a valid diagnosticId: it must be 'applicationinsights' or 'azuremonitor' or 'local'.",
        )
    ]
