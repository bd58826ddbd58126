import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policy.document import Document, Element, Format, Text
from twin.policy.formatted import formatted, write
from twin.policy.reader import parse

POLICY = """<!-- why -->
<policies>
    <inbound>
        <base/>
        <set-variable name='n' value="@{
    return context.Variables["jwt"] != null && 1 < 2;
}" />
        <set-body>@{
    return "<" + List<string>("a&b");
}</set-body>
    </inbound>
    <outbound></outbound>
</policies>
"""


def test_a_policy_comes_back_with_tabs_crlf_and_entities():
    assert formatted(POLICY, "rawxml", "xml") == (
        "<!-- why -->\r\n"
        "<policies>\r\n"
        "\t<inbound>\r\n"
        "\t\t<base />\r\n"
        '\t\t<set-variable name="n" value="@{&#xA;    return context.Variables[&quot;jwt&quot;] != null &amp;&amp; '
        '1 &lt; 2;&#xA;}" />\r\n'
        '\t\t<set-body>@{\r\n    return "&lt;" + List&lt;string&gt;("a&amp;b");\r\n}</set-body>\r\n'
        "\t</inbound>\r\n"
        "\t<outbound></outbound>\r\n"
        "</policies>"
    )


def test_on_request_a_policy_comes_back_with_its_code_as_it_is():
    assert formatted(POLICY, "rawxml", "rawxml") == (
        "<!-- why -->\r\n"
        "<policies>\r\n"
        "\t<inbound>\r\n"
        "\t\t<base />\r\n"
        '\t\t<set-variable name="n" value="@{\r\n    return context.Variables["jwt"] != null && 1 < 2;\r\n}" />\r\n'
        '\t\t<set-body>@{\r\n    return "<" + List<string>("a&b");\r\n}</set-body>\r\n'
        "\t</inbound>\r\n"
        "\t<outbound></outbound>\r\n"
        "</policies>"
    )


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ('@("&amp;")', 'b="@("&amp;amp;")"'),
        ('@("unclosed)', 'b="&#64;(&quot;unclosed)"'),
        ("@(", 'b="&#64;("'),
        (" @(1)", 'b=" &#64;(1)"'),
        ("plain & simple", 'b="plain &amp; simple"'),
    ],
)
def test_code_that_could_not_be_read_back_is_escaped_even_in_rawxml(value: str, raw: str):
    escaped = value.replace("&", "&amp;").replace('"', "&quot;")
    assert formatted(f'<a b="{escaped}"/>', "xml", "rawxml") == f"<a {raw} />"


CODE = st.text(alphabet="@(){}\"'<>&;ax \n$\\/", max_size=25)
VALUES = st.one_of(CODE, CODE.map("@({})".format), CODE.map("@{{{}}}".format))
TAGS = st.sampled_from(["policies", "inbound", "set-body", "value"])


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> str:
    """The strict XML of some document, so that what it means is beyond doubt."""
    tag = draw(TAGS)
    attributes = "".join(f' a{n}="{escape(value)}"' for n, value in enumerate(draw(st.lists(VALUES, max_size=2))))
    if depth == 0 or draw(st.booleans()):
        content = escape(draw(VALUES))
    else:
        content = "".join(draw(st.lists(trees(depth=depth - 1), max_size=3)))
    return f"<{tag}{attributes}>{content}</{tag}>"


def escape(text: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\n", "&#10;")):
        text = text.replace(char, entity)
    return text


def meaning(node: Element | Text) -> object:
    if isinstance(node, Text):
        return node.kind, node.value
    attributes = {name: attribute.value for name, attribute in node.attributes.items()}
    return node.tag, attributes, [meaning(child) for child in node.children], node.empty


@given(trees(), st.sampled_from(["xml", "rawxml"]))
def test_what_comes_back_means_the_same_and_comes_back_unchanged_the_next_time(text: str, format: Format):
    once = formatted(text, "xml", format)
    assert meaning(parse(once, format).root) == meaning(parse(text, "xml").root)
    assert formatted(once, format, format) == once


def test_a_document_can_be_written_without_its_text():
    root = parse("<a><b/></a>", "xml").root
    assert write(Document(root), "xml") == "<a>\r\n\t<b />\r\n</a>"
