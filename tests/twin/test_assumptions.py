import pytest

from twin.assumptions import Assumptions


def test_every_guess_has_an_id_of_its_own_a_default_and_an_alternative():
    register = Assumptions.register()
    assert len({guess.id for guess in register}) == len(register)
    for guess in register:
        assert len(guess.choices) >= 2, guess.id
        assert getattr(Assumptions(), guess.field) == guess.choices[0]


def test_an_answer_is_given_by_its_id():
    assert Assumptions().with_answers({"S14": "on-error"}).raised_in_retry == "on-error"


def test_all_wrong_answers_are_named_at_once_with_what_is_allowed():
    with pytest.raises(
        ValueError, match=r"there is no assumption S99.*; S2 .* cannot be 'maybe': choose no or one-probe"
    ):
        Assumptions().with_answers({"S99": "x", "S2": "maybe"})
