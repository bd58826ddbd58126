"""Azure Resource Manager without a socket: (call, now) -> answer, on a state. The one place that catches refusals."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from .addresses import ActionAddress, Collection, ResourceAddress, SubscriptionAddress, find
from .deleted_services import answer_deleted_services
from .errors import MethodNotAllowed, MissingApiVersionParameter, Refusal
from .gate import check_place, check_version, missing
from .lifecycle import advance
from .messages import Answer, Call
from .polling import poll
from .reading import read, read_list, read_subscriptions, run_action
from .roles import read_roles
from .state import State, Turn
from .writing import delete, patch, put

_WRITES: Final[dict[str, Callable[[State, ResourceAddress, Turn], Answer]]] = {
    "PUT": put,
    "PATCH": patch,
    "DELETE": delete,
}


class Manager:
    """Answers one call after the other. What became due between two calls happens before the second."""

    def __init__(self, state: State) -> None:
        self.state = state

    def handle(self, call: Call, now: datetime, *, hold: float = 0.0, failure: dict[str, Any] | None = None) -> Answer:
        """Answer a call. `hold` is how long the answer will be kept back; `failure` is how its operation ends."""
        advance(self.state, now)
        turn = Turn(call, now, hold, failure)
        try:
            answer = self._answer(turn)
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body())
        if call.method == "HEAD":
            answer = Answer(answer.status, None, answer.headers, answer.hold)
        return answer.held(hold)

    def _answer(self, turn: Turn) -> Answer:
        call = turn.call
        if not call.query.get("api-version"):
            raise MissingApiVersionParameter
        special = poll(self.state, turn) or answer_deleted_services(self.state, turn) or read_roles(call)
        if special is not None:
            return special
        address = find(call.method, call.path)
        if isinstance(address, SubscriptionAddress):
            if call.method not in ("GET", "HEAD"):
                raise MethodNotAllowed(call.method)
            check_version(call, None, self.state.store)
            return read_subscriptions(self.state, address)
        row = address.resource.row if isinstance(address, ActionAddress) else address.row
        check_version(call, row, self.state.store)
        check_place(call.path, self.state.store, written=call.method in ("PUT", "PATCH"))
        if isinstance(address, ActionAddress):
            return run_action(self.state, address)
        if isinstance(address, Collection):
            return self._collection(address, call)
        return self._resource(address, turn)

    def _resource(self, address: ResourceAddress, turn: Turn) -> Answer:
        method = turn.call.method
        if method in ("GET", "HEAD"):
            self._check_parent(address.parent)
            return read(self.state, address, turn.call.query)
        if method not in _WRITES:
            raise MethodNotAllowed(method)
        return _WRITES[method](self.state, address, turn)

    def _collection(self, address: Collection, call: Call) -> Answer:
        if call.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(call.method)
        self._check_parent(address.parent)
        return read_list(self.state, address, call.query)

    def _check_parent(self, parent: str) -> None:
        if self.state.store.get(parent) is None:
            raise missing(parent)
