"""Reading policy documents: strictly in format xml, with C# expressions as they are in format rawxml."""

import contextlib

import pytest
from guardrails.documents import Element, Malformed, parse
from hypothesis import given
from hypothesis import strategies as st


def value(text: str) -> str:
    (element,) = parse(text, "rawxml").every("a")
    return element.attributes.get("v", element.text)


@pytest.mark.parametrize(
    "expression",
    [
        '@(context.Variables["a"] == "b" && 1 < 2)',
        "@{ var x = \"}\"; return x + '}'; }",
        '@("a \\" quote" + @"c:\\")',
        "@(new List<int>().Any(n => n > 3))",
        '@{ /* don\'t ) } */ return "//no comment"; // but this " is\n}',
        '@($"{context.Request.Url}")',
        '@("<set-header>")',
    ],
)
def test_an_expression_in_rawxml_is_read_as_it_is_written(expression: str):
    assert value(f'<a v="{expression}" />') == expression.replace(
        "\n", " "
    )  # XML makes spaces of an attribute's line ends
    assert value(f"<a>{expression}</a>") == expression


@pytest.mark.parametrize("policy_format", ["xml", "rawxml"])
def test_an_expression_with_entities_is_read_in_both_formats(policy_format: str):
    root = parse('<a v="@(context.Variables[&quot;a&quot;] &amp;&amp; 1 &lt; 2)" />', policy_format)
    assert root.attributes["v"] == '@(context.Variables["a"] && 1 < 2)'


def test_an_expression_that_mixes_entities_and_plain_characters_is_read():
    assert value('<a v="@(x(&quot;(&quot;) && y)" />') == '@(x("(") && y)'


def test_an_expression_as_it_is_written_is_refused_in_format_xml():
    with pytest.raises(Malformed, match=r"not well-formed \(invalid token\) in line 1, column"):
        parse('<a v="@(context.Variables["a"])" />', "xml")


def test_lines_are_those_of_the_text_whatever_stands_in_expressions_and_comments():
    root = parse('<a>\n<!-- @(" -->\n<b v="@{\n  var x = "\n<";\n}" />\n<c />\n</a>', "rawxml")
    assert [(element.tag, element.line) for element in root.every()] == [("a", 1), ("b", 3), ("c", 7)]


def test_what_looks_like_an_expression_in_a_comment_or_in_cdata_is_none():
    text = '<a><!-- <b v="@(" --><![CDATA[ v="@{" ]]><c v="@(y && z)" /></a>'
    assert [element.tag for element in parse(text, "rawxml").every()] == ["a", "c"]


@pytest.mark.parametrize("text", ["", "no markup", "<a>", "<a></b>", "<a /><b />", '<a v="@(unclosed" && />'])
def test_what_is_no_document_is_refused_with_the_line(text: str):
    with pytest.raises(Malformed, match="line 1"):
        parse(text, "rawxml")


def test_a_byte_order_mark_and_a_declaration_do_no_harm():
    assert parse('\ufeff<?xml version="1.0" encoding="utf-16"?><a />').tag == "a"


def test_elements_are_found_at_every_depth_in_the_order_of_the_document():
    root = parse("<a><b><c /></b><c><b /></c></a>")
    assert [element.tag for element in root.every("b", "c")] == ["b", "c", "c", "b"]
    assert root.inside("b").children[0].tag == "c"
    assert root.inside("nothing").children == []


STRINGS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters='"\\'), max_size=8)
TERMS = STRINGS.map(lambda text: f'"{text}"') | st.sampled_from(
    ["context.Elapsed", "1", "a < b", "c > d", "(x)", "y[0]"]
)
EXPRESSIONS = st.lists(TERMS, min_size=1, max_size=4).map(lambda terms: f"@({' && '.join(terms)})")


@given(EXPRESSIONS)
def test_whatever_stands_in_an_expressions_strings_the_document_around_it_is_read(expression: str):
    root = parse(f'<policies>\n<x v="{expression}"/>\n<y>{expression}</y><z /></policies>', "rawxml")
    assert [element.tag for element in root.every()] == ["policies", "x", "y", "z"]
    assert root.children[0].line == 2


@given(st.text(max_size=60), st.sampled_from(["xml", "rawxml"]))
def test_any_text_is_read_or_refused(text: str, policy_format: str):
    with contextlib.suppress(Malformed):
        assert isinstance(parse(text, policy_format), Element)
