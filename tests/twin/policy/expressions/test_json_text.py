import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policy.expressions.errors import Thrown
from twin.policy.expressions.json_text import dumps, parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT.filter(lambda text: "-" not in text),  # what looks like a date is rewritten
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.booleans())
def test_json_that_is_read_and_written_says_the_same(value: object, indented: bool):
    assert json.loads(dumps(parse(json.dumps(value)), indented=indented)) == value


@given(JSON)
def test_what_was_written_is_written_alike_the_next_time(value: object):
    once = dumps(parse(json.dumps(value)))
    assert dumps(parse(once)) == once


@given(st.floats())
def test_a_double_is_read_back_exactly(value: float):
    [back] = json.loads(dumps(parse(json.dumps([value]))).replace('"NaN"', "NaN").replace('"', ""))
    assert back == value or math.isnan(value)


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("{'a': 'it'}", '{"a":"it"}'),
        ("{a: 1, $b_2: 2}", '{"a":1,"$b_2":2}'),
        ("[1, 2,]", "[1,2]"),
        ("[1 /* one */, // two\n 2]", "[1,2]"),
        ("[0x1F, .5, 1.]", "[31,0.5,1.0]"),
    ],
)
def test_what_newtonsoft_forgives_is_read(text: str, strict: str):
    assert dumps(parse(text)) == strict


@pytest.mark.parametrize("text", ["{", "[1", "{'a'}", "nope", '"open', "[1] x", "{1: 2]", "[,1 2]"])
def test_what_is_no_json_throws_newtonsofts_exception(text: str):
    with pytest.raises(Thrown) as thrown:
        parse(text)
    assert thrown.value.kind == "Newtonsoft.Json.JsonReaderException"


def test_the_exception_tells_where_the_text_goes_wrong():
    with pytest.raises(Thrown, match="Path '', line 2, position 6"):
        parse('{\n  "a" nope}')


@given(st.text("{}[]:,'\"a1 .-\\/*\n", max_size=30))
def test_no_text_at_all_makes_the_reader_crash(text: str):
    try:
        parse(text)
    except Thrown as thrown:
        assert thrown.kind.startswith("Newtonsoft.Json.")  # noqa: PT017
