"""Which member serves a call: the lowest open priority, by weight, and nobody's call is lost when that changes."""

from collections import Counter

import pytest

from tests.support.pools import member, names, pool
from tests.support.trial import Trial
from twin.simulation.load import Arrival, steady
from twin.simulation.world import Happening, Simulation

TIERED = ("2 tiered", "3 tiered", "9 tiered")


@pytest.mark.parametrize("shape", TIERED)
def test_no_request_reaches_priority_2_before_priority_1_is_open(shape: str):
    trial = Trial(pool(shape))
    first = names(pool(shape), 1)
    assert {trial.call().asked[0] for _ in range(30)} == set(first)
    for name in first[:-1]:
        trial.fault(name, status=429, retry_after=30)
    for _ in range(30):
        assert set(trial.call().asked) <= set(first), "one member of priority 1 is left"


@pytest.mark.parametrize("shape", TIERED)
def test_all_do_after_it_and_the_traffic_returns_within_a_second_of_the_trips_end(shape: str):
    trial = Trial(pool(shape))
    first, second = names(pool(shape), 1), names(pool(shape), 2)
    trial.fault(*first, status=429, retry_after=7, seconds=0.5)
    began = trial.clock.now()
    served: list[tuple[float, str]] = []
    while trial.clock.now() < began + 9:
        heard = trial.call()
        assert heard.status == 200
        served.append((trial.clock.now() - began, heard.asked[-1]))
        trial.wait(0.1)
    assert {name for at, name in served if at < 7} == set(second)
    assert {name for at, name in served if at >= 8} == set(first)


@pytest.mark.parametrize(
    ("weights", "answers"),
    [
        ((80, 20), {"S10": "smooth-round-robin"}),
        ((60, 25, 10, 5), {"S10": "weighted-random"}),
    ],
)
def test_members_of_one_priority_share_by_weight(weights: tuple[int, ...], answers: dict[str, str]):
    backends = [member(f"aoai-{number}", 1, weight) for number, weight in enumerate(weights, start=1)]
    trial = Trial(backends, answers)
    outcomes = trial.simulation.run(steady(100, 20, prompt=5, answer=2))
    served = Counter(outcome.served_by for outcome in outcomes)
    assert sum(served.values()) == 2000
    for backend in backends:
        share = served[backend["name"]] / 2000
        assert share == pytest.approx(backend["weight"] / sum(weights), abs=0.03)


def test_a_member_that_is_out_leaves_its_share_to_the_others_by_their_weights():
    backends = [member("aoai-1", 1, 50), member("aoai-2", 1, 40), member("aoai-3", 1, 10)]
    trial = Trial(backends)
    trial.fault("aoai-1", status=429, retry_after=60)
    trial.call()
    served = Counter(outcome.served_by for outcome in trial.simulation.run(steady(100, 3, prompt=5, answer=2)))
    assert served["aoai-1"] == 0
    assert served["aoai-2"] / 300 == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("shape", ["3 tiered", "3 flat"])
def test_of_100_requests_in_flight_at_the_moment_of_a_trip_none_is_lost_and_none_answered_twice(shape: str, units: int):
    """They are all on their way to accounts when the first 429 comes, and each says something of its own."""
    trial = Trial(pool(shape), units=units)
    trial.fault(latency=1)
    load = [Arrival(number / 1000, prompt=number + 5, answer=5) for number in range(100)]

    def throttle(_: Simulation) -> None:
        trial.fault("aoai-1", status=429, retry_after=5, seconds=20)

    outcomes = trial.simulation.run(load, [Happening(0.05, throttle)])
    assert [outcome.began for outcome in outcomes] == [arrival.at for arrival in load]
    assert all(outcome.good for outcome in outcomes)
    assert all(sum(attempt.status == 200 for attempt in outcome.attempts) == 1 for outcome in outcomes)
    bodies = Counter(request.body for request in trial.spy.sent)
    assert len(bodies) == 100
    assert sum(bodies.values()) == sum(len(outcome.attempts) for outcome in outcomes) > 110
    served = Counter(outcome.attempts[-1].call for outcome in outcomes)
    assert set(served.values()) == {1}


def test_of_100_requests_in_flight_when_every_account_begins_to_throttle_each_is_answered_once():
    trial = Trial(pool("3 tiered"))
    trial.fault(latency=1)
    heard = trial.begin([trial.request(prompt=number + 5) for number in range(100)])
    trial.wait(0.5)
    trial.fault(status=429, retry_after=3)
    late = trial.begin([trial.request(prompt=number + 500) for number in range(100)])
    trial.clock.run()
    assert len(heard) == len(late) == 100
    assert {one.status for one in heard.values()} == {200}
    assert {one.status for one in late.values()} == {429}
    assert all(1 <= int(one.headers.get("Retry-After")) <= 3 for one in late.values())
