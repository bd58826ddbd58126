"""Where elements stand, in XML and in what Azure calls rawxml."""

import pytest

from components.policy_text.places import Place, PolicyTextError, line, read

RAW = """<policies>
    <inbound>
        <!-- <retry> is only spoken of -->
        <set-variable name="a" value="@(context.Variables["b"] == ">" && 1 < 2)" />
        <set-variable name='c' value='@{ return "</inbound>"; }' />
        <choose>
            <when condition="@(context.Request.Headers.GetValueOrDefault("x", "") != "")">
                <set-body>@{
                    if (1 < 2) { return "<policies>"; }
                    return $"{context.Variables["d"]} </set-body>";
                }</set-body>
            </when>
        </choose>
        <set-body><![CDATA[<retry>]]></set-body>
    </inbound>
</policies>"""


def tags(place: Place) -> list[str]:
    return [found.name for found in place.all() if found.name]


def test_raw_expressions_hide_no_element_and_make_none():
    whole = read(RAW)
    assert tags(whole) == [
        "policies",
        "inbound",
        "set-variable",
        "set-variable",
        "choose",
        "when",
        "set-body",
        "set-body",
    ]
    assert [place.remark for place in whole.all() if not place.name] == ["<retry> is only spoken of"]


def test_places_are_offsets_into_the_text():
    inbound = read(RAW).children[0].children[0]
    assert RAW[inbound.start : inbound.inside] == "<inbound>"
    assert RAW[inbound.close : inbound.end] == "</inbound>"
    variable = inbound.children[1]
    assert RAW[variable.start : variable.end] == (
        '<set-variable name="a" value="@(context.Variables["b"] == ">" && 1 < 2)" />'
    )
    assert variable.attributes == {"name": "a", "value": '@(context.Variables["b"] == ">" && 1 < 2)'}
    assert line(RAW, variable.start) == 4


def test_well_formed_xml_is_read_by_the_rules_of_xml():
    text = """<?xml version="1.0"?><a b="@(&quot;)&quot; == 'x' &amp;&amp; true)" c='"' d = "1"><e/>t &lt; u</a>"""
    [a] = read(text).children
    assert a.attributes == {"b": "@(\")\" == 'x' && true)", "c": '"', "d": "1"}
    assert tags(a) == ["e"]


def test_in_well_formed_xml_only_tags_end_a_text():
    assert tags(read("<a><b>@(1</b><c>)</c></a>")) == ["a", "b", "c"]


def test_a_remark_does_not_end_where_it_begins():
    assert [place.remark for place in read("<a><!--></a> --></a>").all()] == ["", "></a>"]


def test_an_escaped_expression_among_raw_ones_ends_where_it_ends():
    text = """<a b="@(1 < 2)" c="@(&quot;)&quot; == "y" )" d="e">@{ return 1 < 2; }</a>"""
    assert read(text).children[0].attributes == {"b": "@(1 < 2)", "c": '@(")" == "y" )', "d": "e"}


def test_values_that_are_no_expressions_end_at_the_next_quote_in_raw_text_too():
    text = """<a b="no @(expression" c="d" /><raw v="@("")" />"""
    assert read(text).children[0].attributes == {"b": "no @(expression", "c": "d"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<policies>\n<inbound>\n</policies>", "line 3: </policies> closes no element; </inbound> is expected"),
        ("<policies>\n", "line 1: <policies> is not closed"),
        ("<a/>\n</b>", "line 2: </b> closes no element; nothing is open"),
        ("<a>\n<!-- no end</a>", "line 2: '<!-- no end</a>' is not followed by -->"),
        ("<a>\n<b c></b></a>", "line 2: <b> has something that is no attribute"),
        ("<a>\n<b c=d></b></a>", "line 2: <b> has something that is no attribute"),
        ('<a>\n<b c="d></b></a>', "line 2: the attribute c of <b> does not end"),
        ('<a>\n\n<b c="@(f("x")></b></a>', "line 3: the attribute c of <b> does not end"),
        ("<a>\n< b/></a>", 'line 2: "<" begins no tag'),
        ("<a>\n</a", "line 2: '</a' is not followed by >"),
    ],
)
def test_what_is_no_policy_is_refused_with_its_line(text: str, message: str):
    with pytest.raises(PolicyTextError) as refused:
        read(text)
    assert str(refused.value) == f"{message}; this is no policy that Azure accepts."
