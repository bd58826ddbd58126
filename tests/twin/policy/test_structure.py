import pytest

from twin.policy.reader import parse
from twin.policy.structure import Scope, structure_problems


def messages(text: str, scope: Scope = "api") -> list[str]:
    return [problem.message for problem in structure_problems(parse(text, "xml").root, scope)]


def in_section(content: str, section: str = "inbound", scope: Scope = "api") -> list[str]:
    return messages(f"<policies><{section}>\n{content}</{section}></policies>", scope)


def test_a_whole_policy_has_no_problems():
    assert (
        messages(
            """<policies>
    <inbound>
        <base />
        <set-backend-service id="lb" backend-id="pool" />
        <choose>
            <when condition="@(true)"><set-variable name="a" value="b" /></when>
            <otherwise><return-response><set-status code="401" /></return-response></otherwise>
        </choose>
    </inbound>
    <backend>
        <retry condition="@(true)" count="2" interval="0" first-fast-retry="true">
            <forward-request buffer-request-body="true" />
        </retry>
    </backend>
    <outbound><base /><set-header name="x" exists-action="delete" /></outbound>
    <on-error><set-body>text</set-body></on-error>
</policies>"""
        )
        == []
    )


def test_sections_may_be_left_out_and_so_may_base():
    assert messages("<policies />") == []
    assert in_section("<set-status code='200' />", "outbound") == []


@pytest.mark.parametrize("text", ["<inbound />", "<policy><inbound /></policy>", "<policies><inbund /></policies>"])
def test_what_is_no_section_of_a_policy_is_refused_in_azures_words(text: str):
    assert [message.partition(": ")[2] for message in messages(text)] == [
        "Policy section is not allowed in the specified scope"
    ]


def test_elements_without_sections_around_them_are_taken_for_sections():
    assert messages("<inbound>\n   <cors />\n   <validate-jwt />\n</inbound>") == [
        "Error in element 'cors' on line 2, column 5: Policy section is not allowed in the specified scope",
        "Error in element 'validate-jwt' on line 3, column 5: Policy section is not allowed in the specified scope",
    ]


def test_a_section_given_twice_is_refused():
    assert messages("<policies><inbound /><outbound /><inbound /></policies>") == [
        "Error in element 'inbound' on line 1, column 35: The element 'policies' has invalid child element 'inbound'."
    ]


def test_a_section_has_no_attributes():
    assert messages("<policies><inbound x='1' /></policies>") == [
        "Error in element 'inbound' on line 1, column 12: The 'x' attribute is not declared."
    ]


def test_an_unknown_element_is_refused_with_the_nearest_known_one():
    assert in_section("<set-heder name='x' />") == [
        "Error in element 'set-heder' on line 2, column 2: "
        "The element 'inbound' has invalid child element 'set-heder'. Did you mean 'set-header'?"
    ]
    assert in_section("<zzz />") == [
        "Error in element 'zzz' on line 2, column 2: The element 'inbound' has invalid child element 'zzz'."
    ]


def test_an_element_in_the_wrong_section_is_refused_with_the_right_ones():
    assert in_section("<forward-request />") == [
        "Error in element 'forward-request' on line 2, column 2: "
        "Policy scope is not allowed in this section. 'forward-request' may stand in: backend."
    ]
    assert in_section("<http-data-source />") == [
        "Error in element 'http-data-source' on line 2, column 2: "
        "Policy scope is not allowed in this section. 'http-data-source' may stand in: a GraphQL resolver only."
    ]


def test_the_section_counts_within_choose_and_retry_too():
    inner = "<choose><when condition='true'><retry condition='true' count='1' interval='1'><cache-store duration='1' />"
    assert in_section(f"{inner}</retry></when></choose>") == [
        "Error in element 'cache-store' on line 2, column 80: "
        "Policy scope is not allowed in this section. 'cache-store' may stand in: outbound."
    ]


def test_what_stands_inside_of_send_request_is_not_bound_to_its_own_section():
    request = "<set-url>http://x</set-url><set-method>GET</set-method><authentication-managed-identity resource='r' />"
    assert in_section(f"<send-request>{request}</send-request>", "outbound") == []


def test_an_element_in_the_wrong_scope_is_refused():
    quota = "<quota calls='1' renewal-period='1' />"
    assert in_section(quota, scope="product") == []
    assert in_section(quota, scope="api") == [
        "Error in element 'quota' on line 2, column 2: "
        "Policy is not allowed in the specified scope. 'quota' may stand in: product."
    ]


def test_text_between_elements_is_refused_in_dotnets_words():
    assert in_section("<set-header name='x'>text</set-header>") == [
        "Error in element 'set-header' on line 2, column 2: "
        "The element 'set-header' cannot contain text. List of possible elements expected: 'value'."
    ]
    assert in_section("text") == [
        "Error in element 'inbound' on line 1, column 12: The element 'inbound' cannot contain text."
    ]


def test_comments_may_stand_anywhere():
    assert in_section("<!-- a --><set-header name='x'><!-- b --><value>1</value></set-header>") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "<set-header name='x'><vale /></set-header>",
            "has invalid child element 'vale'. List of possible elements expected: 'value'.",
        ),
        ("<base><x /></base>", "cannot contain child element 'x' because the parent element's content model is empty."),
        (
            "<set-method><x /></set-method>",
            "cannot contain child element 'x' because the parent element's content model is text only.",
        ),
        ("<choose />", "has incomplete content. List of possible elements expected: 'when'."),
        (
            "<wait><set-status code='1' /></wait>",
            "has invalid child element 'set-status'. "
            "List of possible elements expected: 'send-request, cache-lookup-value, choose'.",
        ),
        (
            "<return-response><set-status code='1' /><set-status code='2' /></return-response>",
            "has invalid child element 'set-status'.",
        ),
    ],
)
def test_what_an_element_may_hold(content: str, message: str):
    [found] = in_section(content)
    assert found.endswith(message)


def test_a_liquid_template_may_hold_any_xml():
    assert in_section("<set-body template='liquid'><s:x xmlns:s='u'>{{body.a}}<y /></s:x></set-body>") == []


def test_base_stands_once_directly_in_a_section():
    assert in_section("<base /><base />") == [
        "Error in element 'base' on line 2, column 10: The policy 'base' can be used only once in a policy section."
    ]
    assert in_section("<choose><when condition='true'><base /></when></choose>") == [
        "Error in element 'base' on line 2, column 33: Policy scope is not allowed in this section. "
        "'base' stands directly in a section, not in 'when'."
    ]


def test_some_policies_may_be_used_only_once():
    twice = "<rate-limit calls='1' renewal-period='1' />" * 2
    assert in_section(twice) == [
        "Error in element 'rate-limit' on line 2, column 45: "
        "The policy 'rate-limit' can be used only once in a policy definition."
    ]
    assert in_section("<cache-lookup-value key='k' variable-name='v' />" * 2) == []


class TestFragments:
    def test_a_fragment_holds_policies_of_any_section(self):
        assert messages("<fragment><forward-request /><cache-store duration='1' /></fragment>", "fragment") == []

    def test_a_fragment_holds_neither_sections_nor_base_nor_fragments(self):
        text = "<fragment><inbound /><base /><include-fragment fragment-id='x' /></fragment>"
        assert messages(text, "fragment") == [
            "Error in element 'inbound' on line 1, column 12: "
            "The element 'fragment' has invalid child element 'inbound'.",
            "Error in element 'base' on line 1, column 23: Policy scope is not allowed in this section. "
            "'base' stands directly in a section, not in a policy fragment.",
            "Error in element 'include-fragment' on line 1, column 31: "
            "Policy is not allowed in the specified scope. A fragment cannot include another one.",
        ]

    def test_the_root_of_a_fragment_is_fragment(self):
        assert messages("<policies />", "fragment") == [
            "Error in element 'policies' on line 1, column 2: "
            "The root of a policy fragment is 'fragment', not 'policies'."
        ]
