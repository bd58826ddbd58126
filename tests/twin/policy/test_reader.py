import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policy.document import Element, Format, NotWellFormed, Position, Text
from twin.policy.formatted import formatted
from twin.policy.reader import parse

GOLDEN = json.loads(Path(__file__).with_name("xml_messages.json").read_text())


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["text"])
def test_xml_is_read_refused_and_written_as_dotnet_does(case: dict):
    if "written" in case:
        assert formatted(case["text"], "xml", "xml") == case["written"]
        return
    with pytest.raises(NotWellFormed) as refusal:
        parse(case["text"], "xml")
    assert str(refusal.value) == case["message"]
    if case["line"]:
        assert refusal.value.at == Position(case["line"], case["position"])


def test_elements_attributes_and_texts_know_where_they_are():
    text = (
        "<policies>\n\t<inbound>\r\n"
        '\t\t<set-header\n\t\t\tname = "x"><value>  a </value></set-header>'
        "</inbound></policies>"
    )
    root = parse(text, "xml").root
    header = next(element for element in root.walk() if element.tag == "set-header")
    assert header.at == Position(3, 4)
    assert header.attributes["name"].at == Position(4, 4)
    assert header.attributes["name"].value_at == Position(4, 12)
    value = next(header.elements())
    assert value.children == [Text("text", "  a ", Position(4, 22))]


def test_white_space_between_elements_is_no_part_of_the_tree_but_empty_and_closed_elements_differ():
    root = parse("<a>\n <b/> <c></c> <d> </d>\n</a>", "xml").root
    assert [(child.tag, child.empty, child.children) for child in root.elements()] == [
        ("b", True, []),
        ("c", False, []),
        ("d", False, []),
    ]
    assert all(isinstance(child, Element) for child in root.children)


def test_comments_around_the_root_are_kept():
    document = parse("<!-- one --><a/><!-- two -->", "xml")
    assert [text.value for text in (*document.before, *document.after)] == [" one ", " two "]


@pytest.mark.parametrize("format", ["xml", "rawxml"])
@pytest.mark.parametrize(
    "text", ["<!DOCTYPE a><a/>", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "<a/><!DOCTYPE a>", '<!ENTITY x "y"><a/>']
)
def test_a_dtd_is_refused_so_that_no_entity_can_expand(text: str, format: Format):
    with pytest.raises(NotWellFormed, match="For security reasons DTD is prohibited in this XML document"):
        parse(text, format)


def test_a_dtd_is_refused_where_it_begins_in_words_without_a_place():
    with pytest.raises(NotWellFormed, match=r"XmlReader\.Create method\.$") as refusal:
        parse("<!-- policy -->\n <!DOCTYPE a><a/>", "xml")
    assert refusal.value.at == Position(2, 2)


def test_very_deep_nesting_is_refused():
    with pytest.raises(NotWellFormed, match=r"nested more than 150 levels deep. Line 1, position 452."):
        parse("<a>" * 10_000, "xml")


def attribute(text: str, format: Format = "rawxml") -> str | None:
    return parse(f"<a>\n<b c={text} d='e'/></a>", format).root.children[0].get("c")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"@(context.Variables["x"])"', '@(context.Variables["x"])'),
        ('"@(a < b && c > d)"', "@(a < b && c > d)"),
        ("'@(a[\"b\"] == 'c')'", "@(a[\"b\"] == 'c')"),
        ('"@(")")"', '@(")")'),
        ('"@("\\")")"', '@("\\")")'),
        ('"@(@"a""\\")"', '@(@"a""\\")'),
        ('"@($"{a["b"]}{{)")"', '@($"{a["b"]}{{)")'),
        ('"@($@"{a[")"]}""\\")"', '@($@"{a[")"]}""\\")'),
        ('"@(@$"\\{a}")"', '@(@$"\\{a}")'),
        ('"@(\'(\' + ")")"', "@('(' + \")\")"),
        ('"@(\'\\\'\' + ")")"', "@('\\'' + \")\")"),
        ('"@{ /* " ) } */ return List<string>(1); // "} \n}"', '@{ /* " ) } */ return List<string>(1); // "} \n}'),
        ('"@(a &amp;&amp; b[&quot;)&quot;] &lt; &#49;)"', '@(a && b[")"] < 1)'),
        ('"a\nb"', "a b"),
        ('"@{\r\n\treturn 1;\r\n}"', "@{\n\treturn 1;\n}"),
        ('"@(a) b"', "@(a) b"),
        ('"@(a"', "@(a"),
        ('"user@(example)"', "user@(example)"),
        ('"a-@(b["c"] && 1 < 2)-@{ return "d"; }"', 'a-@(b["c"] && 1 < 2)-@{ return "d"; }'),
        ('"a@b @(c @ d"', "a@b @(c @ d"),
    ],
)
def test_expressions_stand_raw_in_attributes_of_rawxml(written: str, value: str):
    assert attribute(written) == value


def test_line_ends_within_an_attribute_of_strict_xml_become_spaces():
    assert attribute('"@{\r\n\treturn 1;\n}"', "xml") == "@{  return 1; }"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("@(a < b)", "@(a < b)"),
        ('\n  @{ if (a < b && c) { return "</b>"; } return $"{d}"; }\n', None),
        ("@(a &lt; b)", "@(a < b)"),
        ("<![CDATA[@(a < b)]]>", "@(a < b)"),
    ],
)
def test_expressions_stand_raw_in_texts_of_rawxml(written: str, value: str | None):
    element = parse(f"<a><b>{written}</b></a>", "rawxml").root.children[0]
    assert isinstance(element, Element)
    assert element.text() == (written if value is None else value)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('<a b="@(c["d"])"/>', "'d' is an unexpected token. Expecting white space. Line 1, position 12."),
        ("<a>@(b < c)</a>", "Name cannot begin with the ' ' character, hexadecimal value 0x20. Line 1, position 9."),
    ],
)
def test_strict_xml_refuses_what_rawxml_takes(written: str, message: str):
    parse(written, "rawxml")
    with pytest.raises(NotWellFormed) as refusal:
        parse(written, "xml")
    assert str(refusal.value) == message


def test_outside_of_expressions_rawxml_is_as_strict_as_xml():
    with pytest.raises(NotWellFormed, match=r"An error occurred while parsing EntityName. Line 1, position 10."):
        parse('<a b="x && y"/>', "rawxml")


@given(st.text(alphabet="<>/=\"'@(){}$&;!-[]? abx\n\\#", max_size=40), st.sampled_from(["xml", "rawxml"]))
def test_any_text_is_read_or_refused_with_a_place_inside_of_it(text: str, format: Format):
    try:
        parse(text, format)
    except NotWellFormed as refused:
        refusal = refused
    else:
        return
    lines = text.split("\n")
    assert 1 <= refusal.at.line <= len(lines)
    assert 1 <= refusal.at.column <= len(lines[refusal.at.line - 1]) + 2


@pytest.mark.parametrize("format", ["xml", "rawxml"])
@pytest.mark.parametrize("content", ["\r\n@(1)\r\n", "\r\n@{", "\r\n a"])
def test_line_ends_are_line_feeds_also_around_code(content: str, format: Format):
    root = parse(f"<a>{content}</a>", format).root
    assert root.text() == content.replace("\r\n", "\n")
