"""The waits of a retry that grow by chance; tests/cases/retry has the others."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.support.backends import Scripted
from tests.support.world import Gateway, policy


def waits(seed: int, interval: int, delta: int, most: int, count: int) -> list[float]:
    """The seconds between the attempts of a retry that never succeeds."""
    gateway = Gateway({"origin.example": [Scripted(503)]}, seed=seed)
    retry = f"""<retry condition="@(true)" count="{count}" interval="{interval}" delta="{delta}" max-interval="{most}">
        <forward-request /></retry>"""
    moments = [sent.at for sent in gateway.call(policy(backend=retry)).attempts]
    return [round(after - before, 3) for before, after in pairwise(moments)]


@given(st.integers(0, 1000), st.integers(0, 20), st.integers(0, 20), st.integers(0, 300), st.integers(1, 8))
def test_waits_double_give_or_take_a_fifth_up_to_the_longest(
    seed: int, interval: int, delta: int, most: int, count: int
) -> None:
    for number, wait in enumerate(waits(seed, interval, delta, most, count)):
        grown = (2**number - 1) * delta
        least, longest = interval + 0.8 * grown, interval + 1.2 * grown
        assert min(most, least) - 0.001 <= wait <= min(most, longest) + 0.001


def test_the_example_of_the_documentation_holds_in_the_middle() -> None:
    found = [waits(seed, 10, 10, 100, 4) for seed in range(200)]
    means = [sum(one) / len(found) for one in zip(*found, strict=True)]
    assert [round(mean / 10) for mean in means] == [1, 2, 4, 8]


def test_callers_that_failed_together_do_not_come_back_together() -> None:
    assert len({waits(seed, 10, 10, 1000, 3)[2] for seed in range(50)}) == 50
