"""What the policy depends on, and the limits that follow from it."""

from dataclasses import dataclass

from ..fallback import FallbackPools

# Further attempts of one call: however many members there are, a call that waited for six answers has waited enough.
MOST_RETRIES = 5
# After a failure that opens no breaker: two ladders reach every member but one (fallback.py). A third choice would
# repeat the first, and a request that fails everywhere is to cost the accounts no more than this.
MOST_MOVES = 2
# Seconds. A call that waits holds memory and a connection of the gateway's; for longer than this the caller is told.
LONGEST_WAIT = 5


@dataclass(frozen=True)
class PolicySettings:
    """Settings of the policy in front of one pool.

    Raises ValueError for numbers that no policy can be made of. Texts are checked where they become markup.
    """

    pool: str
    """Name of the pool."""
    members: int
    """Number of its members."""
    fallback: FallbackPools
    """The pools with the same members, from `fallback_pools`."""
    trip_duration: int = 10
    """Seconds a breaker stays open when the account does not say; the smallest of the members'."""
    accept_retry_after: bool = True
    """Whether the breakers wait for the account's Retry-After instead, where there is one."""
    breaker_statuses: tuple[tuple[int, int], ...] = ((429, 429), (502, 504))
    """The ranges of status codes that the breakers count, each (lowest, highest)."""
    breaker_count: int = 1
    """Failures that open a breaker; the largest of the members'."""
    request_timeout: int = 230
    """Seconds for the whole call until an answer begins. Azure's load balancer may cut what is silent for 240."""
    retry_budget: int | None = None
    """Further attempts after answers that open a breaker. Default: one for each further member, at most five."""
    recovery_wait: int = 3
    """Seconds that a call may wait for a breaker to close, when all are open and one will close within them."""
    replay_body: bool = True
    """Whether the gateway keeps the request's body. Without it nothing is tried twice: an empty body would be sent."""
    retry_ambiguous: bool = False
    """Whether time-outs are tried elsewhere too. The request was probably executed and will be billed twice; each
    attempt then gets its share of the call's time."""
    managed_identity: bool = True
    """Whether the gateway calls the accounts with its own identity. Without it the caller's Authorization is passed on
    and a 401 or 403 is the caller's own."""
    client_id: str | None = None
    """Client id of a user-assigned identity. Default: the service's system-assigned one."""
    expose_attempts: bool = False
    """Whether answers tell the number of attempts in x-gateway-attempts and who served them: the host of the account in
    x-gateway-backend, and its region in x-ms-region."""
    key_header: str = "api-key"
    """Header that callers present their subscription key in."""
    key_query: str = "api-key"
    """Query parameter that it may be presented in instead."""

    def __post_init__(self) -> None:
        for name, lowest in (("members", 1), ("trip_duration", 1), ("breaker_count", 1), ("request_timeout", 1)):
            if getattr(self, name) < lowest:
                raise ValueError(f"{name} is {getattr(self, name)}; {lowest} or more is needed.")
        if self.retry_budget is not None and not 0 <= self.retry_budget <= MOST_RETRIES:
            raise ValueError(f"retry_budget is {self.retry_budget}; 0 to {MOST_RETRIES} further attempts are possible.")
        if not 0 <= self.recovery_wait <= LONGEST_WAIT:
            raise ValueError(f"recovery_wait is {self.recovery_wait}; 0 to {LONGEST_WAIT} seconds are possible.")
        if self.members > 1 and self.fallback.last == self.fallback.first:
            raise ValueError(f"{self.members} members need fallback pools; take them from fallback_pools().")

    @property
    def trip_retries(self) -> int:
        """Further attempts after answers that open a breaker: each of them takes a member out of the pool."""
        budget = MOST_RETRIES if self.retry_budget is None else self.retry_budget
        return min(self.members - 1, budget)

    @property
    def retries(self) -> int:
        """Further attempts of one call, whatever their reasons."""
        if self.members == 1 or not self.replay_body:
            return 0
        return min(self.trip_retries + MOST_MOVES, MOST_RETRIES)

    @property
    def waits(self) -> int:
        """Seconds that a call may wait when its attempts are used up."""
        return self.recovery_wait if self.retries and self.trip_retries else 0

    @property
    def starts(self) -> bool:
        """Whether calls can start elsewhere."""
        return self.members > 1

    @property
    def opens_at_once(self) -> bool:
        """Whether the first answer that a breaker counts opens it; else the pool may choose its member again."""
        return self.breaker_count == 1 and any(low <= 429 <= high for low, high in self.breaker_statuses)
