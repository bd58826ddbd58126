"""The elements that failover needs in each section of a policy; components/policy.py puts `<base />` before them.

Which element may stand in which section follows each element's own page below
https://learn.microsoft.com/azure/api-management/api-management-policies
"""

from . import attempts, errors, recovery
from .credentials import credentials
from .elements import (
    delete_header,
    lookup_closing,
    lookup_start,
    set_backend,
    set_header,
    set_variable,
    store_closing,
    store_start,
)
from .markup import Code, Markup, comment, element
from .settings import PolicySettings
from .variables import OUTCOME, STATUS, THIS_CLOSING, THIS_OUTCOME, TRIPS


def inbound(settings: PolicySettings) -> list[Markup]:
    elements = [set_backend(settings.pool), *credentials(settings)]
    if settings.starts:
        elements += [
            comment("The pool that calls start with: for a while another, after a failure that opened no breaker."),
            lookup_start(settings),
        ]
    if settings.starts and not settings.retries:
        elements.append(element("set-backend-service", backend_id=attempts.start(settings)))
    if not settings.retries:
        elements.append(set_variable("lb-outcome", "lost"))
    return elements


def backend(settings: PolicySettings) -> list[Markup]:
    """One element, as some say that this section must hold no more."""
    if not settings.retries:
        return [_forward(settings)]
    if not settings.waits:
        return [_attempts(settings)]
    return [
        element(
            "retry",
            comment("When every breaker is open and one will close soon: wait for it, a second at a time."),
            lookup_closing(settings),
            set_variable("lb-outcome", "none"),
            set_variable("lb-earlier", Code(TRIPS)),
            _attempts(settings),
            count=settings.waits,
            interval=1,
            condition=recovery.worth_waiting(settings),
        )
    ]


def _attempts(settings: PolicySettings) -> Markup:
    return element(
        "retry",
        comment("What opens no breaker would meet the same member again: turn to a pool of another order."),
        set_variable("lb-moves", attempts.MOVES_NOW),
        element("set-backend-service", backend_id=attempts.pool(settings)),
        comment("Where forward-request raises an error, this stays."),
        set_variable("lb-outcome", "lost"),
        _forward(settings),
        set_variable("lb-outcome", attempts.outcome(settings)),
        element(
            "choose",
            element(
                "when",
                set_variable("lb-trips", Code(f"{TRIPS} + 1")),
                *_remember_trip(settings),
                condition=Code(f'{THIS_OUTCOME} == "tripped"'),
            ),
            element(
                "when",
                store_start(settings, attempts.next_start(settings)),
                condition=attempts.WORKED_ELSEWHERE,
            ),
        ),
        count=settings.retries,
        interval=0,
        first_fast_retry="true",
        condition=attempts.again(settings),
    )


def outbound(settings: PolicySettings) -> list[Markup]:
    tripped = element("when", *_remember_trip(settings), condition=Code(f'{THIS_OUTCOME} == "tripped"'))
    only_attempt = [set_variable("lb-outcome", attempts.outcome(settings)), element("choose", tripped)]
    region = [] if settings.expose_attempts else ["x-ms-region"]
    return [
        *([] if settings.retries else only_attempt),
        comment("These name an account's region or host, or its own time where the breaker's counts."),
        *(delete_header(name) for name in (*region, "Location", "Operation-Location", "retry-after-ms")),
        *_number_of_attempts(settings),
        *([set_header("x-gateway-backend", attempts.ADDRESS)] if settings.expose_attempts else []),
        element(
            "choose",
            element("when", *_failure(settings), condition=Code(f'{OUTCOME} == "failed"')),
            element("when", *_refusal(settings), condition=Code(f'{OUTCOME} != "answered"')),
        ),
    ]


def on_error(settings: PolicySettings) -> list[Markup]:
    elsewhere = element("when", store_start(settings, attempts.next_start(settings)), condition=attempts.NO_ANSWER)
    remembered = [
        comment("Tried nowhere else, or in vain: the next calls start elsewhere."),
        element("choose", elsewhere),
    ]
    return [
        *(remembered if settings.starts else []),
        set_variable("lb-status", errors.error_status()),
        element(
            "choose",
            element(
                "when",
                lookup_closing(settings),
                set_variable("lb-closing", recovery.closing_without_answer(settings)),
                *_refusal(settings),
                condition=Code(f"{STATUS} == 503"),
            ),
            element("when", _error(settings), condition=Code(f"{STATUS} != 0")),
        ),
    ]


def _forward(settings: PolicySettings) -> Markup:
    return element(
        "forward-request",
        timeout=attempts.time_left(settings),
        buffer_request_body="true" if settings.retries else "false",
        buffer_response="false",
    )


def _remember_trip(settings: PolicySettings) -> list[Markup]:
    """Read again just before it is written, as stores are asynchronous and unlocked."""
    return [
        lookup_closing(settings),
        set_variable("lb-closing", recovery.closing_after_trip(settings)),
        store_closing(settings, Code(THIS_CLOSING)),
    ]


def _refusal(settings: PolicySettings) -> list[Markup]:
    """No backend can answer now: when to come back. Stands in outbound, where the last answer leaves, and in on-error,
    where an exhausted pool and lost connections do."""
    wait = recovery.WAIT
    return [
        set_variable("lb-refusal", recovery.refusal(settings)),
        element(
            "return-response",
            element("set-status", code=Code(recovery.STATUS), reason="Unavailable"),
            set_header("Content-Type", "application/json"),
            set_header("Retry-After", Code(f"(({wait} + 999) / 1000).ToString()")),
            set_header("retry-after-ms", Code(f"({wait}).ToString()")),
            *_number_of_attempts(settings),
            element("set-body", errors.refusal_body()),
        ),
    ]


def _failure(settings: PolicySettings) -> list[Markup]:
    """A failure that opened no breaker and that no other member mended: asking again would be of no use."""
    return [
        set_variable("lb-status", errors.failure_status(settings)),
        set_variable("lb-message", errors.failure_message(settings)),
        _final(settings, "false", errors.failure_body()),
    ]


def _error(settings: PolicySettings) -> Markup:
    """An error of the gateway itself. Only the unknown ones may pass by themselves."""
    return _final(settings, Code(f'{STATUS} == 500 ? "true" : "false"'), errors.error_body(settings))


def _final(settings: PolicySettings, retry: str, body: Code) -> Markup:
    """Ends the call. OpenAI's clients obey x-should-retry before their own rules."""
    return element(
        "return-response",
        element("set-status", code=Code(STATUS), reason="Error"),
        set_header("Content-Type", "application/json"),
        set_header("x-should-retry", retry),
        *_number_of_attempts(settings),
        element("set-body", body),
    )


def _number_of_attempts(settings: PolicySettings) -> list[Markup]:
    return [set_header("x-gateway-attempts", attempts.NUMBER)] if settings.expose_attempts else []
