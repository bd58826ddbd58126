import pytest

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
    ],
)
def test_a_dotnet_pattern_means_the_same(pattern: str, text: str, found: str | None):
    match = translated(pattern).search(text)
    assert (match.group() if match else None) == found


@pytest.mark.parametrize(
    ("replacement", "result"),
    [("[$1]", "[b]"), ("${name}", "c"), ("$&", "bc"), ("$$", "$"), ("$`|$'", "a|d"), ("$9", "$9"), ("${no}", "${no}")],
)
def test_marks_in_a_replacement_are_filled(replacement: str, result: str):
    match = translated("(b)(?<name>c)").search("abcd")
    assert match is not None
    assert expand(match, replacement) == result
