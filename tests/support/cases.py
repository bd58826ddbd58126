"""Conformance cases: what a policy does, as data. Each file below tests/cases is one sentence about one element.

    policy: {inbound: …, backend: …, outbound: …, on-error: …}   rawxml; `backend` may be left out
    scopes: [{scope: global, inbound: …}, {scope: api, …}]       instead of `policy`: the widest first, nothing left out
    answers: [503, {status: 200, after: 1.5, headers: …, body: …}]   the origin's in turn, or such lists by host
    backends: {ptu: {count: 1, interval: 10, trip: 10, statuses: [429]}, payg: {}}   at https://NAME.example/
    pools: {pool: {ptu: [1, 100], payg: [2, 100]}}               members with priority and weight
    assume: {S14: on-error}      named-values: {…}      fragments: {…}
    template: /get/{id}?a={b}    parameters: {id: "7"}           of the operation
    request: {method: POST, url: /chat, headers: {…}, body: hello}   subscription: none for a call without a key
    calls: [{at: 0, request: …, want: …}, …]                     instead of `request` and `want`; all in one world

`want` says what must come out, exactly, in the parts that it names: status, reason, headers (null: absent), body, json,
answered (seconds), chunks ([seconds, text]), broken, attempts (a list; each names what it cares about: at, method, url,
headers, body), variables (null: absent), events (a list, by kind and fields). All times are rounded to a millisecond.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.backends import Scripted, Sent
from tests.support.world import ORIGIN, SECTIONS, SUBSCRIPTION, Gateway, Outcome, document, program
from twin.assumptions import Assumptions
from twin.backends.backend import AnyBackend, Backend, BackendPool
from twin.backends.breaker import Rule
from twin.backends.pool import Member
from twin.journal import Event
from twin.messages import Headers, Request, Url
from twin.policy import context as c
from twin.policy.expressions.texts import to_string
from twin.policy.program import Program

CASES = Path(__file__).parents[1] / "cases"
_KEYS = {
    "policy",
    "scopes",
    "answers",
    "backends",
    "pools",
    "assume",
    "named-values",
    "fragments",
    "template",
    "parameters",
    "calls",
}
_CALL_KEYS = {"at", "request", "subscription", "want"}


@dataclass(frozen=True)
class Case:
    """One file, read."""

    gateway: Gateway
    program: Program
    calls: Sequence[Mapping[str, Any]]


def case(path: Path) -> Case:
    said = yaml.safe_load(path.read_text())
    unknown = set(said) - _KEYS - _CALL_KEYS
    assert not unknown, f"{path.name}: unknown {unknown}"
    answers = said.get("answers", [200])
    script = answers if isinstance(answers, dict) else {ORIGIN.host: answers}
    gateway = Gateway(
        {host: [_scripted(one) for one in each] for host, each in script.items()},
        [*_backends(said.get("backends", {})), *_pools(said.get("pools", {}))],
        Assumptions().with_answers(said.get("assume", {})),
        **{name: said[name] for name in ("template", "parameters") if name in said},
    )
    calls = said.get("calls") or [{key: said[key] for key in _CALL_KEYS if key in said}]
    assert all(set(one) <= _CALL_KEYS and one.get("want") for one in calls), f"{path.name}: each call wants something"
    return Case(gateway, _program(said), calls)


def run(found: Case, call: Mapping[str, Any]) -> Outcome:
    found.gateway.clock.run(until=found.gateway.began + float(call.get("at", 0)))
    subscription = None if call.get("subscription") == "none" else _subscription(call.get("subscription"))
    return found.gateway.call(found.program, _request(call.get("request", {})), subscription=subscription)


def got(outcome: Outcome, want: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an outcome that `want` names, in its form."""
    return {part: _PARTS[part](outcome, wanted) for part, wanted in want.items()}


def _headers(outcome: Outcome, want: Mapping[str, Any]) -> dict[str, Any]:
    return _chosen(outcome.response.headers, want)


def _attempts(outcome: Outcome, want: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    wanted = [*want, *({"url": ""} for _ in range(len(outcome.attempts) - len(want)))]
    return [_attempt(sent, outcome.began, one) for sent, one in zip(outcome.attempts, wanted, strict=False)]


def _attempt(sent: Sent, began: float, want: Mapping[str, Any]) -> dict[str, Any]:
    request = sent.request
    known: dict[str, Any] = {
        "at": round(sent.at - began, 3),
        "method": request.method,
        "url": str(request.url),
        "body": request.body.decode(),
        "headers": _chosen(request.headers, want.get("headers", {})),
    }
    return {name: known[name] for name in want}


def _chosen(headers: Headers, want: Mapping[str, Any]) -> dict[str, Any]:
    return {name: headers.get(name) if name in headers else None for name in want}


def _variables(outcome: Outcome, want: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(outcome.variables.get(name)) for name in want}


def _events(outcome: Outcome, want: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The events of the kinds that are wanted; an empty list wants none of any kind but Attempt."""
    kinds = {one["kind"] for one in want}
    found = [one for one in outcome.events if type(one).__name__ in kinds or (not kinds and _is_told(one))]
    wanted = [*want, *({"kind": ""} for _ in range(len(found) - len(want)))]
    return [_event(one, keys) for one, keys in zip(found, wanted, strict=False)]


def _event(event: Event, want: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {one.name: getattr(event, one.name) for one in dataclasses.fields(event)} | {
        "kind": type(event).__name__
    }
    if "dimensions" in want:
        known["dimensions"] = dict(known["dimensions"])
    return {name: known[name] for name in want}


def _is_told(event: Event) -> bool:
    return type(event).__name__ != "Attempt"


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else to_string(value)


_PARTS: dict[str, Any] = {
    "status": lambda outcome, _: outcome.status,
    "reason": lambda outcome, _: outcome.response.reason,
    "headers": _headers,
    "body": lambda outcome, _: outcome.text,
    "json": lambda outcome, _: json.loads(outcome.body),
    "answered": lambda outcome, _: round(outcome.answered, 3),
    "chunks": lambda outcome, _: [[round(at, 3), chunk.decode()] for at, chunk in outcome.chunks],
    "broken": lambda outcome, _: outcome.broken,
    "attempts": _attempts,
    "variables": _variables,
    "events": _events,
}


def _program(said: Mapping[str, Any]) -> Program:
    scopes = said.get("scopes") or [{"scope": "api", "backend": "<forward-request />", **said.get("policy", {})}]
    documents = []
    for one in scopes:
        assert set(one) <= {"scope", *SECTIONS}, f"unknown section in {one}"
        documents.append((one["scope"], document({name: one[name] for name in SECTIONS if name in one})))
    return program(*documents, named_values=said.get("named-values"), fragments=said.get("fragments"))


def _scripted(said: int | Mapping[str, Any]) -> Scripted:
    if isinstance(said, int):
        return Scripted(said)
    plain = {name: said[name] for name in ("status", "after", "reason", "lost", "hangs", "breaks") if name in said}
    assert set(said) <= {*plain, "headers", "body", "json", "chunks"}, f"unknown part of an answer: {said}"
    body = json.dumps(said["json"]) if "json" in said else str(said.get("body", ""))
    return Scripted(
        **plain,
        headers=tuple((name, str(value)) for name, value in said.get("headers", {}).items()),
        body=body.encode(),
        chunks=tuple((float(seconds), text.encode()) for seconds, text in said.get("chunks", [])),
    )


def _backends(said: Mapping[str, Mapping[str, Any]]) -> list[AnyBackend]:
    return [Backend(name, Url("/", scheme="https", host=f"{name}.example"), _rule(one)) for name, one in said.items()]


def _rule(said: Mapping[str, Any]) -> Rule | None:
    if not said:
        return None
    statuses = tuple((status, status) for status in said["statuses"])
    return Rule(
        said.get("count", 1), said.get("interval", 10), said.get("trip", 10), statuses, said.get("accept", True)
    )


def _pools(said: Mapping[str, Mapping[str, Sequence[int]]]) -> list[AnyBackend]:
    return [
        BackendPool(pool, tuple(Member(name, *place) for name, place in members.items()))
        for pool, members in said.items()
    ]


def _request(said: Mapping[str, Any]) -> Request:
    fields: Mapping[str, object] = said.get("headers", {})
    headers = Headers((name, str(value)) for name, value in fields.items())
    body = json.dumps(said["json"]) if "json" in said else str(said.get("body", "hello"))
    return Request(said.get("method", "POST"), Url.parse(said.get("url", "/chat")), headers, body.encode())


def _subscription(name: str | None) -> c.Subscription:
    return SUBSCRIPTION if name is None else c.Subscription(name, name.title(), f"{name}-1", f"{name}-1", f"{name}-2")
