"""Injected trouble."""

from typing import Any

import pytest

from tests.support.arm import body_of, refusal
from tests.support.service import Service
from twin.azure.faults import BadFaults, Delays, faults_from

BACKEND = {"properties": {"url": "https://a.example", "protocol": "http"}}


def inject(service: Service, *rules: dict[str, Any]) -> None:
    assert service.azure.call("PUT", "/_twin/faults", list(rules)).status == 204


def test_a_429_has_its_retry_after_and_changes_nothing(service: Service) -> None:
    inject(service, {"method": "PUT", "path": "/backends/", "status": 429, "retryAfter": 2, "times": 1})
    answer = service.put("/backends/a", BACKEND)
    assert refusal(answer)[:2] == (429, "TooManyRequests")
    assert answer.headers["Retry-After"] == "2"
    assert service.get("/backends/a").status == 404
    assert service.put("/backends/a", BACKEND).status == 201


def test_a_rule_applies_as_often_as_it_says(service: Service) -> None:
    inject(service, {"method": "PUT", "status": 500, "times": 2})
    assert [service.put("/backends/a", BACKEND).status for _ in range(3)] == [500, 500, 201]


def test_a_rule_without_times_applies_until_the_faults_are_deleted(service: Service) -> None:
    inject(service, {"status": 503})
    assert [service.get("").status for _ in range(3)] == [503, 503, 503]
    service.azure.call("DELETE", "/_twin/faults")
    assert service.get("").status == 200


def test_the_first_rule_that_fits_is_applied(service: Service) -> None:
    inject(
        service,
        {"method": "DELETE", "status": 500},
        {"method": "PUT", "path": "/apis/", "status": 500},
        {"method": "PUT", "path": "/BACKENDS/a$", "status": 409, "times": 1},
        {"method": "PUT", "status": 502},
    )
    assert service.put("/backends/a", BACKEND).status == 409
    assert service.put("/backends/a", BACKEND).status == 502
    assert service.get("").status == 200


def test_a_connection_is_cut_before_or_after_the_work(service: Service) -> None:
    inject(service, {"method": "PUT", "status": "reset", "times": 1})
    assert service.put("/backends/a", BACKEND).reset
    assert service.get("/backends/a").status == 404
    inject(service, {"method": "PUT", "status": "reset", "times": 1, "executed": True})
    assert service.put("/backends/a", BACKEND).reset
    assert service.get("/backends/a").status == 200


def test_a_delay_alone_slows_a_call_down(service: Service) -> None:
    inject(service, {"method": "GET", "status": None, "delay": 1.5})
    assert service.get("").status == 200
    assert service.get("").hold == 1.5
    assert service.put("/backends/a", BACKEND).hold == 0


def test_code_and_message_can_be_chosen(service: Service) -> None:
    inject(service, {"status": 422, "code": "ManagementApiRequestFailed", "message": "Try later."})
    assert refusal(service.get("")) == (422, "ManagementApiRequestFailed", "Try later.")


@pytest.mark.parametrize("status", [400, 409, 418, 500, 599])
def test_every_error_status_has_a_code_and_a_message(service: Service, status: int) -> None:
    inject(service, {"status": status})
    answer = service.get("")
    assert answer.status == status
    assert set(body_of(answer)["error"]) == {"code", "message"}


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        ({}, ["the body must be a list of rules"]),
        (["x"], ["[0] must be an object"]),
        (
            [{"verb": "PUT", "status": 200, "times": -1}, {"status": "slow", "path": "("}],
            [
                "[0].verb is not known; known are method, path, status, retryAfter, code, message, delay, times,"
                " executed, longRunning",
                "[0].status is 200; it may be 400 to 599",
                "[0].times must not be negative",
                "[1].status is 'slow'; it may be a number, \"reset\" or null",
                "[1].path is not a regular expression: missing ), unterminated subpattern at position 0",
            ],
        ),
        (
            [{"delay": "1s", "executed": 1, "times": True, "path": 5}],
            [
                "[0].delay cannot be '1s'",
                "[0].executed cannot be 1",
                "[0].times cannot be True",
                "[0].path cannot be 5",
            ],
        ),
    ],
)
def test_bad_rules_are_refused_with_every_problem_at_once(document: object, problems: list[str]) -> None:
    with pytest.raises(BadFaults) as refused:
        faults_from(document)
    assert refused.value.problems == problems


def test_bad_rules_leave_the_old_ones_in_force(service: Service) -> None:
    inject(service, {"status": 503})
    answer = service.azure.call("PUT", "/_twin/faults", [{"status": 1}])
    assert (answer.status, body_of(answer)["error"]["code"]) == (400, "BadRequest")
    assert service.get("").status == 503


def test_delays_change_one_by_one() -> None:
    delays = Delays().changed_by({"call": 0.2}).changed_by({"longRunning": 3, "write": 1})
    assert delays == Delays(call=0.2, long_running=3.0, write=1.0)


@pytest.mark.parametrize("document", [[], {"calls": 1}, {"call": -1}, {"call": "1"}, {"call": True}])
def test_bad_delays_are_refused(document: object) -> None:
    with pytest.raises(BadFaults):
        Delays().changed_by(document)
