"""What the gateway is doing, for whoever looks: counts since the start, the breakers as they are, the latest trouble.

GET /_twin/gateway

    {"now": seconds, "answered": {"200": n, …}, "retried": n,
     "services": [{"name", "hosts", "units", "apis": [{"name", "path"}],
                   "pools": [{"name", "members": [{"backend", "priority", "weight"}]}],
                   "backends": [{"name", "host", "attempts": {"200": n, …, "none": n}, "open": [seconds a unit]}]}],
     "trouble": [{"moment", "element", "reason", "message"}]}

`attempts` counts the heads of answers by status, and attempts without one under "none"; `open` is null where a backend
has no breaker. Everything else about a call is in the policy's own traces.
"""

from collections import Counter, defaultdict, deque
from typing import Any, Final

from ..azure.messages import Answer, Call
from ..backends.backend import Backend, BackendPool
from ..journal import Answered, Attempt, Event, Faulted, Measured, Traced
from .gateway import Gateway, Service

PATH: Final = "/_twin/gateway"
_KEPT = 50  # of the latest trouble, traces and metrics


class Watched:
    """Hears every event of a gateway and keeps the sums."""

    def __init__(self) -> None:
        self.answered: Counter[str] = Counter()
        self.attempts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.retried = 0
        self.trouble: deque[Faulted] = deque(maxlen=_KEPT)
        self.notes: deque[Traced | Measured] = deque(maxlen=_KEPT)
        self._under_way: Counter[str] = Counter()

    def record(self, event: Event) -> None:
        match event:
            case Attempt():
                self.attempts[event.backend][str(event.status) if event.status else "none"] += 1
                self._under_way[event.call] += 1
            case Answered():
                self.answered[str(event.status)] += 1
                self.retried += max(0, self._under_way.pop(event.call, 0) - 1)
            case Faulted():
                self.trouble.append(event)
            case _:
                self.notes.append(event)


def handle(call: Call, gateway: Gateway, watched: Watched, now: float) -> Answer | None:
    """The answer to a look at the gateway; None for any other call."""
    if call.path.rstrip("/") != PATH:
        return None
    if call.method != "GET":
        return Answer(405, {"error": {"code": "MethodNotAllowed", "message": f"{PATH} can be read, with GET."}})
    told = {
        "now": now,
        "answered": dict(watched.answered),
        "retried": watched.retried,
        "services": [_service(service, watched, now) for service in gateway.services.values()],
        "trouble": [
            {"moment": one.moment, "element": one.element, "reason": one.reason, "message": one.message}
            for one in watched.trouble
        ],
    }
    return Answer(200, told)


def _service(service: Service, watched: Watched, now: float) -> dict[str, Any]:
    configuration = service.configuration
    backends = configuration.backends.values()
    return {
        "name": configuration.name,
        "hosts": sorted(configuration.hosts),
        "units": len(service.worlds),
        "apis": [{"name": api.name, "path": api.path} for api in configuration.apis],
        "pools": [_pool(one) for one in backends if isinstance(one, BackendPool)],
        "backends": [_backend(one, service, watched, now) for one in backends if isinstance(one, Backend)],
    }


def _pool(pool: BackendPool) -> dict[str, Any]:
    members = [{"backend": one.backend, "priority": one.priority, "weight": one.weight} for one in pool.members]
    return {"name": pool.name, "members": members}


def _backend(backend: Backend, service: Service, watched: Watched, now: float) -> dict[str, Any]:
    breakers = [unit.breaker(backend) for unit in service.units]
    return {
        "name": backend.name,
        "host": backend.url.host,
        "attempts": dict(watched.attempts.get(backend.name, {})),
        "open": [round(breaker.seconds_open(now), 3) if breaker else None for breaker in breakers],
    }
