"""No status, header or body of any error names a backend, a pool, a host or an identity, whatever these are called."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.pools import member
from tests.support.trial import Trial
from twin.assumptions import Assumptions

# Names that Azure takes for a backend, a pool and an account, and that nothing else of an answer contains.
NAMES = st.from_regex(r"q[a-z0-9]{5,12}z", fullmatch=True)
DEPLOYMENTS = st.lists(NAMES, min_size=4, max_size=4, unique=True)
EFFECTS: tuple[dict[str, Any], ...] = (
    *({"status": status} for status in (401, 403, 408, 429, 499, 500, 502, 503, 504, 529)),
    *({"status": status, "retry_after": 3} for status in (429, 503)),
    *({"connection": kind} for kind in ("refused", "dns", "tls", "reset", "hang")),
    {"identity": "refused"},
)
ANSWERS = st.fixed_dictionaries(
    {}, optional={guess.id: st.sampled_from(guess.choices) for guess in Assumptions.register() if guess.id != "S20"}
)
REQUESTS: tuple[dict[str, Any], ...] = (
    {},
    {"stream": True},
    {"poison": True},
    {"path": "/openai/none", "method": "PUT"},
)


@settings(max_examples=4, deadline=None)
@given(named=DEPLOYMENTS, data=st.data())
def test_no_error_names_a_backend_a_pool_a_host_or_an_identity(named: list[str], data: st.DataObject):
    """A deployment of these names, and many mixtures of trouble in it."""
    *members, pool = named
    backends = [member(name, priority) for name, priority in zip(members, (1, 2, 2), strict=True)]
    for _ in range(20):
        trial = Trial(backends, data.draw(ANSWERS), pool={"name": pool})
        trial.spy.headers = [("Location", f"https://{members[0]}.openai.azure.com/x"), ("retry-after-ms", "9")]
        for name in members:
            trial.fault(name, **data.draw(st.sampled_from(EFFECTS)))
        for _ in range(2):
            heard = trial.call(**data.draw(st.sampled_from(REQUESTS)))
            assert heard.status >= 400
            assert trial.revealed(heard) == []
            assert heard.error["message"]
