"""What holds for every input there can be."""

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from components.checks import GATEWAY, camel_case, message, normalised, problems, snake_case, warnings
from components.checks.durations import LONGEST, canonical, seconds
from components.checks.nearest import nearest
from components.checks.urls import shown
from tests.support.inputs import GOOD, changed

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
TEXTS = st.sampled_from(
    [
        "east",
        "EAST",
        "gpt-5.1",
        "",
        "PT10S",
        "api",
        "Developer",
        "Consumption",
        "https://a.openai.azure.com/",
        "rg",
        "-",
    ]
)


COMPLETE = normalised(
    GOOD
    | {
        "subscriptions": ["team-a"],
        "tags": {"team": "a"},
        "applicationInsights": "x",
        "service": GOOD["service"] | {"existing": {}},
    }
)


def paths(value: Any, path: str = "") -> list[str]:
    """Every place in a value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [deeper for key, inner in steps for deeper in paths(inner, f"{path}.{key}")]


@st.composite
def nearly_right(draw: st.DrawFn) -> Any:
    """Complete inputs of a gateway with anything at some of their places."""
    places = draw(st.lists(st.sampled_from(paths(COMPLETE)), max_size=4, unique=True))
    # The deepest first, so that each place is still there when its turn comes.
    return changed(COMPLETE, {place: draw(TEXTS | ANY_JSON) for place in sorted(places, key=len, reverse=True)})


@settings(deadline=None, max_examples=60)
@given(ANY_JSON)
def test_no_json_at_all_makes_the_checks_fail(inputs: Any) -> None:
    assert isinstance(problems(inputs), list)


@settings(deadline=None, max_examples=60)
@given(nearly_right())
def test_no_inputs_make_the_checks_fail_and_every_problem_is_a_line_with_its_place(inputs: Any) -> None:
    for problem in problems(inputs):
        place, _, rest = problem.partition(": found ")
        assert place, problem
        assert "; " in rest, problem
        assert rest.endswith((".", "://.")), problem
        assert "\n" not in problem
        assert problem.isprintable()


@settings(deadline=None, max_examples=60)
@given(nearly_right())
def test_normalising_twice_changes_nothing_more_and_makes_no_problems(inputs: Any) -> None:
    once = normalised(inputs)
    assert json.dumps(normalised(once), sort_keys=True) == json.dumps(once, sort_keys=True)
    if not problems(inputs):
        assert problems(once) == []


@settings(deadline=None, max_examples=40)
@given(nearly_right())
def test_warnings_and_spelling_take_what_they_get(inputs: Any) -> None:
    assert all(isinstance(warning, str) for warning in warnings(inputs))
    assert isinstance(message(problems(camel_case(GATEWAY, inputs))), str)
    snake_case(GATEWAY, inputs)


@given(st.integers(1, LONGEST))
def test_a_canonical_duration_is_as_long_as_the_one_it_was_made_of(length: int) -> None:
    text = canonical(f"PT{length}S")
    assert seconds(text) == length
    assert canonical(text) == text


@given(st.text(), st.text(alphabet="abcXYZ0-_", min_size=6))
def test_no_message_shows_what_follows_a_question_mark_in_a_url(address: str, secret: str) -> None:
    url = "https://west.example.com/" + address.replace(secret, "") + "?key=" + secret
    if secret not in url.partition("?")[0]:
        assert secret not in shown(url)


@given(st.sampled_from(sorted(GATEWAY.keys)), st.data())
def test_a_key_with_one_letter_missing_is_recognised(key: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(key) - 1))
    if len(key) > 3:
        assert nearest(key[:at] + key[at + 1 :], GATEWAY.keys) == key


def test_good_inputs_are_good_in_either_spelling() -> None:
    assert problems(camel_case(GATEWAY, snake_case(GATEWAY, GOOD))) == []


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(
        ["backends.0.name", "service.name", "location", "api.path", "breaker.interval", "service.sku", "policy.scope"]
    ),
    st.text(max_size=90) | st.from_regex(r"[ -_.:/a-z0-9]{1,12}", fullmatch=True),
)
def test_what_a_message_says_to_write_is_right(place: str, value: str) -> None:
    for problem in problems(changed(GOOD, {place: value})):
        suggestion = re.search(r' Write (?:at least |at most )?("[^"]*")\.$', problem)
        if suggestion:
            assert problems(changed(GOOD, {place: json.loads(suggestion[1])})) == [], problem
