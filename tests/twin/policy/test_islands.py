import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policy.islands import expression_source, island_end


@pytest.mark.parametrize(
    "island",
    [
        "@(1)",
        "@{}",
        '@(")")',
        "@(')')",
        '@("\\\\")',
        '@(@"\\")',
        '@($"{x}")',
        '@($"{x:0.0}{{}}")',
        '@($"{ $"{ (")") }" }")',
        "@{ // } \n }",
        "@{ /* } */ }",
        "@(a[@class])",
        "@(&quot;)&quot;)",
    ],
)
def test_an_expression_ends_where_its_bracket_closes(island: str):
    assert island_end(f"..{island}) }}\"'", 2) == 2 + len(island)


@pytest.mark.parametrize(
    "text",
    [
        "@(",
        "@(]",
        "@((1)",
        '@(")',
        "@('",
        '@("\n")',
        '@("\r")',
        '@("\\\n")',
        '@("\\&#10;")',
        "@{ // }",
        "@{ /* }",
        '@($"{)}")',
        '@(@")',
    ],
)
def test_an_expression_without_an_end_is_none(text: str):
    assert island_end(text, 0) is None


def test_interpolations_nested_without_end_are_given_up():
    assert island_end("@(" + '$"{' * 10_000, 0) is None


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("@(1)", "@(1)"),
        (" \n@{ return 1; }\n", "@{ return 1; }"),
        ("@(1) x", None),
        ("x @(1)", None),
        ("@(1}", None),
        ("@", None),
        ("", None),
    ],
)
def test_only_a_whole_value_is_an_expression(value: str, source: str | None):
    assert expression_source(value) == source


@given(st.text(alphabet="@${}()[]\"'\\/*\n&quot;#40x ab", max_size=60))
def test_any_text_after_an_opening_bracket_has_an_end_within_it_or_none(text: str):
    end = island_end("@(" + text, 0)
    assert end is None or (end <= len(text) + 2 and text[end - 3] in ");")
