"""Cases of the rules over circuit breakers."""

from cases import Case, preview, world
from parts import (
    RULE,
    backend,
    breaking,
    service,
)
from stage import UNKNOWN

NO_BREAKER = backend("two").but("circuitBreaker")
ONE = backend("one")


def spans(*bounds: tuple[object, object]):
    return breaking(statusCodeRanges=[{"min": low, "max": high} for low, high in bounds])


CASES = {
    "apim-breaker-watches-429": Case(
        passes=[world(ONE), world(spans((400, 599))), world(NO_BREAKER)],
        fails=[
            (world(spans((502, 504))), "circuitBreaker.rules[0].failureCondition counts 502–504, not 429"),
            (world(breaking(statusCodeRanges=None)), "counts no status, not 429"),
            (world(spans((430, 599))), "counts 430–599, not 429"),
        ],
        decided=[
            (preview(spans((500, UNKNOWN))), "counts 500–?, not 429"),
            (preview(spans((502, 504)).but(url=UNKNOWN)), "counts 502–504, not 429"),
        ],
        undecided=[preview(spans((UNKNOWN, 504))), preview(backend("one", circuitBreaker=UNKNOWN))],
    ),
    "apim-breaker-watches-502-to-504": Case(
        passes=[world(ONE), world(spans((429, 429), (500, 599))), world(spans((502, 502), (503, 504)))],
        fails=[
            (world(spans((429, 429))), "counts 429, not 502, 503, 504"),
            (world(spans((429, 502), (504, 504))), "counts 429–502, 504, not 503"),
        ],
        decided=[(preview(spans((429, 429), (503, UNKNOWN))), "counts 429, 503–?, not 502")],
        undecided=[preview(spans((429, 429), (UNKNOWN, 504)))],
    ),
    "apim-breaker-accepts-retry-after": Case(
        passes=[world(ONE), world(NO_BREAKER)],
        fails=[
            (world(breaking({"acceptRetryAfter": False})), "circuitBreaker.rules[0].acceptRetryAfter is false"),
            (world(breaking({"acceptRetryAfter": None})), "circuitBreaker.rules[0].acceptRetryAfter is not set"),
        ],
        decided=[(preview(breaking({"acceptRetryAfter": None, "tripDuration": UNKNOWN})), "is not set")],
        undecided=[preview(breaking({"acceptRetryAfter": UNKNOWN}))],
    ),
    "apim-breaker-has-one-rule": Case(
        passes=[world(ONE), world(NO_BREAKER)],
        fails=[(world(backend("one", circuitBreaker={"rules": [RULE, RULE]})), "circuitBreaker.rules has 2 rules")],
        decided=[(preview(backend("one", circuitBreaker={"rules": [UNKNOWN, RULE]})), "has 2 rules")],
        undecided=[preview(backend("one", circuitBreaker={"rules": UNKNOWN}))],
    ),
    "apim-breaker-counts-in-bounds": Case(
        passes=[world(ONE), world(breaking(count=None, percentage=50)), world(breaking(count=10_000))],
        fails=[
            (world(breaking(percentage=50)), "has both count and percentage"),
            (world(breaking(count=None)), "has neither count nor percentage"),
            (world(breaking(count=0)), "failureCondition.count is 0, not a whole number from 1 to 10000"),
            (world(breaking(count=2.5)), "failureCondition.count is 2.5"),
            (world(breaking(count=None, percentage=101)), "failureCondition.percentage is 101"),
        ],
        decided=[(preview(breaking(count=UNKNOWN, percentage=50)), "has both count and percentage")],
        undecided=[preview(breaking(count=UNKNOWN))],
    ),
    "apim-breaker-ranges-in-bounds": Case(
        passes=[world(ONE), world(spans((200, 599)))],
        fails=[
            (world(spans((199, 300))), "statusCodeRanges[0] is 199–300, not within 200–599"),
            (world(spans((429, 429), (500, 600))), "statusCodeRanges[1] is 500–600"),
            (world(spans((504, 502))), "statusCodeRanges[0] is 504–502"),
        ],
        decided=[(preview(spans((UNKNOWN, 600))), "statusCodeRanges[0] is ?–600")],
        undecided=[preview(spans((UNKNOWN, 504)))],
    ),
    "apim-breaker-has-conditions": Case(
        passes=[world(ONE), world(breaking(statusCodeRanges=None, errorReasons=["timeout"]))],
        fails=[
            (world(breaking(statusCodeRanges=None)), "names no status code range"),
            (world(breaking(statusCodeRanges=[])), "names no status code range"),
            (world(spans(*[(429, 429)] * 11)), "statusCodeRanges has 11 entries"),
        ],
        decided=[(preview(spans(*[(UNKNOWN, 429)] * 11)), "statusCodeRanges has 11 entries")],
        undecided=[preview(breaking(statusCodeRanges=UNKNOWN))],
    ),
    "apim-breaker-durations-are-valid": Case(
        passes=[world(ONE), world(breaking({"tripDuration": "P1DT2H"}, interval="PT0.5S"))],
        fails=[
            (
                world(breaking({"tripDuration": "10s"})),
                "circuitBreaker.rules[0].tripDuration is '10s', not an ISO 8601",
            ),
            (world(breaking({"tripDuration": "PT0S"})), "tripDuration is 'PT0S'"),
            (world(breaking({"tripDuration": None})), "circuitBreaker.rules[0].tripDuration is not set"),
            (world(breaking(interval="00:00:10")), "failureCondition.interval is '00:00:10'"),
        ],
        decided=[(preview(breaking({"tripDuration": UNKNOWN}, interval="PT")), "failureCondition.interval is 'PT'")],
        undecided=[preview(breaking({"tripDuration": UNKNOWN}))],
    ),
    "apim-breaker-not-on-consumption": Case(
        passes=[world(ONE, service()), world(ONE), world(NO_BREAKER, service(sku={"name": "Consumption"}))],
        fails=[
            (
                world(ONE, service(sku={"name": "Consumption"})),
                "it has a circuit breaker in ApiManagementService 'apim'",
            )
        ],
        decided=[
            (
                preview(ONE.but("serviceName").of(serviceName=["apim"]), service(sku={"name": "Consumption"})),
                "it has a circuit breaker",
            )
        ],
        undecided=[preview(ONE, service(sku={"name": UNKNOWN}))],
    ),
    "apim-breaker-spares-500": Case(
        passes=[world(ONE), world(spans((429, 599)).but(circuitBreaker={"rules": []}))],
        fails=[
            (world(spans((429, 429), (500, 504))), "counts 429, 500–504 with count 1"),
            (world(spans((429, 429), (500, 500))), "counts 429, 500 with count 1"),
        ],
        decided=[(preview(spans((429, UNKNOWN), (500, 504))), "counts 429–?, 500–504 with count 1")],
        undecided=[preview(breaking(count=UNKNOWN))],
    ),
    "apim-breaker-trips-briefly": Case(
        passes=[world(ONE), world(breaking({"tripDuration": "PT5M"}))],
        fails=[
            (world(breaking({"tripDuration": "PT5M1S"})), "tripDuration is PT5M1S, longer than PT5M"),
            (world(breaking({"tripDuration": "PT11S"}), config={"longestTrip": "PT10S"}), "longer than PT10S"),
        ],
        undecided=[preview(breaking({"tripDuration": UNKNOWN}))],
    ),
}
