"""Cases of the rules over pools."""

from dataclasses import replace

from cases import Case, preview, world
from parts import (
    RULE,
    account,
    backend,
    backend_id,
    pool,
    previewed_pool,
    service,
)
from stage import UNKNOWN

NO_BREAKER = backend("two").but("circuitBreaker")
ONE, TWO = backend("one"), backend("two")


def weighted(*members: tuple[object, object], name: str = "openaiopool"):
    services = [
        {
            key: value
            for key, value in (("id", backend_id(f"m{i}")), ("priority", priority), ("weight", weight))
            if value is not None
        }
        for i, (priority, weight) in enumerate(members)
    ]
    return pool(name=name, pool={"services": services})


CASES = {
    "apim-pool-member-has-breaker": Case(
        passes=[
            world(ONE, TWO, pool("one", "two")),
            world(NO_BREAKER),
            preview(ONE, TWO, previewed_pool("one", "two")),
            preview(ONE, NO_BREAKER, replace(previewed_pool("one"), depends_on=["two"])),  # waits for it, no more
        ],
        fails=[
            (world(ONE, NO_BREAKER, pool("one", "two")), "Backend 'two': it is a member of 'openaiopool'"),
            (world(ONE, backend("two", circuitBreaker={"rules": []}), pool("one", "two")), "has no circuit breaker"),
        ],
        decided=[
            (preview(ONE, NO_BREAKER, previewed_pool("one", "two")), "Backend 'two': it is a member"),
            (preview(NO_BREAKER, pool("two", pool=UNKNOWN)), "Backend 'two': it is a member"),
            (
                preview(backend("one", circuitBreaker=UNKNOWN), NO_BREAKER, previewed_pool("one", "two")),
                "Backend 'two': it is a member",
            ),
        ],
        undecided=[preview(backend("one", circuitBreaker=UNKNOWN), previewed_pool("one"))],
    ),
    "apim-pool-has-no-url": Case(
        passes=[world(pool("one")), world(backend("one"))],
        fails=[
            (world(pool("one", url="https://x/openai")), "the pool has url 'https://x/openai'"),
            (world(pool("one", protocol="http")), "the pool has protocol 'http'"),
            (world(pool("one", url="https://x", protocol="http")), "url 'https://x', protocol 'http'"),
            (world(pool("one", url="https://x").but("type")), "the pool has url"),
        ],
        decided=[
            (preview(pool("one", url=UNKNOWN)), "the pool has url (not known yet)"),
            (preview(pool("one", url="https://x", type=UNKNOWN)), "the pool has url 'https://x'"),
            (preview(pool("one", pool=UNKNOWN, protocol="http")), "the pool has protocol 'http'"),
        ],
    ),
    "apim-pool-has-no-settings-of-a-member": Case(
        passes=[world(pool("one")), world(backend("one", tls={"validateCertificateChain": True}))],
        fails=[
            (world(pool("one", proxy={"url": "https://p"})), "the pool has proxy."),
            (world(pool("one", credentials={"header": {}})), "the pool has credentials."),
            (world(pool("one", circuitBreaker={"rules": [RULE]})), "the pool has circuitBreaker."),
            (world(pool("one", resourceId="/x", tls={})), "the pool has tls, resourceId '/x'"),
        ],
        decided=[(preview(pool("one", credentials=UNKNOWN)), "the pool has credentials (not known yet)")],
    ),
    "apim-pool-size": Case(
        passes=[world(pool("one")), world(pool(*(f"m{i}" for i in range(30)))), world(backend("one"))],
        fails=[
            (world(pool()), "pool.services has 0 members"),
            (world(pool().but("pool")), "pool.services has 0 members"),
            (world(pool(*(f"m{i}" for i in range(31)))), "pool.services has 31 members"),
        ],
        decided=[(preview(previewed_pool(*(f"m{i}" for i in range(31)))), "has 31 members")],
        undecided=[preview(pool("one", pool={"services": UNKNOWN}))],
    ),
    "apim-pool-member-has-priority-and-weight": Case(
        passes=[world(pool("one")), world(weighted((0, 100))), world(backend("one"))],
        fails=[
            (world(weighted((None, 1))), "pool.services[0].priority is not set"),
            (world(weighted((1, 1), (1, None))), "pool.services[1].weight is not set"),
            (world(weighted((101, 1))), "pool.services[0].priority is 101"),
            (world(weighted((1, 0.5))), "pool.services[0].weight is 0.5"),
            (world(weighted((-1, 1))), "pool.services[0].priority is -1"),
        ],
        decided=[(preview(weighted((UNKNOWN, 1), (1, None))), "pool.services[1].weight is not set")],
        undecided=[preview(weighted((UNKNOWN, 1)))],
    ),
    "apim-pool-member-exists": Case(
        passes=[
            world(ONE, service(), pool("one")),
            world(pool("made-elsewhere")),  # the service is not of this stack: it may have such a backend
            world(ONE, service(), pool("one", pool={"services": [{"id": "/backends/ONE"}]})),
            preview(
                service().but("serviceName"),
                ONE.but("serviceName").of(serviceName=["apim"]),
                previewed_pool("one").but("serviceName").of(serviceName=["apim"]),
            ),
        ],
        fails=[
            (world(service(), ONE, pool("one", "two")), f"member '{backend_id('two')}' does not exist"),
            (world(ONE, pool("one", serviceName="other")), "lives in another service"),
            (world(ONE, pool(pool={"services": [{"id": backend_id("one", "b")}]})), "lives in another service"),
            (world(service(), pool(pool={"services": [{"id": "/backends/typo"}]})), "member '/backends/typo' does not"),
        ],
        decided=[
            (
                preview(
                    service("a"),
                    service("b"),
                    ONE.but("serviceName").of(serviceName=["a"]),
                    previewed_pool("one").but("serviceName").of(serviceName=["b"]),
                ),
                "member 'one' lives in another service",
            ),
            (
                preview(
                    service(),
                    previewed_pool(pool={"services": [{"id": UNKNOWN}, {"id": "/backends/typo"}]}),
                ),
                "member '/backends/typo' does not exist",
            ),
        ],
    ),
    "apim-pool-member-is-no-pool": Case(
        passes=[world(ONE, pool("one"))],
        fails=[(world(ONE, pool("one", name="inner"), pool("inner")), "member 'inner' is a pool")],
        decided=[(preview(ONE, previewed_pool("one", name="inner"), previewed_pool("inner")), "member 'inner'")],
    ),
    "apim-pool-member-is-in-stack": Case(
        passes=[world(ONE, pool("one")), preview(ONE, previewed_pool("one"))],
        fails=[
            (world(pool("elsewhere")), "is not made in this stack, so whether it has a circuit breaker is not checked"),
            (preview(ONE, previewed_pool("one", entries=2)), "one member, whose id is not known yet, is not made"),
        ],
        decided=[(preview(previewed_pool(entries=1)), "one member, whose id is not known yet")],
    ),
    "apim-pool-has-two-members": Case(
        passes=[world(pool("one", "two")), world(backend("one"))],
        fails=[(world(pool("one")), "pool.services has 1 member")],
        decided=[(preview(previewed_pool("one")), "pool.services has 1 member")],
    ),
    "apim-pool-spans-regions": Case(
        passes=[
            world(ONE, TWO, account("one", "eastus"), account("two", "westus"), pool("one", "two")),
            world(ONE, TWO, account("one"), pool("one", "two")),  # nobody knows where `two` lives
            world(ONE, account("one"), pool("one")),
        ],
        fails=[
            (
                world(ONE, TWO, account("one", "East US"), account("two", "eastus"), pool("one", "two")),
                "all 2 members are in eastus",
            )
        ],
        decided=[
            (
                preview(
                    ONE.of(url=["a"]),
                    TWO.of(url=["b"]),
                    account("a"),
                    account("b"),
                    previewed_pool("one", "two"),
                ),
                "all 2 members are in eastus",
            )
        ],
    ),
    "apim-pool-weights-are-comparable": Case(
        passes=[world(weighted((1, 100), (1, 1))), world(weighted((1, 100), (2, 0))), world(backend("one"))],
        fails=[
            (world(weighted((1, 100), (1, 0))), "the weights of priority 1 run from 0 to 100"),
            (world(weighted((2, 30), (2, 1)), config={"largestRatio": 20.0}), "run from 1 to 30"),
        ],
        undecided=[preview(weighted((1, UNKNOWN), (1, 1)))],
    ),
}
