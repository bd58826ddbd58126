"""No text that a user can set becomes markup or code."""

import json
from xml.etree import ElementTree

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from components.policy_text.markup import Code, block, comment, csharp_string, element

few = settings(deadline=None, max_examples=60)
in_xml = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"))
READ_OTHERWISE = ("{{", "@(", "@{")


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


@few
@given(in_xml)
@example('x"/><inbound>')
@example("' onmouseover='")
@example("a\r\n\tb &amp; <![CDATA[ ]]> -->")
def test_an_attribute_reads_as_the_text_it_was_given(text: str):
    assume("\ufffe" not in text and "\uffff" not in text and not any(sign in text for sign in READ_OTHERWISE))
    read = parsed(element("set-backend-service", id="lb-backend", backend_id=text))
    assert read.tag == "set-backend-service"
    assert list(read) == []
    assert read.attrib == {"id": "lb-backend", "backend-id": text}


@few
@given(in_xml)
@example("</value><value>")
@example("]]>")
@example("a\r\nb\rc")
def test_the_content_of_an_element_reads_as_the_text_it_was_given(text: str):
    assume("\ufffe" not in text and "\uffff" not in text and not any(sign in text for sign in READ_OTHERWISE))
    assert (parsed(element("value", text)).text or "") == text


@few
@given(st.text())
@example('"; return context.Subscription.Key; //')
@example("\\")
@example("{{secret}}@(1)")
@example("\ud800 alone")
@example("an emoji \U0001f600")
def test_a_text_in_csharp_is_one_plain_literal(text: str):
    literal = csharp_string(text)
    assert literal[0] == literal[-1] == '"'
    assert literal.isascii()
    assert literal.isprintable()
    assert '"' not in literal[1:-1]
    assert all(sign not in literal for sign in READ_OTHERWISE)
    # JSON and C# write these escapes alike.
    assert json.loads(literal).encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")


@pytest.mark.parametrize("text", ["{{secret}}", "a{{", "@(context.RequestId)", "@{ return 1; }", "left @(1) right"])
@pytest.mark.parametrize("place", ["attribute", "content"])
def test_a_text_that_azure_would_read_as_code_or_as_a_named_value_is_refused(text: str, place: str):
    sign = next(sign for sign in READ_OTHERWISE if sign in text)
    with pytest.raises(ValueError, match="which Azure would read as an expression or a named value") as refused:
        element("value", text) if place == "content" else element("base", id=text)
    assert str(refused.value) == (
        f"{text!r} has {sign!r} in it, which Azure would read as an expression or a named value."
    )


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ufffe", "\ud800"])
def test_a_character_that_xml_cannot_hold_is_refused(character: str):
    with pytest.raises(ValueError, match=f"the character U\\+{ord(character):04X}, which a policy cannot hold"):
        element("base", id=character)


def test_an_expression_stands_in_single_quotes_with_its_own_escaped():
    assert element("when", condition=Code("a < b && \"x\" == 'y'")) == (
        "<when condition='@(a &lt; b &amp;&amp; \"x\" == &apos;y&apos;)' />"
    )


def test_statements_stand_in_lines_of_their_own():
    statements = block("\n    var a = $value;\n    $nothing\n    return a;\n    ", value=7, nothing="")
    assert element("set-body", statements) == "<set-body>@{\n    var a = 7;\n    return a;\n}</set-body>"


def test_elements_are_indented_by_four_and_stand_inline_when_told_to():
    value = element("value", "1")
    assert element("set-header", value, name="a") == '<set-header name="a">\n    <value>1</value>\n</set-header>'
    assert element("set-header", value, name="a", inline=True) == '<set-header name="a"><value>1</value></set-header>'


def test_attributes_that_are_none_are_left_out():
    assert element("authentication-managed-identity", resource="r", client_id=None) == (
        '<authentication-managed-identity resource="r" />'
    )


def test_a_remark_cannot_end_itself():
    assert comment("why") == "<!-- why -->"
    with pytest.raises(ValueError, match="cannot stand in an XML comment"):
        comment("why -->")
