"""A refusal's way through the engine: written into one line of text, and read from it again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from twin.provider.refusal import Refusal, read, refusal_in

_texts = st.text(st.sampled_from('"\\ =\nMessage'), min_size=1)


def test_it_is_written_as_the_real_provider_writes_it_with_what_that_leaves_out_behind() -> None:
    refusal = Refusal(409, "Conflict", "busy", "sku", "url: wrong", "c-1")

    assert (
        str(refusal)
        == 'Status=409 Code="Conflict" Message="busy" Target="sku" Details="url: wrong" CorrelationId="c-1"'
    )
    assert str(Refusal(500, "", "boom")) == 'Status=500 Message="boom"'


def test_it_is_found_in_a_diagnostic_of_the_engine() -> None:
    message = 'One or more fields contain "incorrect" values:\r\n x'
    refusal = Refusal(400, "ValidationError", message, "", "a: b; c: d", "c")

    assert read(f"error: 1 error occurred:\n\t* request failed /path: {refusal}\n\nmore") == refusal


def test_a_text_without_one_has_none() -> None:
    assert read("error: cannot create already existing resource '/x'") is None


@settings(max_examples=50)
@given(_texts, _texts, st.one_of(st.just(""), _texts), st.one_of(st.just(""), _texts))
def test_whatever_it_says_is_read_as_it_was_written(code: str, message: str, target: str, details: str) -> None:
    refusal = Refusal(400, code, message, target, details, "0000-c")

    assert read(str(refusal)) == refusal


def test_details_name_their_targets_or_else_their_codes() -> None:
    details = [
        {"target": "url", "message": "one", "code": "x"},
        {"code": "Two", "message": "two"},
        {"message": "three"},
        "four",
    ]

    refusal = refusal_in(400, {"error": {"code": "C", "message": "m", "details": details}}, "c")

    assert refusal == Refusal(400, "C", "m", "", "url: one; Two: two; three", "c")


def test_a_body_without_an_error_is_the_message_itself() -> None:
    assert refusal_in(502, "Bad gateway") == Refusal(502, "", "Bad gateway")
    assert refusal_in(500, None) == Refusal(500, "", "no reason given")
    assert refusal_in(400, {"code": "C", "message": "m"}) == Refusal(400, "C", "m")
