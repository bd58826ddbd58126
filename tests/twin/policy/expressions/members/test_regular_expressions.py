import pytest

from twin.policy.expressions.errors import Thrown
from twin.policy.expressions.members.regex_syntax import python_pattern
from twin.policy.expressions.members.regular_expressions import expand, translated


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"(?<year>\d{4})-\k<year>", "a 2024-2024", "2024-2024"),
        (r"(?'q'[ab])c", "bc", "bc"),
        (r"a\z", "a\n", None),
        (r"a\Z", "a\n", "a"),
        (r"\\Z", "\\Z", "\\Z"),
        (r"\p{Lu}\p{Ll}+", "x Äpfel", "Äpfel"),
        (r"(?<=a)b(?!c)", "abd", "b"),
        (r"(?<!x)y", "xyy", "y"),
        (r"[\w-[a]]+", "a-bc", "bc"),
        (r"[[\]]+", "x[y]", "["),
        (r"x(?i)a|b", "B", "B"),
        (r"x(?i)a|b", "Xa", None),
        (r"[^\p{L}\s]", "ä 1", "1"),
    ],
)
def test_a_dotnet_pattern_means_the_same(pattern: str, text: str, found: str | None):
    compiled, _numbers = translated(pattern)
    match = compiled.search(text)
    assert (match.group() if match else None) == found


@pytest.mark.parametrize(
    ("replacement", "result"),
    [("[$1]", "[b]"), ("${name}", "c"), ("$&", "bc"), ("$$", "$"), ("$`|$'", "a|d"), ("$9", "$9"), ("${no}", "${no}")],
)
def test_marks_in_a_replacement_are_filled(replacement: str, result: str):
    compiled, numbers = translated("(b)(?<name>c)")
    match = compiled.search("abcd")
    assert match is not None
    assert expand(match, numbers, replacement) == result


def test_groups_without_a_name_are_counted_before_those_with_one():
    pattern, numbers = python_pattern(r"(?<first>a)(b)\1\2")
    assert (pattern, numbers) == (r"(?P<first>a)(b)(?:\2)(?:\1)", (0, 2, 1))


@pytest.mark.parametrize("pattern", ["[a", "a)", "(?P<python>a)", r"\2(a)", r"\p{Nope}"])
def test_what_dotnet_does_not_take_for_a_pattern_is_refused(pattern: str):
    with pytest.raises(Thrown) as refusal:
        translated(pattern)
    assert refusal.value.kind == "System.ArgumentException"
