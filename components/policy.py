"""The policy in front of a pool: settings in, policy text out.

`render` gives the whole failover behaviour. What a caller gets:

* An answer below 400, and any 4xx not named here, unchanged but for headers that name an account's host or region.
* After 429 and 502 to 504 (what the breakers count) the pool is asked again, which has one member less. When none is
  left, the call waits a few seconds for a breaker that is about to close. When that does not help: 429, or 503 if only
  failures are known, with Retry-After and retry-after-ms of the soonest known recovery.
* After failures that open no breaker (refused connections, 408, 499, other 5xx, and 401 or 403 of the gateway's own
  identity) the same members are asked in other orders, twice at most (fallback.py). Where that helped, the next calls
  start elsewhere for the trip duration. Where it did not: the status, or 502 for the identity; x-should-retry: false.
* A time-out is 504 and not repeated: the request was probably executed. Errors of the gateway have the shape of Azure
  OpenAI's.

Nobody documents what Azure does when forward-request raises an error inside retry: ask the condition, with a response
of 500 or none, with LastError or without, or go straight to on-error. The answers are the same, except that in the
last case the first call after a connection is lost gets 503 and the next ones are served elsewhere. (Should Azure run
what follows the failed forward-request *and* hide LastError, an exhausted pool cannot be told from an account's 503:
it is asked again in vain, and what it says of its return is believed.)

https://learn.microsoft.com/azure/api-management/api-management-howto-policies
"""

from .policy_text import sections
from .policy_text.elements import BASE, set_backend
from .policy_text.markup import Markup, comment, element
from .policy_text.settings import PolicySettings

__all__ = ["PolicySettings", "reference_policy", "render"]


def render(settings: PolicySettings) -> str:
    """The policy with failover, as well-formed XML that suits Azure's formats `xml` and `rawxml`.

    Raises ValueError for a text that Azure would read as something else than itself."""
    return _policy(
        inbound=sections.inbound(settings),
        backend=sections.backend(settings),
        outbound=[BASE, *sections.outbound(settings)],
        on_error=[BASE, *sections.on_error(settings)],
    )


def reference_policy(pool: str) -> str:
    """The policy that sends calls to the pool and does nothing else: no failover within a call."""
    return _policy(
        inbound=[set_backend(pool)],
        backend=[BASE],
        outbound=[BASE],
        on_error=[BASE],
    )


def _policy(*, inbound: list[Markup], backend: list[Markup], outbound: list[Markup], on_error: list[Markup]) -> str:
    policies = element(
        "policies",
        element("inbound", BASE, *inbound),
        element("backend", *backend),
        element("outbound", *outbound),
        element("on-error", *on_error),
    )
    return f"{comment('Made by apim-ai-gateway: change its settings, not this text.')}\n{policies}\n"
