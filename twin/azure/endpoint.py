"""The whole local Azure without a socket: logins, the twin's own controls, faults, journal, and Resource Manager.

Controls, all below `/_twin/`:
GET|DELETE requests   the journal: [{"method", "path", "query", "body", "status"}], oldest first
PUT|DELETE faults     the rules of `faults.py`
PUT estate            an estate (see `estate.py`): what it holds and Azure does not is made
PUT delays            {"call", "longRunning", "write"}, in seconds; those left out stay as they are
POST reset            back to the starting estate; journal, faults and delays are emptied too
GET health            {"status": "ok", "resources": number}
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from .estate import add_estate
from .faults import BadFaults, Delays, Fault, Faults, faults_from
from .journal import Journal
from .lifecycle import advance
from .login import TOKEN_PATH, login_answer
from .manager import Manager
from .messages import Answer, Call
from .state import State
from .store import Store

_CONTROL: Final = "/_twin/"


class Endpoint:
    """Answers one call after the other. `starting` makes the store that a reset goes back to."""

    def __init__(
        self,
        store: Store,
        *,
        new_id: Callable[[], UUID],
        starting: Callable[[], Store] = Store,
        delays: Delays | None = None,
    ) -> None:
        self.state = State(store, new_id, delays or Delays())
        self.journal = Journal()
        self.faults = Faults()
        self._manager = Manager(self.state)
        self._starting = starting
        self._first_delays = self.state.delays

    @property
    def store(self) -> Store:
        return self.state.store

    def current(self, now: datetime) -> Store:
        """What exists at that moment: operations that are due by then have ended, whether or not anybody polls them."""
        if any(not operation.done for operation in self.store.operations.values()):
            advance(self.state, now)
        return self.store

    def handle(self, call: Call, now: datetime) -> Answer:
        """The answer, with the ids that Azure puts on every answer."""
        if call.path.startswith(_CONTROL):
            return self._control(call, now).with_headers(self._ids(call))
        answer = self._serve(call, now)
        if not TOKEN_PATH.fullmatch(call.path):
            self.journal.append(call, answer.status)
        return answer.with_headers(self._ids(call))

    def _serve(self, call: Call, now: datetime) -> Answer:
        login = login_answer(call, now)
        if login is not None:
            return login
        fault = self.faults.take(call)
        hold = self.state.delays.call + (fault.delay if fault else 0.0)
        instead = None if fault is None or fault.long_running else fault.answer()
        if instead is not None and fault is not None and not fault.executed:
            return instead.held(hold)
        answer = self._manager.handle(call, now, hold=hold, failure=_failure(fault))
        return answer if instead is None else instead.held(answer.hold)

    def _ids(self, call: Call) -> dict[str, str]:
        correlation = call.headers.get("x-ms-correlation-request-id") or str(self.state.new_id())
        headers = {"x-ms-correlation-request-id": correlation, "x-ms-request-id": str(self.state.new_id())}
        if "x-ms-client-request-id" in call.headers:
            headers["x-ms-client-request-id"] = call.headers["x-ms-client-request-id"]
        return headers

    def _control(self, call: Call, now: datetime) -> Answer:
        control = (call.method, call.path.removeprefix(_CONTROL).strip("/"))
        try:
            match control:
                case ("GET", "health"):
                    return Answer(200, {"status": "ok", "resources": len(self.store)})
                case ("GET", "requests"):
                    return Answer(200, self.journal.entries())
                case ("DELETE", "requests"):
                    self.journal.clear()
                case ("PUT", "faults"):
                    self.faults.replace(faults_from(call.body))
                case ("DELETE", "faults"):
                    self.faults.replace([])
                case ("PUT", "estate"):
                    return self._add_estate(call.body, now)
                case ("PUT", "delays"):
                    self.state.delays = self.state.delays.changed_by(call.body)
                case ("POST", "reset"):
                    self._reset()
                case _:
                    return Answer(404, _twin_error("NotFound", f"{call.method} {call.path} is no control of the twin."))
        except BadFaults as wrong:
            return Answer(400, _twin_error("BadRequest", str(wrong)))
        return Answer(204)

    def _add_estate(self, body: object, now: datetime) -> Answer:
        """All of the estate or, where Azure refuses some of it, nothing."""
        store = Store.parse(self.store.text())
        problems = add_estate(store, body, now=now, new_id=self.state.new_id)
        if problems:
            return Answer(400, _twin_error("BadEstate", "\n".join(problems)))
        self.state.store = store
        return Answer(204)

    def _reset(self) -> None:
        self.state.store = self._starting()
        self.state.busy.clear()
        self.state.delays = self._first_delays
        self.faults.replace([])
        self.journal.clear()


def _failure(fault: Fault | None) -> dict[str, Any] | None:
    if fault is None or not fault.long_running:
        return None
    return {"status": fault.status if isinstance(fault.status, int) else 500, "body": fault.body()}


def _twin_error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
