"""The elements that several sections use."""

from .markup import Markup, element
from .settings import PolicySettings

BASE = element("base")


def set_backend(pool: str) -> Markup:
    """Sends calls to the pool. The id tells the element from others when an existing policy is changed."""
    return element("set-backend-service", id="lb-backend", backend_id=pool)


def set_variable(name: str, value: str) -> Markup:
    return element("set-variable", name=name, value=value)


def set_header(name: str, value: str) -> Markup:
    """Overrides what the header was, which is the default."""
    return element("set-header", element("value", value), name=name, inline=True)


def delete_header(name: str) -> Markup:
    return element("set-header", name=name, exists_action="delete")


def lookup_closing(settings: PolicySettings) -> Markup:
    return element("cache-lookup-value", key=_closing(settings), default_value="[]", variable_name="lb-stored")


def store_closing(settings: PolicySettings, value: str) -> Markup:
    """Keeps the closing times for a day, the longest Retry-After that Azure OpenAI is known to send."""
    return element("cache-store-value", key=_closing(settings), value=value, duration=86400)


def lookup_start(settings: PolicySettings) -> Markup:
    key = _start(settings)
    return element("cache-lookup-value", key=key, default_value=settings.pool, variable_name="lb-start")


def store_start(settings: PolicySettings, value: str) -> Markup:
    return element("cache-store-value", key=_start(settings), value=value, duration=settings.trip_duration)


def _closing(settings: PolicySettings) -> str:
    """It needs a new name when the format of the value changes: what does not parse fails the call."""
    return f"lb-{settings.pool}-closing"


def _start(settings: PolicySettings) -> str:
    """Another set of pools has another key, so that a pool that is gone is not believed."""
    return f"lb-{settings.pool}-start-{len(settings.fallback.pools)}"
