"""What Azure has taken and cannot work as it is meant: the warnings about the policies that are deployed. Pure.

GET /_twin/warnings    [{"service", "policy", "line", "column", "element", "message"}]

`policy` is the path below the service, such as apis/openai/policies/policy. They are worked out when somebody asks, so
that a deployment is no slower for them, and a policy is judged with the pools that there are now.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ..azure.messages import Answer, Call
from ..azure.store import Store
from ..backends.backend import BackendPool
from ..policy.warnings import policy_warnings
from ..policy.warnings.pools import Member
from .configuration import POLICIES, Configuration
from .gateway import Gateway

PATH: Final = "/_twin/warnings"


def handle(call: Call, gateway: Gateway, store: Store) -> Answer | None:
    """The answer to a question for warnings; None for any other call."""
    if call.path.rstrip("/") != PATH:
        return None
    if call.method != "GET":
        return Answer(405, {"error": {"code": "MethodNotAllowed", "message": f"{PATH} can be read, with GET."}})
    configurations = [service.configuration for service in gateway.services.values()]
    return Answer(200, [told for one in configurations for told in _warnings(one, store)])


def _warnings(configuration: Configuration, store: Store) -> Iterator[dict[str, Any]]:
    def members_of(backend: str) -> Sequence[Member]:
        return _members(configuration, backend)

    for token in (*POLICIES, "PolicyFragment"):
        for policy in store.below(configuration.id, f"apimanagement:{token}"):
            written_as = "rawxml" if policy.private.get("format") == "rawxml" else "xml"
            for found in policy_warnings(str(policy.private["value"]), written_as, members_of):
                yield {
                    "service": configuration.name,
                    "policy": policy.id[len(configuration.id) + 1 :],
                    "line": found.line,
                    "column": found.column,
                    "element": found.target,
                    "message": found.sentence,
                }


def _members(configuration: Configuration, backend: str) -> list[Member]:
    """The members of a pool; of a single backend itself, of an unknown one nothing."""
    found = configuration.backends.get(backend.lower())
    if found is None:
        return []
    listed = found.members if isinstance(found, BackendPool) else ()
    places = [(one.backend, one.priority) for one in listed] or [(found.name, 0)]
    return [Member(name, priority, _watched(configuration, name)) for name, priority in places]


def _watched(configuration: Configuration, backend: str) -> tuple[tuple[int, int], ...] | None:
    """The statuses that the backend's circuit breaker counts; None where it has no breaker."""
    found = configuration.backends.get(backend.lower())
    rule = None if found is None or isinstance(found, BackendPool) else found.rule
    return rule.statuses if rule else None
