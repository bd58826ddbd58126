"""What is made of the outcome of a call."""

import pytest

from twin.journal import Attempt
from twin.simulation import Outcome, goodput

TRIED = tuple(Attempt(0, "1", "unit", backend, status) for backend, status in (("a", 429), ("b", 200)))


def outcome(status: int, *, complete: bool = True, tokens: int = 10) -> Outcome:
    return Outcome(0, 1, status, complete, tokens, TRIED)


@pytest.mark.parametrize(("status", "complete", "good"), [(200, True, True), (304, True, True), (200, False, False)])
def test_a_call_is_good_when_its_answer_is_a_success_and_whole(status: int, complete: bool, good: bool):
    assert outcome(status, complete=complete).good is good


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_an_error_is_not(status: int):
    assert not outcome(status).good


def test_the_last_backend_that_was_tried_has_served_a_good_call_and_no_other():
    assert [outcome(200).served_by, outcome(429).served_by, Outcome(0, 0, 200, True, 1).served_by] == ["b", "", ""]


def test_goodput_are_the_tokens_of_good_calls():
    assert goodput([outcome(200, tokens=5), outcome(429, tokens=7), outcome(200, tokens=3)]) == 8
    assert goodput([]) == 0
