import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.assumptions import Assumptions
from twin.backends.breaker import NOTHING_SAID, Breaker, RetryAfter, Rule

THROTTLED_OR_DOWN = ((429, 429), (502, 504))


def breaker(count: int = 1, accept: bool = True, **answers: str) -> Breaker:
    rule = Rule(count, interval=10, trip_duration=10, statuses=THROTTLED_OR_DOWN, accept_retry_after=accept)
    return Breaker(rule, Assumptions().with_answers(answers))


def test_one_watched_status_opens_it_for_the_trip_duration_where_no_retry_after_came():
    subject = breaker()
    subject.record_response(503, NOTHING_SAID, now=100)
    assert [subject.is_closed(now) for now in (100, 109.999, 110)] == [False, False, True]
    assert subject.seconds_open(103) == 7


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 408, 409, 428, 430, 499, 500, 501, 505])
def test_a_status_outside_the_ranges_never_opens_it(status: int):
    subject = breaker()
    for now in range(100):
        subject.record_response(status, RetryAfter(seconds=60), now)
    assert subject.is_closed(now=100)


@pytest.mark.parametrize("said", [1, 86_400])
def test_an_accepted_retry_after_replaces_the_trip_duration_whether_shorter_or_longer(said: int):
    subject = breaker()
    subject.record_response(429, RetryAfter(seconds=said), now=0)
    assert subject.seconds_open(now=0) == said


def test_a_retry_after_that_the_rule_does_not_accept_is_ignored():
    subject = breaker(accept=False)
    subject.record_response(429, RetryAfter(seconds=3), now=0)
    assert subject.seconds_open(now=0) == 10


def test_failures_count_only_while_they_are_within_the_interval():
    subject = breaker(count=3)
    for now in (0, 4, 10):  # the first one is as old as the interval when the third comes
        subject.record_response(429, NOTHING_SAID, now)
    assert subject.is_closed(now=10)
    subject.record_response(429, NOTHING_SAID, now=13.5)
    assert subject.seconds_open(now=13.5) == 10


def test_it_closes_with_an_empty_count():
    subject = breaker(count=2)
    for now in (0, 1):
        subject.record_response(429, RetryAfter(seconds=3), now)
    subject.record_response(429, NOTHING_SAID, now=4)
    assert subject.is_closed(now=4), "the two failures before it opened must not count again"


def test_a_failure_without_a_response_does_not_open_it():
    subject = breaker()
    subject.record_no_response("BackendConnectionFailure", now=0)
    assert subject.is_closed(now=0)


def test_all_who_come_when_it_has_closed_are_let_in():
    subject = breaker()
    subject.record_response(429, NOTHING_SAID, now=0)
    for _ in range(3):
        assert subject.is_closed(now=10)
        subject.admit()


def test_a_failure_at_the_moment_when_it_closes_opens_it_again():
    subject = breaker()
    for now in (0, 10):
        subject.record_response(429, NOTHING_SAID, now)
    assert subject.seconds_open(now=10) == 10


def test_milliseconds_and_the_kind_of_failure_do_not_count():
    for status in (429, 503):
        subject = breaker()
        subject.record_response(status, RetryAfter(seconds=3, milliseconds=0.4), now=0)
        assert subject.seconds_open(now=0) == 3
    subject = breaker()
    subject.record_response(429, RetryAfter(milliseconds=0.4), now=0)
    assert subject.seconds_open(now=0) == 10


def test_a_failure_that_comes_while_it_is_open_does_not_keep_it_open():
    subject = breaker()
    subject.record_response(429, NOTHING_SAID, now=0)
    subject.record_response(429, NOTHING_SAID, now=9)
    assert subject.is_closed(now=10)


class TestOtherAnswersToTheOpenQuestions:
    def test_S1_a_tumbling_window_begins_with_the_first_failure_after_the_last_one_ended(self):
        subject = breaker(count=2, S1="tumbles")
        for now in (0, 10):
            subject.record_response(429, NOTHING_SAID, now)
        assert subject.is_closed(now=10)
        subject.record_response(429, NOTHING_SAID, now=19)
        assert not subject.is_closed(now=19)

    def test_S2_after_the_open_time_one_probe_goes_through_and_its_success_closes_the_breaker(self):
        subject = breaker(S2="one-probe")
        subject.record_response(429, NOTHING_SAID, now=0)
        assert subject.is_closed(now=10)
        subject.admit()
        assert not subject.is_closed(now=10), "a second request must not go along with the probe"
        subject.record_response(200, NOTHING_SAID, now=11)
        assert subject.is_closed(now=11)

    def test_S2_before_it_has_ever_opened_no_request_is_a_probe(self):
        subject = breaker(S2="one-probe")
        subject.admit()
        assert subject.is_closed(now=0)

    def test_S2_a_failed_probe_opens_it_again(self):
        subject = breaker(count=5, S2="one-probe")
        for _ in range(5):
            subject.record_response(429, NOTHING_SAID, now=0)
        subject.admit()
        subject.record_response(503, NOTHING_SAID, now=12)
        assert subject.seconds_open(now=12) == 10

    def test_S2_a_probe_that_gets_no_response_lets_the_next_one_through(self):
        subject = breaker(S2="one-probe")
        subject.record_response(429, NOTHING_SAID, now=0)
        subject.admit()
        subject.record_no_response("BackendConnectionFailure", now=12)
        assert subject.is_closed(now=12), "or it would stay open for ever"
        subject.admit()
        assert not subject.is_closed(now=12)

    def test_S3_failures_while_open_may_extend_it(self):
        subject = breaker(S3="extend")
        subject.record_response(429, NOTHING_SAID, now=0)
        subject.record_response(429, NOTHING_SAID, now=9)
        assert subject.seconds_open(now=9) == 10

    @pytest.mark.parametrize(
        ("answer", "said", "expected"), [("shorter", 60, 10), ("longer", 60, 60), ("longer", 2, 10)]
    )
    def test_S4_retry_after_may_only_shorten_or_only_lengthen(self, answer: str, said: int, expected: int):
        subject = breaker(S4=answer)
        subject.record_response(429, RetryAfter(seconds=said), now=0)
        assert subject.seconds_open(now=0) == expected

    def test_S5_milliseconds_may_count(self):
        subject = breaker(S5="seconds-and-ms")
        subject.record_response(429, RetryAfter(seconds=1, milliseconds=0.3), now=0)
        assert subject.seconds_open(now=0) == 0.3
        subject = breaker(S5="seconds-and-ms")
        subject.record_response(429, RetryAfter(seconds=4), now=0)
        assert subject.seconds_open(now=0) == 4

    def test_S6_retry_after_may_count_on_429_only(self):
        for status, seconds in ((503, 10), (429, 60)):
            subject = breaker(S6="only-429")
            subject.record_response(status, RetryAfter(seconds=60), now=0)
            assert subject.seconds_open(now=0) == seconds

    def test_S7_a_failure_without_a_response_may_count_when_its_reason_is_watched(self):
        rule = Rule(1, 10, 10, THROTTLED_OR_DOWN, error_reasons=frozenset({"Timeout"}))
        subject = Breaker(rule, Assumptions().with_answers({"S7": "by-error-reason"}))
        subject.record_no_response("BackendConnectionFailure", now=0)
        assert subject.is_closed(now=0)
        subject.record_no_response("Timeout", now=0)
        assert not subject.is_closed(now=0)

    def test_S15_a_success_may_clear_the_count(self):
        subject = breaker(count=2, S15="clears")
        subject.record_response(429, NOTHING_SAID, now=0)
        subject.record_response(200, NOTHING_SAID, now=1)
        subject.record_response(429, NOTHING_SAID, now=2)
        assert subject.is_closed(now=2)


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from([200, 429, 500, 503])), max_size=40))
def test_it_is_open_exactly_while_a_trip_lasts(story: list[tuple[float, int]]):
    subject, trips = breaker(), []
    for now, status in sorted(story):
        expected_open = any(trip <= now < trip + 10 for trip in trips)
        assert subject.is_closed(now) is not expected_open
        subject.record_response(status, NOTHING_SAID, now)
        if status in (429, 503) and not expected_open:
            trips.append(now)
