"""Attempts: how one ended, whether another follows, and where it goes."""

from .markup import Code, block, csharp_string
from .settings import MOST_MOVES, PolicySettings
from .variables import (
    EARLIER_TRIPS,
    LOST_CONNECTION,
    MOVES,
    NOT_EXHAUSTED,
    OUTCOME,
    THESE_MOVES,
    THIS_OUTCOME,
    TIMED_OUT,
    TRIPS,
    is_status,
    is_text,
)

REFUSED = (401, 403)
"""The gateway's own identity was refused: never the caller's fault."""
FAILED = (408, 499)
"""Besides every 5xx: answers that open no breaker and that another member may not give. 499 is a provisioned
deployment's 408."""

MOVES_NOW = Code(f"{MOVES} + ({is_text(OUTCOME, ('failed', 'lost'))} ? 1 : 0)")
"""Counted before an attempt, as an attempt that is lost skips whatever follows it."""

WORKED_ELSEWHERE = Code(f'{THESE_MOVES} > 0 && {THIS_OUTCOME} == "answered" && context.Response.StatusCode < 400')
"""The account failed, not the request: another one has just served it. A request that fails everywhere must not move
the other callers' traffic."""

NO_ANSWER = Code(
    f'{OUTCOME} != "answered" && {NOT_EXHAUSTED} && '
    f"{is_text('context.LastError?.Reason', (LOST_CONNECTION, TIMED_OUT))}"
)
"""An attempt ended without an answer, and it was of a backend: other requests of a policy have no outcome."""

NUMBER = Code(
    f'({TRIPS} + {MOVES} + (context.Variables.ContainsKey("lb-outcome") && {OUTCOME} != "tripped" ? 1 : 0)).ToString()'
)
"""How many there were."""


ADDRESS = Code("context.Request.Url.Host")
"""Of the backend that the last attempt went to: "the full backend URL", says a maintainer of Microsoft's pages
(MicrosoftDocs/azure-docs#16317), and samples for pools show it as the member's."""


def trips(settings: PolicySettings) -> str:
    """Whether `status` opens a breaker, or is 429, after which the account says itself when to come back. Successes are
    left out, whatever a breaker counts."""
    ranges = {(429, 429), *((max(low, 400), high) for low, high in settings.breaker_statuses if high >= 400)}
    return " || ".join(
        f"status == {low}" if low == high else f"status >= {low} && status <= {high}"
        for low, high in sorted(ranges)
        if not any(lowest <= low and high <= highest for lowest, highest in ranges - {(low, high)})
    )


def fails(settings: PolicySettings) -> str:
    """Whether `status`, when it trips nothing, is a failure that another member may not share."""
    listed = (*REFUSED, *FAILED) if settings.managed_identity else FAILED
    return f"status >= 500 || {is_status('status', listed)}"


def reasons(settings: PolicySettings) -> tuple[str, ...]:
    """The reasons for which an attempt without answer is followed by another."""
    return (LOST_CONNECTION, TIMED_OUT) if settings.retry_ambiguous else (LOST_CONNECTION,)


def outcome(settings: PolicySettings) -> Code:
    """Of an attempt after which the policy goes on. Should it do so although forward-request raised an error (nobody
    says that it does), then an exhausted pool's 503 is no account's."""
    return block(
        """
        var status = context.Response?.StatusCode ?? 0;
        var reason = context.LastError?.Reason;
        if (status == 0 || status == 503 && !string.IsNullOrEmpty(reason) && $final) { return "lost"; }
        if ($trips) { return "tripped"; }
        return $fails ? "failed" : "answered";
        """,
        final=is_text("reason", reasons(settings), negated=True),
        trips=trips(settings),
        fails=fails(settings),
    )


def again(settings: PolicySettings) -> Code:
    """The condition of retry. Without an answer and without LastError, whose presence here nobody documents, a 503 can
    only be the pool's own, and a time-out is known by the time that has passed."""
    return block(
        """
        var outcome = $outcome;
        if (context.Elapsed.TotalSeconds >= $seconds) { return false; }
        if (outcome == "tripped") { return $trips <= $budget; }
        if (outcome == "answered" || $moves >= $most_moves) { return false; }
        if (outcome == "failed") { return true; }
        var reason = context.LastError?.Reason;
        return string.IsNullOrEmpty(reason) ? $not_exhausted : $elsewhere;
        """,
        outcome=OUTCOME,
        seconds=settings.request_timeout,
        trips=TRIPS,
        budget=f"{settings.trip_retries} + {EARLIER_TRIPS}" if settings.waits else settings.trip_retries,
        moves=THESE_MOVES,
        most_moves=MOST_MOVES,
        not_exhausted=NOT_EXHAUSTED,
        elsewhere=is_text("reason", reasons(settings)),
    )


def time_left(settings: PolicySettings) -> Code:
    """Seconds that an attempt may wait for an answer: what is left of the call's time, or its share of that where an
    attempt that timed out is followed by another."""
    left = f"{settings.request_timeout} - (int)context.Elapsed.TotalSeconds"
    if settings.retry_ambiguous and settings.retries:
        left = f"({left}) / ({MOST_MOVES + 1} - {THESE_MOVES})"
    return Code(f"Math.Max(1, {left})")


def start(settings: PolicySettings) -> Code:
    """The pool that calls start with at present."""
    return Code(f'context.Variables.GetValueOrDefault<string>("lb-start", {csharp_string(settings.pool)})')


def pool(settings: PolicySettings) -> Code:
    """The pool of this attempt: where calls start, then, after each failure that opened no breaker, last and first by
    turns (fallback.py). Where breakers take more than one answer to open, such an answer is one of these failures."""
    return block(
        """
        var start = $start;
        var moves = $moves;
        return moves == 0 ? start : (start == $last) == (moves % 2 == 1) ? $first : $last;
        """,
        start=start(settings),
        moves=THESE_MOVES if settings.opens_at_once else f"{THESE_MOVES} + {TRIPS}",
        last=csharp_string(settings.fallback.last),
        first=csharp_string(settings.fallback.first),
    )


def next_start(settings: PolicySettings) -> Code:
    """Where the next calls start after such a failure in calls that start like this one."""
    pools = settings.fallback
    steps = {pools.last: pools.first}
    if pools.start_elsewhere != pools.last:
        steps[pools.start_elsewhere] = pools.last
    choices = "".join(f"start == {csharp_string(at)} ? {csharp_string(to)} : " for at, to in steps.items())
    to = choices + csharp_string(pools.start_elsewhere)
    return block("var start = $start;\nreturn $to;", start=start(settings), to=to)
