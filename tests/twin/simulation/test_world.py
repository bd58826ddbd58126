"""A deployment in one process on virtual time."""

from typing import Any

import pytest

from tests.support.simulated import reference_store, simulate_reference
from twin.azure.store import Store
from twin.chance import Chance
from twin.journal import Event, Faulted
from twin.messages import Broken
from twin.openai.fault_documents import BadFault
from twin.openai.faults import Fault
from twin.openai.settings import Behaviour
from twin.simulation import Arrival, Happening, Outcome, Simulation, breaking, poisson, steady

PRIMARY = "aoai-eus2-1"
SLOW = Behaviour(first_token=1.0, tokens_per_second=100)


def broken(name: str = PRIMARY, **fault: Any):
    """Something to do: one fault more of an account."""

    def act(simulation: Simulation) -> None:
        account = simulation.accounts.named(name)
        assert account is not None
        account.faults.add(Fault(**fault))

    return act


def healed(simulation: Simulation) -> None:
    for account in simulation.accounts.all():
        account.faults.clear()


def troubled(seed: int, units: int = 1) -> list[Outcome]:
    simulation = Simulation(reference_store(), seed=seed, units=units, behaviour=Behaviour(spread=0.5))
    load = poisson(5, 60, Chance(seed).stream("calls"))
    return simulation.run(load, [Happening(20, broken(status=503, share=0.5)), Happening(40, healed)])


def test_one_seed_gives_one_result_to_the_byte_and_another_seed_another():
    assert repr(troubled(1)) == repr(troubled(1))
    assert repr(troubled(1)) != repr(troubled(2))
    assert repr(troubled(1, units=3)) == repr(troubled(1, units=3))


def test_outcomes_come_in_the_order_in_which_calls_began_whenever_they_end():
    simulation = Simulation(reference_store(), behaviour=SLOW)
    outcomes = simulation.run([Arrival(0, answer=1000), Arrival(1, answer=10)])
    assert [one.began for one in outcomes] == [0, 1]
    assert outcomes[0].seconds > outcomes[1].seconds + 1


def test_an_answer_takes_as_long_as_the_account_needs_for_it():
    [outcome] = Simulation(reference_store(), behaviour=SLOW).run([Arrival(0, answer=100)])
    assert 1.0 + 30 / 100 <= outcome.seconds <= 1.0 + 100 / 100  # an answer is 30 to 100 % of its limit


def test_a_happening_counts_from_its_moment_on():
    simulation = simulate_reference()
    happenings = [Happening(2.5, broken(status=429, retry_after=3)), Happening(3.5, healed)]
    outcomes = simulation.run(steady(1, 8), happenings)
    assert [one.served_by == PRIMARY for one in outcomes] == [True] * 3 + [False] * 3 + [True] * 2
    assert [len(one.attempts) for one in outcomes] == [1, 1, 1, 2, 1, 1, 1, 1]
    assert all(one.good for one in outcomes)


def test_a_fault_may_be_told_as_break_tells_it():
    outcomes = simulate_reference().run(steady(1, 6), [breaking(1.5, PRIMARY, {"status": 503, "for": 1})])
    assert [[attempt.status for attempt in one.attempts] for one in outcomes] == [[200]] * 2 + [[503, 200]] + [
        [200]
    ] * 3


def test_a_fault_that_is_none_is_refused_at_once_and_an_account_that_is_none_when_it_happens():
    with pytest.raises(BadFault, match="statsu"):
        breaking(0, PRIMARY, {"statsu": 503})
    with pytest.raises(ValueError, match=f"There is no account nobody. Accounts here: {PRIMARY}, "):
        simulate_reference().run((), [breaking(1, "nobody", {"status": 503})])


def test_a_happening_may_deploy_something():
    other = reference_store(breaker={"tripDuration": "PT30S"})

    def deploy(simulation: Simulation) -> None:
        simulation.store = other

    simulation = simulate_reference()
    outcomes = simulation.run(steady(1, 4), [Happening(1.5, deploy), Happening(1.6, broken(status=429))])
    assert [one.status for one in outcomes] == [200] * 4
    [service] = simulation.gateway.services.values()
    assert service.units[0].breakers[PRIMARY].rule.trip_duration == 30


def test_a_refused_call_tells_how_long_to_wait():
    simulation = simulate_reference()
    everywhere = [Happening(0, broken(one.name, status=429, retry_after=7)) for one in simulation.accounts.all()]
    [outcome] = simulation.run([Arrival(0)], everywhere)
    assert (outcome.status, outcome.retry_after, outcome.served_by) == (429, "7", "")
    assert [attempt.status for attempt in outcome.attempts] == [429, 429, 429]


def test_an_answer_that_breaks_off_is_not_complete():
    [outcome] = simulate_reference().run([Arrival(0, stream=True)], [Happening(0, broken(cut_after=2))])
    assert (outcome.status, outcome.complete, outcome.good) == (200, False, False)


def test_a_single_call_gives_its_answer_or_says_that_it_broke_off():
    simulation = simulate_reference()
    request = simulation.door.request(Arrival(0))
    assert simulation.call(request).status == 200
    broken(cut_after=1)(simulation)
    with pytest.raises(Broken):
        simulation.call(request)


def test_whoever_listens_hears_every_attempt_and_every_answer():
    heard: list[Event] = []
    simulation = Simulation(reference_store(), hear=heard.append)
    simulation.run(steady(1, 3), [Happening(0.5, broken(connection="refused", count=1))])
    kinds = [type(one).__name__ for one in heard if not isinstance(one, Faulted)]
    assert kinds == ["Attempt", "Answered", "Attempt", "Attempt", "Answered", "Attempt", "Answered"]


def test_attempts_are_those_of_their_call_however_many_run_at_once():
    simulation = Simulation(reference_store(), behaviour=SLOW)
    outcomes = simulation.run([Arrival(number / 100) for number in range(50)], [Happening(0.2, broken(status=503))])
    assert sum(len(one.attempts) for one in outcomes) == sum(one.visits.count for one in simulation.accounts.all())
    assert all(len({attempt.call for attempt in one.attempts}) == 1 for one in outcomes)
    assert len({one.attempts[0].call for one in outcomes if one.attempts}) == 50


def test_a_store_is_left_as_it_is():
    store: Store = reference_store()
    before = store.text()
    Simulation(store).run(steady(5, 2))
    assert store.text() == before
