"""What an account received, for reading: everything but secrets."""

import json

import pytest

from tests.support.accounts import CHAT_PATH, KEY, MESSAGES, Simulation, request
from twin.messages import Lost
from twin.openai.faults import Fault
from twin.openai.visits import Visits


def test_a_request_is_told_as_it_came():
    simulation = Simulation()
    made = request(CHAT_PATH, {"messages": MESSAGES}, headers={"api-key": KEY, "X-Trace": "1"})
    simulation.run(simulation.answer(made))
    assert simulation.account.visits.entries() == [
        {
            "method": "POST",
            "path": "/openai/deployments/gpt-4o/chat/completions",
            "query": {"api-version": "2024-10-21"},
            "headers": {"api-key": "***", "x-trace": "1"},
            "body_bytes": len(made.body),
            "status": 200,
            "outcome": "answered",
        }
    ]


def test_no_secret_is_told_wherever_it_stands():
    simulation = Simulation()
    headers = {
        "api-key": "s3cret-1",
        "Authorization": "Bearer s3cret-2",
        "Ocp-Apim-Subscription-Key": "s3cret-3",
        "Cookie": "s3cret-4",
        "X-Access-Token": "s3cret-5",
        "x-client-secret": "s3cret-6",
    }
    simulation.ask("/openai/models?subscription-key=s3cret-7&sig=s3cret-8&api-version=1", headers=headers)
    simulation.ask("/openai/models", headers={"Authorization": "s3cret-9"})
    first, second = simulation.account.visits.entries()
    assert "s3cret" not in json.dumps([first, second])
    assert first["headers"]["authorization"] == "Bearer ***"
    assert first["query"] == {"subscription-key": "***", "sig": "***", "api-version": "1"}
    assert second["headers"]["authorization"] == "***"


@pytest.mark.parametrize("connection", ["refused", "reset"])
def test_a_request_whose_connection_was_lost_has_no_status(connection: str):
    simulation = Simulation()
    simulation.account.faults.add(Fault(connection=connection))
    with pytest.raises(Lost):
        simulation.chat()
    [visit] = simulation.account.visits.entries()
    assert (visit["status"], visit["outcome"]) == (0, "connection lost")


def test_only_the_latest_are_kept_and_all_are_counted():
    visits = Visits(kept=2)
    for number in range(5):
        visits.begin(request(f"/openai/models?number={number}"))
    assert [one["query"] for one in visits.entries()] == [{"number": "3"}, {"number": "4"}]
    assert visits.count == 5
    visits.clear()
    assert (visits.entries(), visits.count) == ([], 5)
