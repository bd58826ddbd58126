"""What the gateway is doing, for whoever looks: counts since the start, the breakers as they are, the latest trouble.

GET /_twin/gateway

    {"now": seconds,
     "services": [{"name", "hosts", "units", "answered": {"200": n, …}, "retried": n,
                   "apis": [{"name", "path", "methods", "keyHeader", "subscriptions", "backends": [names]}],
                   "pools": [{"name", "members": [{"backend", "priority", "weight"}]}],
                   "backends": [{"name", "host", "path", "attempts": {"200": n, …, "none": n}, "open": [seconds]}]}],
     "trouble": [{"moment", "where", "reason", "message"}]}

Of an API, `subscriptions` are the active ones whose keys open it, or null where it needs none; `backends` are what its
policies send calls to. `attempts` counts the heads of answers by status, and attempts without one under "none"; `open`
has the seconds until the breaker closes for each unit, null where a backend has no breaker. Trouble is a policy's
element that failed, or a backend that did not answer. Everything else about a call is in the policy's own traces.
"""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Final

from ..azure.messages import Answer, Call
from ..backends.backend import Backend, BackendPool
from ..journal import Answered, Attempt, Event, Faulted, Measured, Traced
from .behind import backends_behind
from .configuration import Api, Configuration
from .gateway import Gateway, Service

PATH: Final = "/_twin/gateway"
_KEPT = 50  # of the latest trouble, traces and metrics


@dataclass
class Sums:
    """What one service has done since the start."""

    answered: Counter[str] = field(default_factory=Counter)
    attempts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    retried: int = 0


class Watched:
    """Hears every event of a gateway and keeps the sums of each service."""

    def __init__(self) -> None:
        self.sums: defaultdict[str, Sums] = defaultdict(Sums)
        self.trouble: deque[Faulted | Attempt] = deque(maxlen=_KEPT)
        self.notes: deque[Traced | Measured] = deque(maxlen=_KEPT)
        self._under_way: Counter[str] = Counter()

    def record(self, event: Event) -> None:
        match event:
            case Attempt():
                self._of(event.unit).attempts[event.backend][str(event.status or "none")] += 1
                self._under_way[event.call] += 1
                if not event.status:
                    self.trouble.append(event)
            case Answered():
                sums = self._of(event.unit)
                sums.answered[str(event.status)] += 1
                sums.retried += max(0, self._under_way.pop(event.call, 0) - 1)
            case Faulted():
                self.trouble.append(event)
            case _:
                self.notes.append(event)

    def _of(self, unit: str) -> Sums:
        """Units are named after their service: `apim-contoso/1`."""
        return self.sums[unit.rpartition("/")[0]]


def handle(call: Call, gateway: Gateway, watched: Watched, now: float) -> Answer | None:
    """The answer to a look at the gateway; None for any other call."""
    if call.path.rstrip("/") != PATH:
        return None
    if call.method != "GET":
        return Answer(405, {"error": {"code": "MethodNotAllowed", "message": f"{PATH} can be read, with GET."}})
    told = {
        "now": now,
        "services": [
            _service(service, watched.sums[service.configuration.name], now) for service in gateway.services.values()
        ],
        "trouble": [_trouble(one) for one in watched.trouble],
    }
    return Answer(200, told)


def _trouble(event: Faulted | Attempt) -> dict[str, Any]:
    if isinstance(event, Attempt):
        return {"moment": event.moment, "where": event.backend, "reason": "NoAnswer", "message": event.failure}
    where = f"<{event.element}>" if event.element else event.section
    return {"moment": event.moment, "where": where, "reason": event.reason, "message": event.message}


def _service(service: Service, sums: Sums, now: float) -> dict[str, Any]:
    configuration = service.configuration
    backends = configuration.backends.values()
    return {
        "name": configuration.name,
        "hosts": sorted(configuration.hosts),
        "units": len(service.worlds),
        "answered": dict(sums.answered),
        "retried": sums.retried,
        "apis": [_api(api, configuration) for api in configuration.apis],
        "pools": [_pool(one) for one in backends if isinstance(one, BackendPool)],
        "backends": [_backend(one, service, sums, now) for one in backends if isinstance(one, Backend)],
    }


def _api(api: Api, configuration: Configuration) -> dict[str, Any]:
    opening = {
        key.subscription.id: None
        for key in configuration.keys.values()
        if key.active and key.opens(api.name, api.products)
    }
    return {
        "name": api.name,
        "path": api.path,
        "methods": sorted({operation.template.method for operation in api.operations}),
        "keyHeader": api.seen.key_names.header,
        "subscriptions": list(opening) if api.subscription_required else None,
        "backends": backends_behind(api, configuration),
    }


def _pool(pool: BackendPool) -> dict[str, Any]:
    members = [{"backend": one.backend, "priority": one.priority, "weight": one.weight} for one in pool.members]
    return {"name": pool.name, "members": members}


def _backend(backend: Backend, service: Service, sums: Sums, now: float) -> dict[str, Any]:
    breakers = [unit.breaker(backend) for unit in service.units]
    return {
        "name": backend.name,
        "host": backend.url.host,
        "path": backend.url.path,
        "attempts": dict(sums.attempts.get(backend.name, {})),
        "open": [round(breaker.seconds_open(now), 3) if breaker else None for breaker in breakers],
    }
