"""What the policy has to know, derived from the same inputs as the pool and the breakers.

The policy cannot tell which member answered. Where the breakers of the members differ it goes by what holds for all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .checks.breakers import HIGHEST_STATUS, LOWEST_STATUS
from .checks.durations import seconds
from .fallback import Member, fallback_pools
from .policy_text.settings import PolicySettings


def policy_settings(
    pool: str, members: Sequence[Mapping[str, Any]], policy: Mapping[str, Any], client_id: str | None = None
) -> PolicySettings:
    """`members` and `policy` are arguments of OpenAIApi without problems, with every default filled in."""
    breakers = [member["breaker"] for member in members]
    return PolicySettings(
        pool=pool,
        members=len(members),
        fallback=fallback_pools(pool, (Member(m["name"], m["priority"], m["weight"]) for m in members)),
        trip_duration=min(seconds(breaker["trip_duration"]) or 1 for breaker in breakers),
        accept_retry_after=all(breaker["accept_retry_after"] for breaker in breakers),
        breaker_statuses=counted_by_all(breakers),
        breaker_count=max(breaker["count"] for breaker in breakers),
        request_timeout=policy["request_timeout"],
        retry_budget=policy.get("retry_budget"),
        recovery_wait=policy["recovery_wait"],
        replay_body=policy["replay_body"],
        retry_ambiguous=policy["retry_ambiguous"],
        managed_identity=policy["managed_identity"],
        client_id=client_id,
        expose_attempts=policy["expose_attempts"],
    )


def counted_by_all(breakers: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, int], ...]:
    """The status codes that open the breaker of whichever member answered, as ranges.

    A status that opens only some of them must not count: the call would stay in the pool and may meet the same member.
    """
    ranges: list[tuple[int, int]] = []
    for status in range(LOWEST_STATUS, HIGHEST_STATUS + 1):
        if not all(any(r["min"] <= status <= r["max"] for r in breaker["status_ranges"]) for breaker in breakers):
            continue
        if ranges and ranges[-1][1] == status - 1:
            ranges[-1] = (ranges[-1][0], status)
        else:
            ranges.append((status, status))
    return tuple(ranges)
