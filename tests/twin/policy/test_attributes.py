import pytest

from twin.policy.attributes import attribute_problems
from twin.policy.catalogue import POLICIES
from twin.policy.document import Element
from twin.policy.problem import Problem
from twin.policy.reader import parse


def problems(text: str) -> list[Problem]:
    root: Element = parse(text, "xml").root
    return list(attribute_problems(root, POLICIES[root.tag]))


def said(text: str) -> list[str]:
    prefix = f"Error in element '{text[1:].split()[0].rstrip('/>')}' on line 1, column 2: "
    return [problem.message.removeprefix(prefix) for problem in problems(text)]


def test_attributes_as_documented_are_taken_and_every_policy_may_have_an_id():
    assert said('<retry id="r" condition="true" count="50" interval="0" delta="1" first-fast-retry="false"/>') == []


def test_an_unknown_attribute_is_refused_where_it_stands():
    [problem] = problems('<set-status code="200" raeson="OK"/>')
    assert problem == Problem(
        1,
        24,
        "Error in element 'set-status' on line 1, column 2: The 'raeson' attribute is not declared.",
        "set-status",
    )


def test_a_missing_attribute_is_named():
    assert said("<retry/>") == [
        "The required attribute 'condition' is missing.",
        "The required attribute 'count' is missing.",
        "The required attribute 'interval' is missing.",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '<retry condition="maybe" count="1" interval="1"/>',
            "The 'condition' attribute is invalid - The value 'maybe' is invalid according to its datatype "
            "'http://www.w3.org/2001/XMLSchema:boolean' - The string 'maybe' is not a valid Boolean value.",
        ),
        (
            '<retry condition="true" count="51" interval="1"/>',
            "The 'count' attribute is invalid - The value '51' is invalid according to its datatype "
            "'http://www.w3.org/2001/XMLSchema:int' - The MaxInclusive constraint failed (50).",
        ),
        (
            '<retry condition="true" count="0" interval="1"/>',
            "The 'count' attribute is invalid - The value '0' is invalid according to its datatype "
            "'http://www.w3.org/2001/XMLSchema:int' - The MinInclusive constraint failed (1).",
        ),
        (
            '<forward-request timeout="3000000000"/>',
            "The 'timeout' attribute is invalid - The value '3000000000' is invalid according to its datatype "
            "'http://www.w3.org/2001/XMLSchema:int' - The string '3000000000' is not a valid Int32 value.",
        ),
        (
            '<set-header name="x" exists-action="replace"/>',
            "The 'exists-action' attribute is invalid - The value 'replace' is invalid according to its datatype "
            "'String' - The Enumeration constraint failed (override, skip, append, delete).",
        ),
        (
            '<emit-metric name="x" value="1,5"/>',
            "The 'value' attribute is invalid - The value '1,5' is invalid according to its datatype "
            "'http://www.w3.org/2001/XMLSchema:double' - The string '1,5' is not a valid Double value.",
        ),
    ],
)
def test_a_literal_of_the_wrong_kind_is_refused(text: str, complaint: str):
    assert said(text) == [complaint]


def test_an_expression_is_taken_where_it_may_stand_and_refused_where_not():
    assert said('<forward-request timeout="@(1)"/>') == []
    assert said('<forward-request buffer-response="@(true)"/>') == [
        "The 'buffer-response' attribute does not allow policy expressions."
    ]


def test_a_named_value_is_not_judged_before_it_is_known():
    assert said('<forward-request timeout="{{seconds}}"/>') == []


def test_attributes_that_exclude_each_other():
    assert said('<set-backend-service backend-id="a" base-url="b"/>') == [
        "The attributes 'base-url' and 'backend-id' cannot be specified together."
    ]
    assert said("<set-backend-service/>") == ["One of the attributes 'base-url' and 'backend-id' must be specified."]
    assert said("<validate-jwt/>") == [
        "One of the attributes 'header-name', 'query-parameter-name', 'token-value' must be specified."
    ]


def test_a_namespace_declaration_is_no_attribute():
    assert said('<base xmlns:x="u"/>') == []
