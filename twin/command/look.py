"""The gateway as it describes itself (GET /_twin/gateway), and what has happened between two looks at it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..engine.errors import CommandError


@dataclass(frozen=True)
class Backend:
    """`attempts` counts answers by status; `open` has the seconds until the breaker closes for each gateway unit, None
    where there is no breaker."""

    name: str
    host: str
    path: str
    attempts: Counter[str]
    open: tuple[float | None, ...]

    @property
    def served(self) -> int:
        return sum(count for status, count in self.attempts.items() if status.startswith(("2", "3")))

    @property
    def failed(self) -> Counter[str]:
        """What is no answer for a caller to be glad of, by status."""
        return Counter({status: n for status, n in self.attempts.items() if n and not status.startswith(("2", "3"))})

    @property
    def seconds_open(self) -> float:
        """Until the breakers of all units are closed."""
        return max((seconds or 0.0 for seconds in self.open), default=0.0)


@dataclass(frozen=True)
class Member:
    backend: str
    priority: int
    weight: int


@dataclass(frozen=True)
class Pool:
    """Members in the order of their priorities."""

    name: str
    members: tuple[Member, ...]

    def tier(self, priority: int) -> list[Member]:
        return [one for one in self.members if one.priority == priority]

    def weight_share(self, member: Member) -> float:
        """The part of its priority's calls that a member should get; a priority of zeros takes turns."""
        tier = self.tier(member.priority)
        total = sum(one.weight for one in tier)
        return member.weight / total if total else 1 / len(tier)


@dataclass(frozen=True)
class Api:
    """`subscriptions` are those whose keys open it, None where it needs none."""

    name: str
    path: str
    methods: tuple[str, ...]
    key_header: str
    subscriptions: tuple[str, ...] | None
    backends: tuple[str, ...]


@dataclass(frozen=True)
class Service:
    name: str
    hosts: tuple[str, ...]
    units: int
    answered: Counter[str]
    retried: int
    apis: tuple[Api, ...]
    pools: tuple[Pool, ...]
    backends: Mapping[str, Backend]

    def pool_behind(self, api: Api) -> Pool | None:
        """The pool that an API's policies name first."""
        by_name = {pool.name: pool for pool in self.pools}
        return next((by_name[name] for name in api.backends if name in by_name), None)

    def pools_in_use(self) -> list[Pool]:
        """The pools that APIs send calls to. Those that have another one's members in another order are left out: a
        policy turns to them when a member has failed."""
        found: dict[frozenset[str], Pool] = {}
        for api in self.apis:
            for pool in (one for name in api.backends for one in self.pools if one.name == name):
                found.setdefault(frozenset(member.backend for member in pool.members), pool)
        return list(found.values())


@dataclass(frozen=True)
class Trouble:
    moment: float
    where: str
    reason: str
    message: str


@dataclass(frozen=True)
class Look:
    """`now` is in seconds since the Unix epoch, on the twin's clock."""

    now: float
    services: tuple[Service, ...]
    trouble: tuple[Trouble, ...]

    def service(self, name: str | None) -> Service:
        """The one of that name, or the only one. Raises CommandError."""
        if not self.services:
            raise CommandError("There is no API Management service on the twin yet.")
        names = ", ".join(one.name for one in self.services)
        if name is None and len(self.services) > 1:
            raise CommandError(f"There are several API Management services: {names}.", "Choose one with --service.")
        found = [one for one in self.services if name is None or one.name.lower() == name.lower()]
        if not found:
            raise CommandError(f"There is no API Management service '{name}' on the twin.", f"There are: {names}")
        return found[0]


def look_from(document: Mapping[str, Any]) -> Look:
    """What the twin answers, as twin/gateway/watched.py describes it. Raises CommandError for that of another one."""
    try:
        trouble = (Trouble(one["moment"], one["where"], one["reason"], one["message"]) for one in document["trouble"])
        return Look(document["now"], tuple(_service(one) for one in document["services"]), tuple(trouble))
    except KeyError as missing:
        raise CommandError(
            f"The twin that runs is of another version: its gateway does not tell {missing}.",
            "Take it down and deploy again.",
        ) from missing


def since(later: Service, earlier: Service | None) -> Service:
    """A service with what it has done between two looks in place of the sums; all of it where it began anew."""
    if earlier is None or later.retried < earlier.retried or _fell(later.answered, earlier.answered):
        return later
    backends = {
        name: replace(one, attempts=_less(one.attempts, earlier.backends[name].attempts))
        if name in earlier.backends
        else one
        for name, one in later.backends.items()
    }
    answered = _less(later.answered, earlier.answered)
    return replace(later, answered=answered, retried=later.retried - earlier.retried, backends=backends)


def _fell(later: Counter[str], earlier: Counter[str]) -> bool:
    return any(later[status] < count for status, count in earlier.items())


def _less(later: Counter[str], earlier: Counter[str]) -> Counter[str]:
    return Counter({status: n - earlier[status] for status, n in later.items() if n != earlier[status]})


def _service(document: Mapping[str, Any]) -> Service:
    return Service(
        document["name"],
        tuple(document["hosts"]),
        document["units"],
        Counter(document["answered"]),
        document["retried"],
        tuple(_api(one) for one in document["apis"]),
        tuple(_pool(one) for one in document["pools"]),
        {one["name"]: _backend(one) for one in document["backends"]},
    )


def _api(document: Mapping[str, Any]) -> Api:
    subscriptions = document["subscriptions"]
    return Api(
        document["name"],
        document["path"],
        tuple(document["methods"]),
        document["keyHeader"],
        None if subscriptions is None else tuple(subscriptions),
        tuple(document["backends"]),
    )


def _pool(document: Mapping[str, Any]) -> Pool:
    members: Iterable[Member] = (Member(**one) for one in document["members"])
    return Pool(document["name"], tuple(sorted(members, key=lambda one: one.priority)))


def _backend(document: Mapping[str, Any]) -> Backend:
    counted = Counter(document["attempts"])
    return Backend(document["name"], document["host"], document["path"], counted, tuple(document["open"]))
