"""Writes that meet: conditions on ETags, and the places that one write at a time may change."""

import re
from collections.abc import Mapping
from typing import Final

from .addresses import ResourceAddress
from .errors import PessimisticConcurrencyConflict, PreconditionFailed, RequestConflict, ServiceIsTransitioning
from .lifecycle import under_way
from .rules.proposal import service_of
from .state import State, Turn
from .store import Resource

_API: Final = re.compile(r".+/service/[^/]+/apis/[^/]+", re.IGNORECASE)
_DEPLOYMENT: Final = "cognitiveservices:Deployment"


def check_conditions(headers: Mapping[str, str], found: Resource | None) -> None:
    """If-Match and If-None-Match count where they are sent; azure-native sends neither."""
    wanted, unwanted = headers.get("if-match"), headers.get("if-none-match")
    if wanted not in (None, "*") and (found is None or wanted.strip('"') != found.etag):
        raise PreconditionFailed
    if unwanted == "*" and found is not None:
        raise PreconditionFailed


def check_free(state: State, address: ResourceAddress, turn: Turn) -> None:
    """Refuse a write while another one of the same API, account or service is in progress."""
    if address.row.token.startswith("apimanagement:"):
        service = service_of(address.path)
        if under_way(state, service) is not None:
            raise ServiceIsTransitioning(service.rpartition("/")[2])
    place = _place(address)
    if place is not None and state.busy.get(place, 0.0) > turn.seconds:
        raise RequestConflict(address.parent) if address.row.token == _DEPLOYMENT else PessimisticConcurrencyConflict


def hold_of(state: State, address: ResourceAddress, turn: Turn) -> float:
    """How long the answer to this write is kept back: a write of an API takes its time."""
    return turn.hold if _place(address) is None else max(turn.hold, state.delays.write)


def occupy(state: State, address: ResourceAddress, until: float) -> None:
    """Refuse other writes there until then."""
    place = _place(address)
    if place is not None:
        state.busy[place] = max(until, state.busy.get(place, 0.0))


def _place(address: ResourceAddress) -> str | None:
    """What a write keeps busy: the API that the path is or lies in, or the account of a deployment."""
    if address.row.token == _DEPLOYMENT:
        return address.parent.lower()
    api = _API.match(address.path)
    return api[0].lower() if api else None
