import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.openai.limits import NEVER, Limiter, PayAsYouGo, Provisioned


def admitted(limiter: Limiter, tokens: int, now: float) -> bool:
    if limiter.seconds_to_wait(tokens, now):
        return False
    limiter.admit(tokens, now)
    return True


class TestPayAsYouGo:
    def test_ten_calls_of_a_hundred_tokens_fill_a_thousand_tokens_a_minute_and_the_eleventh_waits_for_the_first(self):
        limiter = PayAsYouGo(1_000, 600)
        assert all(admitted(limiter, 100, now) for now in range(10))
        assert limiter.seconds_to_wait(100, now=10) == 50
        assert limiter.seconds_to_wait(100, now=60) == 0

    def test_requests_are_counted_over_ten_seconds(self):
        limiter = PayAsYouGo(1_000_000, 120)
        assert [admitted(limiter, 1, 0) for _ in range(21)] == [True] * 20 + [False]
        assert limiter.seconds_to_wait(1, now=4) == 6
        assert limiter.remaining_requests(now=0) == 0

    def test_a_request_whose_estimate_alone_exceeds_the_limit_is_never_admitted(self):
        assert PayAsYouGo(1_000, 600).seconds_to_wait(1_001, now=0) == NEVER

    def test_the_real_length_gives_nothing_back(self):
        limiter = PayAsYouGo(1_000, 600)
        limiter.admit(1_000, now=0)
        limiter.settle(1_000, 10, now=1)
        assert limiter.remaining_tokens(now=1) == 0

    @given(st.lists(st.tuples(st.floats(0, 300), st.integers(1, 400)), max_size=60))
    def test_no_minute_ever_holds_more_than_the_limit_and_a_wait_is_exact(self, arrivals: list[tuple[float, int]]):
        limiter, booked = PayAsYouGo(1_000, 60_000), []
        for now, tokens in sorted(arrivals):
            wait = limiter.seconds_to_wait(tokens, now)
            if wait:
                assert sum(cost for at, cost in booked if at > now - 60) + tokens > 1_000
            else:
                limiter.admit(tokens, now)
                booked.append((now, tokens))
            assert sum(cost for at, cost in booked if at > now - 60) <= 1_000


class TestProvisioned:
    def test_it_admits_below_full_utilisation_and_refuses_at_it(self):
        limiter = Provisioned(60_000, burst=1)
        assert [admitted(limiter, 500, 0) for _ in range(3)] == [True, True, False]

    def test_the_wait_is_the_time_until_it_has_drained_below_full(self):
        limiter = Provisioned(60_000, burst=1)
        limiter.admit(2_000, now=0)
        assert limiter.seconds_to_wait(1, now=0) == 1
        assert limiter.seconds_to_wait(1, now=1.5) == 0

    def test_a_wait_is_never_nothing_while_it_refuses(self):
        limiter = Provisioned(60_000, burst=1)
        limiter.admit(1_000, now=0)
        assert limiter.seconds_to_wait(1, now=0) == 0.001

    def test_an_answer_shorter_than_the_estimate_gives_the_rest_back(self):
        limiter = Provisioned(60_000, burst=1)
        limiter.admit(1_000, now=0)
        limiter.settle(1_000, 400, now=0)
        assert limiter.remaining_tokens(now=0) == 600

    @pytest.mark.parametrize("burst", [0.25, 1, 2])
    def test_over_a_long_time_it_gives_what_was_bought_and_no_more(self, burst: float):
        limiter = Provisioned(60_000, burst=burst)
        given_out = sum(100 for step in range(100_000) if admitted(limiter, 100, step / 100))
        assert given_out == pytest.approx(1_000_000, rel=0.002)

    @given(st.lists(st.tuples(st.floats(0, 10), st.integers(0, 5_000)), max_size=30))
    def test_utilisation_is_never_negative(self, bookings: list[tuple[float, int]]):
        limiter = Provisioned(60_000)
        for now, tokens in sorted(bookings):
            limiter.admit(tokens, now)
            limiter.settle(tokens, 0, now)
            assert limiter.level(now) >= 0
