"""A local Azure Resource Manager inside the test process: over HTTP on a free port, and without any socket."""

import asyncio
import contextlib
import functools
import itertools
import json
import threading
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError

from aiohttp import web
from azure.core.pipeline.policies import SansIOHTTPPolicy

from twin.azure.endpoint import Endpoint
from twin.azure.estate import REFERENCE, load_estate
from twin.azure.faults import Delays
from twin.azure.identity import SUBSCRIPTION
from twin.azure.listener import HOST, Controls, create_app
from twin.azure.messages import Answer, Call
from twin.azure.store import Store
from twin.azure.types import TYPES

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)

_Client = TypeVar("_Client")


def numbered_ids(first: int = 1) -> Callable[[], uuid.UUID]:
    """Ids that are the same in every run: 1, 2, 3 …"""
    numbers = itertools.count(first)
    return lambda: uuid.UUID(int=next(numbers))


@dataclass
class LocalAzure:
    """The endpoint without a socket, with a clock that only the test moves.

    Paths may start at the subscription's content (`/resourceGroups/rg`).
    """

    endpoint: Endpoint
    now: datetime = START
    subscription: str = f"/subscriptions/{SUBSCRIPTION}"

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        version: str | None = None,
    ) -> Answer:
        """One call, with the API version of what the path points to unless another one is given ("" for none)."""
        full = path if path.startswith(("/subscriptions", "/_twin", "/metadata")) else self.subscription + path
        given = _version(full) if version is None else version
        known = {**({"api-version": given} if given else {}), **(query or {})}
        call = Call(method, full, known, json.loads(json.dumps(body)), headers or {}, "http://127.0.0.1:8470")
        return self.endpoint.handle(call, self.now)

    def get(self, path: str, **options: Any) -> Answer:
        return self.call("GET", path, **options)

    def put(self, path: str, body: object, **options: Any) -> Answer:
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        return self.call("DELETE", path, **options)

    def follow(self, url: str) -> Answer:
        """A GET of a Location or Azure-AsyncOperation header."""
        parts = urllib.parse.urlsplit(url)
        return self.call("GET", parts.path, version="", query=dict(urllib.parse.parse_qsl(parts.query, True)))

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def made(self, path: str, body: object) -> dict[str, Any]:
        """PUT what a test needs but is not about; it must be accepted. Returns it as a GET gives it back."""
        answer = self.put(path, body)
        assert answer.status in (200, 201), f"PUT {path}: {answer.status} {answer.body}"
        return body_of(self.get(path))


def local_azure(estate: Path = REFERENCE, *, delays: Delays | None = None) -> LocalAzure:
    """An endpoint without a socket, with the reference estate: the same ids every time, a frozen clock, no delays."""
    return local_azure_with(_estate(estate), delays=delays)


def local_azure_with(text: str, *, delays: Delays | None = None) -> LocalAzure:
    """The same, holding what a store wrote as text."""
    return LocalAzure(_endpoint(text, delays))


@dataclass
class LocalArm:
    """The endpoint behind HTTP. `endpoint` may be looked at from the test; calls go over `url`."""

    url: str
    endpoint: Endpoint
    subscription_id: str = SUBSCRIPTION

    @property
    def store(self) -> Store:
        return self.endpoint.store

    def requests(self) -> list[dict[str, Any]]:
        return self.endpoint.journal.entries()

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """One plain HTTP call (status, JSON); the path is everything after the port."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.loads(response.read() or b"null")
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")

    def faults(self, *rules: dict[str, Any]) -> None:
        """Put these rules in force (see twin/azure/faults.py); none clears them."""
        status, answer = self.call("PUT", "/_twin/faults", list(rules))
        assert status == 204, answer

    def delays(self, **seconds: float) -> None:
        """Set `call`, `longRunning` or `write`."""
        status, answer = self.call("PUT", "/_twin/delays", seconds)
        assert status == 204, answer

    def client(self, kind: Callable[..., _Client], **options: Any) -> _Client:
        """One of Microsoft's own management clients, talking to this endpoint."""
        return kind(
            object(),  # the credential, which nobody asks
            self.subscription_id,
            base_url=self.url,
            # In place of a bearer token, which azure-core sends over TLS only.
            authentication_policy=SansIOHTTPPolicy(),
            polling_interval=1,
            **options,
        )


@contextlib.contextmanager
def local_arm(
    estate: Path = REFERENCE, *, delays: Delays | None = None, controls: Controls | None = None
) -> Iterator[LocalArm]:
    """The endpoint on a free port of 127.0.0.1, served from a thread of its own, on the real clock."""
    endpoint = _endpoint(_estate(estate), delays)
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(create_app(endpoint, controls=controls), access_log=None, shutdown_timeout=0.1)

    async def listen() -> int:
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        return int(runner.addresses[0][1])

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        port = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
        yield LocalArm(f"http://{HOST}:{port}", endpoint)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def body_of(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer that must have one."""
    assert isinstance(answer.body, dict), answer
    return answer.body


def refusal(answer: Answer) -> tuple[int, str, str]:
    """(status, code, message) of an answer that must say no; a lone detail's message stands for the whole."""
    error = body_of(answer)["error"]
    details = error.get("details") or []
    return answer.status, error["code"], details[0]["message"] if len(details) == 1 else error["message"]


def wrong_fields(answer: Answer) -> list[tuple[str, str]]:
    """(target, message) of every wrong field of a 400 ValidationError."""
    error = body_of(answer)["error"]
    assert (answer.status, error["code"]) == (400, "ValidationError"), answer
    assert error["message"] == "One or more fields contain incorrect values:", answer
    assert all(detail["code"] == "ValidationError" for detail in error["details"])
    return [(detail["target"], detail["message"]) for detail in error["details"]]


@functools.cache
def _estate(estate: Path) -> str:
    return load_estate(estate, now=START, new_id=numbered_ids(0xE57A7E)).text()


def _endpoint(text: str, delays: Delays | None) -> Endpoint:
    def starting() -> Store:
        return Store.parse(text)

    return Endpoint(starting(), new_id=numbered_ids(), starting=starting, delays=delays)


@functools.cache
def _versions() -> dict[str, str]:
    return {row.arm_type.partition("/")[0].lower(): row.api_version for row in TYPES.values()}


def _version(path: str) -> str:
    namespace = path.rpartition("/providers/")[2].split("/")[0].lower() if "/providers/" in path else ""
    return _versions().get(namespace, _versions()["microsoft.resources"])
