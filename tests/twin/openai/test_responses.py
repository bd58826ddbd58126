"""Responses: what they look like, how they stream, and where they are kept."""

from typing import Any

import pytest

from tests.support.accounts import Simulation
from twin.openai.responses import KEPT

PATHS = ["/openai/responses{}?api-version=2025-03-01-preview", "/openai/v1/responses{}"]
ASKED = {"model": "gpt-4o", "input": "hello", "max_output_tokens": 20}


@pytest.mark.parametrize("path", PATHS)
def test_a_response_is_made_read_and_deleted(path: str):
    simulation = Simulation()
    made = simulation.ask(path.format(""), ASKED).json
    one = path.format(f"/{made['id']}")
    assert made["status"] == "completed"
    assert made["output"][0]["content"][0]["type"] == "output_text"
    assert made["usage"]["output_tokens"] == len(made["output"][0]["content"][0]["text"].split()) <= 20
    assert simulation.ask(one).json == made
    [item] = simulation.ask(path.format(f"/{made['id']}/input_items")).json["data"]
    assert item["content"] == [{"type": "input_text", "text": "hello"}]
    deleted = simulation.ask(one, method="DELETE").json
    assert deleted == {"id": made["id"], "object": "response.deleted", "deleted": True}
    assert simulation.ask(one).error == (404, None, f"Response with id '{made['id']}' not found.")
    assert simulation.ask(one, method="DELETE").status == 404


def test_a_response_lives_on_the_account_that_made_it():
    made = Simulation().ask("/openai/v1/responses", ASKED).json
    assert Simulation().ask(f"/openai/v1/responses/{made['id']}").status == 404


def test_a_conversation_goes_on_where_its_beginning_is_kept_and_nowhere_else():
    here, elsewhere = Simulation(), Simulation(seed=2)
    made = here.ask("/openai/v1/responses", ASKED).json
    next_turn = {**ASKED, "previous_response_id": made["id"]}
    assert here.ask("/openai/v1/responses", next_turn).json["previous_response_id"] == made["id"]
    assert elsewhere.ask("/openai/v1/responses", next_turn).error == (
        400,
        "previous_response_not_found",
        f"Previous response with id '{made['id']}' not found.",
    )


def test_a_response_that_is_not_to_be_stored_is_not_kept():
    simulation = Simulation()
    made = simulation.ask("/openai/v1/responses", {**ASKED, "store": False}).json
    assert simulation.ask(f"/openai/v1/responses/{made['id']}").status == 404


def test_the_oldest_responses_are_forgotten():
    simulation = Simulation(any_deployment=True, deployments=())
    ids = [simulation.ask("/openai/v1/responses", ASKED).json["id"] for _ in range(KEPT + 1)]
    assert [simulation.ask(f"/openai/v1/responses/{one}").status for one in ids[:2]] == [404, 200]


def test_a_list_of_items_is_given_back_as_it_came():
    simulation = Simulation()
    items = [{"role": "user", "content": "a"}, {"id": "2", "role": "user", "content": "b"}]
    made = simulation.ask("/openai/v1/responses", {**ASKED, "input": items}).json
    listed = simulation.ask(f"/openai/v1/responses/{made['id']}/input_items").json
    assert (listed["data"], listed["last_id"]) == (items, "2")


def test_a_streamed_response_tells_the_same_bit_by_bit():
    simulation = Simulation()
    told = simulation.ask("/openai/v1/responses", {**ASKED, "stream": True})
    names = [line[7:] for line in told.content.decode().splitlines() if line.startswith("event: ")]
    events: list[dict[str, Any]] = told.events
    assert names == [event["type"] for event in events]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert names[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert names[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    complete = events[-1]["response"]
    text = complete["output"][0]["content"][0]["text"]
    assert "".join(one["delta"] for one in events if one["type"] == "response.output_text.delta") == text
    assert events[0]["response"]["output"] == []
    assert simulation.ask(f"/openai/v1/responses/{complete['id']}").json == complete


def test_a_demanded_function_is_called():
    tools = [{"type": "function", "name": "weather", "parameters": {}}]
    body = {**ASKED, "tools": tools, "tool_choice": "required"}
    [call] = Simulation().ask("/openai/v1/responses", body).json["output"]
    assert (call["type"], call["name"], call["arguments"]) == ("function_call", "weather", "{}")
    names = [event["type"] for event in Simulation().ask("/openai/v1/responses", {**body, "stream": True}).events]
    assert "response.function_call_arguments.done" in names
    assert "response.output_text.delta" not in names


def test_a_response_in_a_form_has_it_whole_and_in_a_stream():
    schema = {"type": "object", "properties": {"place": {"type": "string", "enum": ["Oslo"]}}, "required": ["place"]}
    body = {**ASKED, "text": {"format": {"type": "json_schema", "name": "x", "schema": schema}}}
    [item] = Simulation().ask("/openai/v1/responses", body).json["output"]
    assert item["content"][0]["text"] == '{"place": "Oslo"}'
    events = Simulation().ask("/openai/v1/responses", {**body, "stream": True}).events
    deltas = [event["delta"] for event in events if event["type"] == "response.output_text.delta"]
    assert "".join(deltas) == '{"place": "Oslo"}'
