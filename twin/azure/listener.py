"""The socket of the local Azure Resource Manager: HTTP in, calls to the endpoint, HTTP out. Loopback only."""

import asyncio
import json
import re
import urllib.parse
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiohttp import web

from ..loopback import HOST, listen
from .endpoint import Endpoint
from .estate import REFERENCE, load_estate
from .faults import Delays
from .messages import Answer, Call
from .store import StateFile, Store

STATE_FILE: Final = "azure.json"

# Answers the calls that are not for Azure Resource Manager, with None for all others.
Controls = Callable[[Call], Answer | None]

# A write of an API takes Azure a moment, and meanwhile another one is refused. With none of it a program that forgets
# to chain an API's children would pass here and fail there.
AS_IN_AZURE: Final = Delays(write=0.05)

_LARGEST_BODY: Final = 8 * 1024 * 1024
_PATIENCE: Final = 1.0  # seconds for calls under way when the listener stops


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    endpoint: Endpoint,
    *,
    keep: Callable[[Store], None] | None = None,
    controls: Controls | None = None,
    clock: Callable[[], datetime] = _now,
) -> web.Application:
    """The endpoint as a web application. `keep` is called with the store after each call that changed it.

    `controls` is asked before the endpoint is.
    """
    kept = (endpoint.store, endpoint.store.revision)

    async def serve(request: web.Request) -> web.StreamResponse:
        nonlocal kept
        call = await _call(request)
        answer = (controls(call) if controls is not None else None) or endpoint.handle(call, clock())
        current = (endpoint.store, endpoint.store.revision)
        if keep is not None and current != kept:
            keep(endpoint.store)
            kept = current
        if answer.hold:
            await asyncio.sleep(answer.hold)
        return _response(request, answer)

    app = web.Application(client_max_size=_LARGEST_BODY)
    app.router.add_route("*", "/{path:.*}", serve)
    return app


class ArmListener:
    """A local Azure Resource Manager on a port of this machine, with its state in a folder.

    `port` 0 takes any free one. `estate` is what exists when the folder holds no state yet.
    """

    def __init__(
        self,
        state_folder: Path,
        *,
        port: int = 8470,
        estate: Path = REFERENCE,
        delays: Delays = AS_IN_AZURE,
        controls: Controls | None = None,
    ) -> None:
        self.port = port
        self._file = StateFile(state_folder / STATE_FILE)
        self._estate = estate
        self._delays = delays
        self._controls = controls
        self._endpoint: Endpoint | None = None
        self._runner: web.AppRunner | None = None

    @property
    def endpoint(self) -> Endpoint:
        """What answers, for whoever reads its store in the same process."""
        if self._endpoint is None:
            raise RuntimeError("the listener has not been started")
        return self._endpoint

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises PortTaken, StateUnreadable or BadEstate, each with what to do."""
        store = self._file.read()
        if store is None:
            store = self._starting()
            self._file.write(store)
        self._endpoint = Endpoint(store, new_id=uuid.uuid4, starting=self._starting, delays=self._delays)
        app = create_app(self._endpoint, keep=self._file.write, controls=self._controls)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_PATIENCE)
        self.port = await listen(self._runner, self.port)

    async def stop(self) -> None:
        """Stop listening; calls under way have a second to end."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _starting(self) -> Store:
        return load_estate(self._estate, now=_now(), new_id=uuid.uuid4)


async def _call(request: web.Request) -> Call:
    raw, body, malformed = await request.read(), None, ""
    if raw and request.content_type == "application/x-www-form-urlencoded":
        body = dict(urllib.parse.parse_qsl(raw.decode(errors="replace")))
    elif raw:
        try:
            body = json.loads(raw)
        except ValueError as error:
            malformed = str(error)
    return Call(
        method=request.method,
        # Microsoft's clients write `//subscriptions/…` where a scope stands first in a path.
        path=re.sub(r"/{2,}", "/", request.path),
        query=dict(request.query),
        body=body,
        headers={name.lower(): value for name, value in request.headers.items()},
        base=f"{request.scheme}://{request.host}",
        malformed=malformed,
    )


def _response(request: web.Request, answer: Answer) -> web.StreamResponse:
    if answer.reset:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    if answer.body is None:
        return web.Response(status=answer.status, headers=dict(answer.headers))
    return web.json_response(answer.body, status=answer.status, headers=dict(answer.headers))
