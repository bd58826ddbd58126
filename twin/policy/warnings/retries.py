"""Retries that send an empty request, keep the caller waiting too long, or ask the same address again.

https://learn.microsoft.com/azure/api-management/retry-policy
"""

from collections.abc import Iterator

from ..document import Element
from ..problem import Problem, warning
from .routes import chosen_in, forwards, is_literal, retries, whole

# Azure's load balancer cuts a connection on which nothing was heard for four minutes:
# https://learn.microsoft.com/azure/api-management/how-to-server-sent-events
LONGEST_SILENCE = 240
_DRAWN_AT_MOST = 1.2  # a growing wait is drawn between 0.8 and 1.2 times its delta


def retry_warnings(root: Element) -> Iterator[Problem]:
    for retry in (one for one in root.walk() if one.tag == "retry"):
        yield from _waits(retry)
    for retry in retries(root):
        yield from _empty_bodies(retry)
        yield from _one_address(root, retry)


def longest_wait(retry: Element) -> float | None:
    """Seconds that a call spends waiting when every retry is used; None where the text does not tell."""
    numbers = [whole(retry, name) for name in ("count", "interval", "delta", "max-interval")]
    if any(number is None for number in numbers):
        return None
    count, interval, delta, most = (number or 0 for number in numbers)
    first = 2 if is_true(retry, "first-fast-retry") else 1

    def wait(number: int) -> float:
        if delta and most:
            # No float holds 2 to the power of what a mistyped count may be; the cap is reached long before.
            return min(most, interval + (2 ** min(number, 64) - 1) * delta * _DRAWN_AT_MOST)
        return interval + (number - 1) * delta

    return sum(wait(number) for number in range(first, count + 1))


def is_true(element: Element, name: str) -> bool:
    return (element.get(name) or "").strip().lower() in ("true", "1")


def _empty_bodies(retry: Element) -> Iterator[Problem]:
    for forward in forwards(retry):
        if not is_true(forward, "buffer-request-body"):
            yield warning(
                forward,
                "A retry sends this request without its body, because the body is not kept. "
                'Set buffer-request-body="true".',
            )


def _waits(retry: Element) -> Iterator[Problem]:
    waits = longest_wait(retry)
    if waits is not None and waits > LONGEST_SILENCE:
        yield warning(
            retry,
            f"The waits between the attempts add up to {waits:.0f} seconds, and a connection is cut after "
            f"{LONGEST_SILENCE} seconds of silence: the caller is gone before the last attempt. Lower interval, delta "
            "or count.",
        )
    if retry.get("interval") == "0" and not is_true(retry, "first-fast-retry"):
        yield warning(
            retry,
            "An interval of 0 is not documented (a positive number is), so it is not certain that this retries at "
            'once. Set first-fast-retry="true" as well.',
        )


def _one_address(root: Element, retry: Element) -> Iterator[Problem]:
    """No backend of its own means no breaker that takes it out, and no pool that would pass over it."""
    if longest_wait(retry) != 0 or any(one.tag == "include-fragment" for one in retry.walk()):
        return
    again = chosen_in(retry)
    chosen = again or chosen_in(root)
    changes = len(set(again)) > 1 or not all(is_literal(value) for _, value in again)
    if chosen and not changes and all(name == "base-url" for name, _ in chosen):
        yield warning(
            retry,
            "Each attempt goes at once to the address that has just failed: a base-url has no circuit breaker, and "
            "nothing in this retry chooses another. Name a pool with backend-id, or wait with interval.",
        )
