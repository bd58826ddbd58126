"""Pools: who is in them, and whether they can fail over."""

from guardrails.accounts import account_of
from guardrails.breakers import BACKENDS_PAGE, breaker_rules
from guardrails.kinds import BACKENDS, is_pool
from guardrails.members import Member, entries, members, memberships
from guardrails.reading import Node, Resource, shown
from guardrails.rule import ADVISORY, HIGH, LOW, MANDATORY, MEDIUM, Finding, Setting, learn, resource_rule, stack_rule
from guardrails.stack import Placed

POOL_PAGE = learn("api-management/backends#load-balanced-pool")


def pool_itself(backend: Resource) -> list[Resource]:
    return [backend] if is_pool(backend) else []


@stack_rule(
    "apim-pool-member-has-breaker",
    BACKENDS,
    MANDATORY,
    HIGH,
    says="Every member of a pool has a circuit breaker: the pool passes a member over only while its breaker is open, "
    "so it never fails over from one that has none.",
    fix="Give it a circuitBreaker with one rule that counts 429 and 502–504.",
    link=BACKENDS_PAGE,
)
def member_has_breaker(backend: Placed) -> Finding:
    pools = sorted(member.resource.name for member in memberships(backend))
    if not pools or is_pool(backend.resource) or breaker_rules(backend.resource):
        return None
    return f"it is a member of {', '.join(map(repr, pools))} and has no circuit breaker"


@resource_rule(
    "apim-pool-has-no-url",
    BACKENDS,
    MANDATORY,
    HIGH,
    each=pool_itself,
    says="A pool has no url and no protocol: they belong to its members, and Azure refuses them on a pool.",
    fix="Remove url and protocol from the pool; each member has its own.",
    link=POOL_PAGE,
)
def has_no_url(pool: Resource) -> Finding:
    return _given(pool, ("url", "protocol"))


@resource_rule(
    "apim-pool-has-no-settings-of-a-member",
    BACKENDS,
    MANDATORY,
    HIGH,
    each=pool_itself,
    says="A pool has no credentials, TLS, proxy, resource id or circuit breaker of its own: they belong to its "
    "members, and Azure refuses them on a pool.",
    fix="Move them to the pool's members.",
    link=POOL_PAGE,
)
def has_no_settings_of_a_member(pool: Resource) -> Finding:
    return _given(pool, ("credentials", "tls", "proxy", "resourceId", "circuitBreaker"))


@resource_rule(
    "apim-pool-size",
    BACKENDS,
    MANDATORY,
    MEDIUM,
    each=pool_itself,
    says="A pool has 1 to 30 members: Azure accepts no other number.",
    fix="Split a larger pool into several, each with an API or operation of its own.",
    link=POOL_PAGE,
)
def size(pool: Resource) -> Finding:
    count = len(entries(pool))
    return None if 1 <= count <= 30 else f"pool.services has {count} members"


@resource_rule(
    "apim-pool-member-has-priority-and-weight",
    BACKENDS,
    MANDATORY,
    MEDIUM,
    each=lambda backend: [entry.at(key) for entry in entries(backend) for key in ("priority", "weight")],
    says="Every member of a pool has an explicit priority and weight from 0 to 100: what the gateway does without "
    "them is not documented, and a member without a priority may outrank all others.",
    fix="Set both on every member; priority 1 serves first.",
    link=POOL_PAGE,
)
def member_has_priority_and_weight(place: Node) -> Finding:
    number = place.number()
    if isinstance(number, int) and 0 <= number <= 100:
        return None
    return f"{place.path} is {place.shown()}"


@stack_rule(
    "apim-pool-member-exists",
    BACKENDS,
    MANDATORY,
    HIGH,
    each=members,
    says="Every member of a pool is a backend of the pool's own service: Azure refuses a pool that names another.",
    fix="Name a backend of the same service, best by its id output, which also puts the backend before the pool.",
    link=POOL_PAGE,
)
def member_exists(member: Member) -> Finding:
    pool, stack = member.resource, member.stack
    if member.backend is not None:
        other = stack.apart(member.backend, pool)
        return f"{member.called} lives in another service or workspace" if other else None
    if member.id is None:
        return None
    service = stack.service_of(pool)
    ours = pool.props.text("serviceName")
    if member.service_named and ours and member.service_named.lower() != ours.lower():
        return f"{member.called} lives in another service than the pool's, '{ours}'"
    # A service that this stack makes holds only what this stack puts there; an existing one may hold more.
    if service is not None and service.props.is_asked:
        return f"{member.called} does not exist: {service.label} has no such backend"
    return None


@stack_rule(
    "apim-pool-member-is-no-pool",
    BACKENDS,
    MANDATORY,
    MEDIUM,
    each=members,
    says="No member of a pool is a pool itself: Azure takes single backends only.",
    fix="Name the inner pool's members instead, with priorities that keep their order.",
    link=POOL_PAGE,
)
def member_is_no_pool(member: Member) -> Finding:
    return f"{member.called} is a pool" if member.backend and is_pool(member.backend) else None


@stack_rule(
    "apim-pool-member-is-in-stack",
    BACKENDS,
    ADVISORY,
    LOW,
    each=members,
    says="Every member of a pool is made in the pool's own stack: only there does this pack see its circuit breaker.",
    fix="Run this pack on the stack that makes the backend too, or move the backend here.",
    link=BACKENDS_PAGE,
)
def member_is_in_stack(member: Member) -> Finding:
    if member.backend is not None:
        return None
    which = f"member '{member.id}'" if member.id else "one member, whose id is not known yet,"
    return f"{which} is not made in this stack, so whether it has a circuit breaker is not checked here"


@resource_rule(
    "apim-pool-has-two-members",
    BACKENDS,
    ADVISORY,
    LOW,
    each=pool_itself,
    says="A pool has at least two members: with one there is nowhere to fail over to.",
    fix="Add a second account, best in another region.",
    link=POOL_PAGE,
)
def has_two_members(pool: Resource) -> Finding:
    return "pool.services has 1 member" if len(entries(pool)) == 1 else None


@stack_rule(
    "apim-pool-spans-regions",
    BACKENDS,
    ADVISORY,
    MEDIUM,
    says="The members of a pool live in more than one region: else a regional outage takes them all.",
    fix="Add an account in another region, with a higher priority number if it should only stand by.",
    link=learn("api-management/api-management-howto-deploy-multi-region"),
)
def spans_regions(backend: Placed) -> Finding:
    found = [account_of(Placed(member.backend, member.stack)) for member in members(backend) if member.backend]
    accounts = [account for account in found if account is not None]
    if len(accounts) < 2 or len(accounts) != len(members(backend)):
        return None  # where an account lives is known only for those of this stack
    regions = {(account.props.text("location") or "").replace(" ", "").lower() for account in accounts}
    return f"all {len(accounts)} members are in {regions.pop()}" if len(regions) == 1 and "" not in regions else None


@resource_rule(
    "apim-pool-weights-are-comparable",
    BACKENDS,
    ADVISORY,
    LOW,
    each=lambda backend: _tiers(backend).values(),
    says="Members of one priority have comparable weights: one that gets less than a hundredth of the calls is never "
    "warm, and its faults show only when it is needed.",
    fix="Bring the weights closer together, or give the small one a priority of its own.",
    link=POOL_PAGE,
    settings={"largest_ratio": Setting(100, "How many times larger the largest weight of a priority may be.")},
)
def weights_are_comparable(tier: list[Node], largest_ratio: int) -> Finding:
    weights = [weight for entry in tier if (weight := entry.number("weight")) is not None]
    if not weights or max(weights) <= largest_ratio * min(weights):
        return None
    priority = tier[0].shown("priority")
    return f"the weights of priority {priority} run from {min(weights)} to {max(weights)}"


def _tiers(pool: Resource) -> dict[int | float | None, list[Node]]:
    tiers: dict[int | float | None, list[Node]] = {}
    for entry in entries(pool):
        tiers.setdefault(entry.number("priority"), []).append(entry)
    return tiers


def _given(pool: Resource, keys: tuple[str, ...]) -> Finding:
    given = [_shown(key, pool.props.at(key)) for key in keys if pool.props.given(key)]
    return f"the pool has {', '.join(given)}" if given else None


def _shown(key: str, place: Node) -> str:
    if place.is_unknown:
        return f"{key} (not known yet)"
    text = place.text()
    return f"{key} {shown(text.split('?')[0])}" if text else key  # a query may hold a key
