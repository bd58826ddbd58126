"""How many calls a second the whole of the gateway and the accounts carry on virtual time, on one core."""

import statistics
import time

from tests.support.simulated import simulate_reference
from twin.simulation import steady

CALLS, ROUNDS = 8_000, 5


def requests_per_second() -> dict[str, float]:
    return {"virtual.requests_per_s": statistics.median(_round() for _ in range(ROUNDS))}


def _round() -> float:
    simulation = simulate_reference()
    began = time.process_time()
    outcomes = simulation.run(steady(100, CALLS / 100))
    used = time.process_time() - began
    if not all(one.good for one in outcomes):
        raise AssertionError("calls failed: what was measured is something else")
    return CALLS / used
