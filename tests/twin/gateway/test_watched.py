"""What the twin tells of its gateway: sums, breakers, what lies behind an API."""

from tests.support.looks import Looked
from tests.support.simulated import reference_store
from twin.azure.messages import Call
from twin.gateway.watched import PATH, handle
from twin.openai.fault_documents import fault_from
from twin.simulation.load import steady

REFERENCE_BACKENDS = {"aoai-eus2-1", "aoai-eus-1", "aoai-eus-2"}


def broken(looked: Looked, account: str, fault: dict[str, object]) -> None:
    found = looked.simulation.accounts.named(account)
    assert found is not None
    found.faults.add(fault_from(fault, looked.simulation.clock.now()))


def test_each_attempt_and_each_answer_is_counted_where_it_belongs():
    looked = Looked(reference_store())
    broken(looked, "aoai-eus2-1", {"status": 503})
    looked.simulation.run(steady(10, 1))

    [service] = looked.look().services
    attempts = {name: dict(backend.attempts) for name, backend in service.backends.items()}
    assert attempts == {"aoai-eus2-1": {"503": 1}, "aoai-eus-1": {"200": 5}, "aoai-eus-2": {"200": 5}}
    assert (dict(service.answered), service.retried) == ({"200": 10}, 1)


def test_an_open_breaker_tells_its_seconds_for_each_unit():
    looked = Looked(reference_store(), units=2)
    broken(looked, "aoai-eus2-1", {"status": 429, "retryAfter": 30, "count": 1})
    looked.simulation.run(steady(10, 0.1))

    [service] = looked.look().services
    told = sorted(service.backends["aoai-eus2-1"].open, key=lambda seconds: seconds or 0.0)
    assert told[0] == 0.0
    assert 29 < (told[1] or 0.0) <= 30
    assert service.backends["aoai-eus-1"].open == (0.0, 0.0)


def test_an_attempt_without_an_answer_counts_as_none_and_is_told_as_trouble():
    looked = Looked(reference_store())
    broken(looked, "aoai-eus2-1", {"connection": "refused"})
    looked.simulation.run(steady(10, 0.1))

    look = looked.look()
    assert dict(look.services[0].backends["aoai-eus2-1"].attempts) == {"none": 1}
    assert ("aoai-eus2-1", "NoAnswer") in {(one.where, one.reason) for one in look.trouble}


def test_an_api_tells_how_it_is_called_and_which_pool_comes_first():
    [service] = Looked(reference_store()).look().services
    [api] = service.apis

    assert (api.path, api.methods, api.key_header, api.subscriptions) == ("openai", ("POST",), "api-key", ("team-a",))
    assert api.backends[0] == "openaiopool"
    pool = service.pool_behind(api)
    assert pool is not None
    assert {member.backend for member in pool.members} == REFERENCE_BACKENDS


def test_pools_that_a_policy_turns_to_in_need_are_not_shown_beside_the_one_that_they_mirror():
    [service] = Looked(reference_store()).look().services

    assert len(service.pools) > 1
    assert [pool.name for pool in service.pools_in_use()] == ["openaiopool"]


def test_an_api_without_subscriptions_says_so():
    store = reference_store(api={"subscriptionRequired": False}, subscriptions=None)
    [service] = Looked(store).look().services

    assert service.apis[0].subscriptions is None


def test_no_key_is_told():
    looked = Looked(reference_store())
    [service] = looked.simulation.gateway.services.values()

    assert not [key for key in service.configuration.keys if key in str(looked.document())]


def test_the_look_is_only_for_reading():
    looked = Looked(reference_store())
    gateway, watched = looked.simulation.gateway, looked.watched

    refused = handle(Call("DELETE", PATH), gateway, watched, 0.0)
    assert refused is not None
    assert refused.status == 405
    assert handle(Call("GET", "/_twin/elsewhere"), gateway, watched, 0.0) is None
