"""The servers of the twin together: what is changed through Azure Resource Manager's port is true for the next call."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.servers import Loop, Servers, serving
from tests.support.sockets import Peer, connection

CHAT = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
PRIMARY = "aoai-eus2-1"
TEAPOT = '<policies><inbound><return-response><set-status code="418" /></return-response></inbound></policies>'


@pytest.fixture
def servers(loop: Loop, tmp_path: Path) -> Iterator[Servers]:
    with serving(loop, tmp_path) as running:
        yield running


def ask(servers: Servers, target: str = CHAT, key: str = "", **body: Any) -> tuple[int, Any]:
    """(status, content) of a call with a connection of its own."""
    caller = http.client.HTTPConnection(urlsplit(servers.gateway).netloc, timeout=10)
    try:
        content = json.dumps({"messages": [{"role": "user", "content": "hello"}], **body})
        caller.request("POST", target, content, {"api-key": key or servers.key})
        answer = caller.getresponse()
        return answer.status, answer.read()
    finally:
        caller.close()


def begin_stream(servers: Servers, caller: Peer) -> None:
    """Have a stream whose first event has come, and whose end is seconds away."""
    servers.fault(PRIMARY, tokensPerSecond=20)
    body = json.dumps({"messages": [{"role": "user", "content": "hello"}], "stream": True, "max_tokens": 8})
    length = f"Content-Length: {len(body)}"
    caller.send(f"POST {CHAT} HTTP/1.1\r\nHost: h\r\napi-key: {servers.key}\r\n{length}\r\n\r\n{body}")
    assert caller.read_head().status == 200
    assert caller.read_chunk()


def test_a_policy_that_is_put_is_in_force_for_the_next_call_and_a_stream_under_way_goes_on(servers: Servers) -> None:
    with connection(servers.gateway) as caller:
        begin_stream(servers, caller)
        servers.azure("PUT", "apis/openai/policies/policy", {"properties": {"format": "rawxml", "value": TEAPOT}})
        assert ask(servers)[0] == 418
        assert servers.visits(PRIMARY)[0]["outcome"] == "under way"
        events = b"".join(iter(caller.read_chunk, b""))
    assert events.endswith(b"data: [DONE]\n\n")
    assert servers.outcome(PRIMARY) == "answered"


def test_a_stream_under_way_survives_the_removal_of_its_api(servers: Servers) -> None:
    with connection(servers.gateway) as caller:
        begin_stream(servers, caller)
        servers.azure("DELETE", "apis/openai")
        assert ask(servers)[0] == 404
        assert b"".join(iter(caller.read_chunk, b"")).endswith(b"data: [DONE]\n\n")


def test_a_pool_that_is_put_decides_where_the_next_call_goes(servers: Servers) -> None:
    assert ask(servers)[0] == 200
    pool = servers.azure("GET", "backends/openaiopool")
    for member in pool["properties"]["pool"]["services"]:
        member["priority"] = 1 if "aoai-eus-1" in member["id"] else 2
    servers.azure("PUT", "backends/openaiopool", {"properties": pool["properties"]})
    assert ask(servers)[0] == 200
    assert {name: len(visits) for name, visits in servers.all_visits().items()} == {PRIMARY: 1, "aoai-eus-1": 1}


def test_a_subscription_that_is_suspended_opens_nothing_any_more(servers: Servers) -> None:
    properties = servers.azure("GET", "subscriptions/team-a")["properties"]
    for state, status in (("suspended", 401), ("active", 200)):
        servers.azure("PUT", "subscriptions/team-a", {"properties": {**properties, "state": state}})
        assert ask(servers)[0] == status


def test_a_breaker_stays_open_when_what_is_put_does_not_touch_its_rule(servers: Servers) -> None:
    servers.fault(PRIMARY, status=429, retryAfter=600)
    assert ask(servers)[0] == 200
    servers.heal()
    backend = servers.azure("GET", f"backends/{PRIMARY}")["properties"]
    servers.azure("PUT", f"backends/{PRIMARY}", {"properties": {**backend, "title": "Another title"}})
    assert ask(servers)[0] == 200
    assert len(servers.visits(PRIMARY)) == 1


def test_a_fault_is_met_by_the_next_call_and_gone_with_the_healing(servers: Servers) -> None:
    servers.fault(PRIMARY, status=400)
    assert ask(servers)[0] == 400
    servers.heal()
    assert ask(servers)[0] == 200


def test_what_is_deployed_is_asked_for_warnings_where_the_controls_are(servers: Servers) -> None:
    assert servers.control("GET", "/_twin/warnings") == []
