from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.policy.check import LARGEST_FRAGMENT, LARGEST_POLICY, policy_problems
from twin.policy.document import Format
from twin.policy.problem import Problem
from twin.policy.structure import Scope

GOLDEN = sorted((Path(__file__).parents[2] / "components" / "golden").glob("*.xml"))
POLICY = """<policies>
    <inbound>
        <base />
        <set-backend-service id="lb-backend" backend-id="pool" />
        <set-variable name="wait" value="@(context.Variables.GetValueOrDefault<int>("n", 1) < 2 && "a" != "b")" />
        <include-fragment fragment-id="shared" />
    </inbound>
    <backend>
        <retry condition='@{ return context.Response?.StatusCode == 429; }' count="2" interval="0">
            <forward-request timeout="60" buffer-request-body="true" />
        </retry>
    </backend>
    <outbound>
        <set-header name="x" exists-action="override"><value>@("{{name}}")</value></set-header>
    </outbound>
</policies>"""


def check(text: str, format: Format = "rawxml", scope: Scope = "api") -> list[Problem]:
    return policy_problems(text, format, scope, lambda _kind, _name: True)


def test_a_good_policy_has_no_problems():
    assert check(POLICY) == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_policies_that_the_components_render_have_no_problems(path: Path):
    formats: list[Format] = ["rawxml"] if "-raw" in path.stem else ["xml", "rawxml"]
    assert [check(path.read_text(), format) for format in formats] == [[]] * len(formats)


def test_text_that_is_no_xml_is_one_problem_of_the_representation():
    [problem] = check(POLICY, "xml")
    assert (problem.line, problem.column, problem.target) == (5, 79, "representation")
    assert problem.message == "'<', hexadecimal value 0x3C, is an invalid attribute character. Line 5, position 79."


def test_text_of_a_fragment_that_is_no_xml_is_called_so():
    [problem] = check('<fragment><a b=""c""/></fragment>', "xml", "fragment")
    assert problem.message == (
        "The policy fragment is not a valid XML: "
        "'c' is an unexpected token. Expecting white space. Line 1, position 18."
    )


def test_all_problems_are_given_at_once_in_the_order_of_the_text():
    text = (
        "<policies><inbound>\n<set-backend-service backend-id='x' />\n<oops />\n<set-status />\n</inbound></policies>"
    )
    problems = policy_problems(text, "xml", "api", lambda _kind, _name: False)
    assert [(problem.line, problem.target) for problem in problems] == [
        (2, "set-backend-service"),
        (3, "oops"),
        (4, "set-status"),
    ]


@pytest.mark.parametrize(("scope", "limit"), [("api", LARGEST_POLICY), ("fragment", LARGEST_FRAGMENT)])
def test_a_policy_beyond_the_size_limit_is_refused(scope: Scope, limit: int):
    root = "fragment" if scope == "fragment" else "policies"
    text = f"<{root}></{root}>"
    padding = "é" * ((limit - len(text) - 7) // 2)
    fits = f"<!--{padding}-->{text}"
    assert check(fits, "xml", scope) == []
    size = len(fits.encode()) + 2
    assert [problem.message for problem in check(fits + "\n\n" * 1, "xml", scope)] == (
        [] if size <= limit else [f"The policy is {size} bytes long. At most {limit} bytes are allowed."]
    )


def test_a_smaller_limit_can_be_given():
    [problem] = policy_problems("<policies />", "xml", "api", lambda _kind, _name: True, largest=11)
    assert problem.message == "The policy is 12 bytes long. At most 11 bytes are allowed."


PIECES = st.sampled_from(
    ["<", ">", "/>", "</", "@(", "@{", ")", "}", '"', "'", "&", "{{", "}}", "<base />", "<when>", "\n", "x", ""]
)


@given(
    st.integers(0, len(POLICY)),
    st.integers(0, 12),
    PIECES,
    st.sampled_from(["xml", "rawxml"]),
    st.sampled_from(["global", "product", "api", "operation", "fragment"]),
)
def test_no_change_to_a_policy_makes_the_check_fail_it_only_reports(
    at: int, removed: int, piece: str, format: Format, scope: Scope
):
    changed = POLICY[:at] + piece + POLICY[at + removed :]
    lines = changed.split("\n")
    for problem in check(changed, format, scope):
        assert problem.message
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 2


def condition(source: str) -> list[Problem]:
    text = f'<policies><inbound>\n  <choose>\n    <when condition="{source}" />\n  </choose>\n</inbound></policies>'
    return check(text)


def test_an_expression_that_does_not_compile_is_named_with_its_policy_and_placed_where_it_is_wrong():
    assert condition("@(1 == 'ab')") == [
        Problem(
            3,
            29,
            "Error in element 'choose' on line 2, column 4: Too many characters in character literal",
            "choose",
        )
    ]


def test_the_place_counts_entities_and_lines_of_the_text_as_it_was_sent():
    [problem] = condition("@(&quot;a&quot; == &quot;b&quot;\n    &amp;&amp; nope)")
    assert (problem.line, problem.column) == (4, 16)
    assert problem.message.endswith("The name 'nope' does not exist in the current context")
    [problem] = condition("@{\r\n return nope;\r\n}")
    assert (problem.line, problem.column) == (4, 9)


@pytest.mark.parametrize(
    ("source", "type"),
    [("@(1)", "System.Int32"), ('@("true")', "System.String"), ('@(context.Variables["x"])', "System.Object")],
)
def test_a_condition_that_is_no_bool_is_refused(source: str, type: str):
    [problem] = condition(source)
    assert problem.message.endswith(f"Expression return type '{type}' is not allowed.")


def in_inbound(content: str) -> list[str]:
    problems = check(f"<policies><inbound>{content}</inbound></policies>")
    return [problem.message.partition(": ")[2] for problem in problems]


def test_whole_numbers_are_wanted_as_int_or_exactly_as_long():
    limit = '<llm-token-limit counter-key="k" estimate-prompt-tokens="true" '
    assert in_inbound(f'{limit}tokens-per-minute="@(5)" token-quota="@(5L)" token-quota-period="Daily" />') == []
    assert in_inbound(f'{limit}tokens-per-minute="@(5L)" />') == [
        "Expression return type 'System.Int64' is not allowed."
    ]
    assert in_inbound(f'{limit}token-quota="@(5)" token-quota-period="Daily" />') == [
        "Expression return type 'System.Int32' is not allowed."
    ]


def test_json_is_no_text_but_may_be_a_variable():
    assert in_inbound("<set-body>@(new JObject())</set-body>") == [
        "Expression return type 'Newtonsoft.Json.Linq.JObject' is not allowed."
    ]
    assert in_inbound('<set-variable name="x" value="@(new JObject())" />') == []


def test_json_may_go_into_the_cache_and_be_what_stands_in_for_it():
    assert in_inbound('<cache-store-value key="k" value="@(new JArray())" duration="60" />') == []
    assert in_inbound('<cache-lookup-value key="k" variable-name="v" default-value="@(new JArray())" />') == []
    assert in_inbound('<cache-lookup-value key="@(new JArray())" variable-name="v" />') == [
        "Expression return type 'Newtonsoft.Json.Linq.JArray' is not allowed."
    ]


def test_members_that_azure_forbids_are_refused_in_its_words():
    assert in_inbound('<set-variable name="x" value="@(DateTime.TryParse("1", out var d))" />') == [
        "Usage of member 'TryParse' of type 'System.DateTime' is not supported within expressions"
    ]
    assert in_inbound('<set-variable name="x" value="@(System.IO.File.ReadAllText("x"))" />') == [
        "Usage of type 'System.IO.File' is not supported within expressions"
    ]


def test_code_with_a_named_value_is_judged_only_as_far_as_it_can_be():
    assert in_inbound('<set-variable name="x" value="@({{number}} + 1)" />') == []
    assert in_inbound('<set-variable name="x" value="@("{{text}}".Length)" />') == []


def test_expressions_are_found_in_fragments_and_texts_of_nested_elements():
    text = '<fragment><set-header name="x"><value>@(nope)</value></set-header></fragment>'
    [problem] = check(text, "rawxml", "fragment")
    assert problem == Problem(
        1,
        41,
        "Error in element 'set-header' on line 1, column 12: The name 'nope' does not exist in the current context",
        "set-header",
    )
