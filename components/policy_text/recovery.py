"""When a caller may come back.

Times come with a status in one number, as its last three digits: a closing time (epoch, ms) with the status that opened
the breaker, or with 000 where the gateway itself said when to come back. Closing times are a list, as JSON: with one
time alone the other members would be forgotten when it has passed, and callers would wait although one is back.
"""

from .markup import Code, block, csharp_string
from .settings import MOST_MOVES, PolicySettings
from .variables import CLOSING, EXHAUSTED, LOST_CONNECTION, MOVES, NOT_EXHAUSTED, OUTCOME, REFUSAL, STORED

MOST_TIMES = 100
"""Closing times that are kept: enough for thirty members, each seen to trip by several calls in flight."""

NOW = "var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();"
TIMES = "JsonConvert.DeserializeObject<List<long>>"
RETRY_AFTER = 'context.Response?.Headers.GetValueOrDefault("Retry-After", "")'
AHEAD = "Where(entry => entry / 1000 > now)"
KNOWN = f"new[] {{ {CLOSING}, {STORED} }}.SelectMany(list => {TIMES}(list))"

WAIT = f"{REFUSAL} / 1000"
STATUS = f"(int)({REFUSAL} % 1000)"


def closing_after_trip(settings: PolicySettings) -> Code:
    """What this call and others know, with the member that has just answered."""
    read, seconds = "", f"{settings.trip_duration}"
    if settings.accept_retry_after:
        read = f"int seconds;\nif (!int.TryParse({RETRY_AFTER}, out seconds)) {{ seconds = {seconds}; }}"
        seconds = "Math.Max(1, seconds)"
    return block(
        """
        $now
        $read
        var known = $known.ToList();
        known.Add((now + $seconds * 1000L) * 1000 + context.Response.StatusCode);
        return JsonConvert.SerializeObject(known.$ahead.Distinct().OrderBy(entry => entry).Take($most).ToList());
        """,
        now=NOW,
        read=read,
        known=KNOWN,
        seconds=seconds,
        ahead=AHEAD,
        most=MOST_TIMES,
    )


def closing_without_answer(settings: PolicySettings) -> Code:
    """What is known after an attempt without answer. An exhausted pool may say itself when to come back. A lost
    connection opens no breaker: the caller may come back in a second, as the next calls start elsewhere; if this call
    has been elsewhere in vain, when another member is back, else after the trip duration."""
    moved = f"{MOVES} >= {MOST_MOVES}" if settings.starts else "true"
    return block(
        """
        $now
        var known = $known.$ahead.ToList();
        var moved = $moved;
        var lost = context.LastError?.Reason == $lost && $not_exhausted;
        if (lost && (!moved || known.Count == 0)) { known.Add((now + (moved ? $trip : 1) * 1000L) * 1000 + 503); }
        int seconds;
        if (!lost && int.TryParse($retry_after, out seconds)) { known.Add((now + seconds * 1000L) * 1000); }
        return JsonConvert.SerializeObject(known);
        """,
        now=NOW,
        known=KNOWN,
        ahead=AHEAD,
        moved=moved,
        lost=csharp_string(LOST_CONNECTION),
        not_exhausted=NOT_EXHAUSTED,
        retry_after=RETRY_AFTER,
        trip=settings.trip_duration,
    )


def worth_waiting(settings: PolicySettings) -> Code:
    """The condition of waiting a second and asking the pool again: it has nobody left, and somebody is known to be back
    before the call has waited for too long. Meanwhile no account is called."""
    return block(
        """
        var outcome = $outcome;
        var exhausted = outcome == "lost" && $is_exhausted;
        if (outcome != "tripped" && !exhausted || context.Elapsed.TotalSeconds + $wait >= $timeout) { return false; }
        $now
        var known = $known.$ahead.ToList();
        int seconds;
        if (exhausted && int.TryParse($retry_after, out seconds)) { known.Add((now + seconds * 1000L) * 1000); }
        return $soonest <= ${wait}000L;
        """,
        outcome=OUTCOME,
        is_exhausted=EXHAUSTED,
        wait=settings.waits,
        timeout=settings.request_timeout,
        now=NOW,
        known=KNOWN,
        ahead=AHEAD,
        retry_after=RETRY_AFTER,
        soonest=soonest(settings),
    )


def refusal(settings: PolicySettings) -> Code:
    """The time until the first breaker closes, or the trip duration if nothing is known, and the status: 429 while a
    member is known to be throttled, since waiting helps then, or when nothing is known; 503 when all are failures."""
    return block(
        """
        $now
        var known = $times($closing).$ahead.ToList();
        var status = known.Any(entry => entry % 1000 == 429) || known.All(entry => entry % 1000 == 0) ? 429 : 503;
        return $soonest * 1000 + status;
        """,
        now=NOW,
        times=TIMES,
        closing=CLOSING,
        ahead=AHEAD,
        soonest=soonest(settings),
    )


def soonest(settings: PolicySettings) -> str:
    """Milliseconds until the first of `known` has come."""
    return f"known.Select(entry => entry / 1000 - now).DefaultIfEmpty({settings.trip_duration}000L).Min()"
