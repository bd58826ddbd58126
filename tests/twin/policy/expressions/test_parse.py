import pytest

from twin.policy.expressions.errors import NotCompiled
from twin.policy.expressions.parse import Syntax, parse


def parsed(source: str) -> Syntax:
    return parse(source, lambda name: name in ("int", "string", "Foo"))


def test_a_dot_behind_a_question_mark_binds_stronger_than_a_comparison():
    syntax = parsed("@(1 == a?.b)")
    right = syntax.body.child_by_field_name("right")
    assert right is not None
    assert right.type == "member_access_expression"
    assert [syntax.text[mark : mark + 1] for mark in syntax.conditional] == [b"?"]


@pytest.mark.parametrize(
    ("source", "kind"),
    [("@((a) - b)", "binary_expression"), ("@((Foo)-1)", "cast_expression"), ("@((int)(-1))", "cast_expression")],
)
def test_brackets_are_a_cast_only_where_a_type_stands_in_them(source: str, kind: str):
    assert parsed(source).body.type == kind


def test_the_types_of_a_generic_method_are_no_comparison_even_behind_a_cast():
    syntax = parsed('@((string)a.B<Foo>("c")["d"])')
    assert [node.text for node in syntax.casts.values()] == [b"string"]
    assert syntax.body.type == "prefix_unary_expression"


def test_places_count_characters_not_bytes_and_from_the_at_sign():
    syntax = parsed('@("ä€" + b)')
    right = syntax.body.child_by_field_name("right")
    assert right is not None
    assert syntax.offset(right) == '@("ä€" + b)'.index("b")


def test_the_body_of_a_block_is_its_statements():
    assert parsed("@{ return 1; }").body.type == "block"
    assert parsed("@( /* one */ 1 // two\n)").body.type == "integer_literal"


@pytest.mark.parametrize(
    ("source", "message", "offset"),
    [
        ("@()", "Expression expected", 0),
        ("@{ }", "not all code paths return a value", 0),
        ("@(1 + )", "Invalid expression term ')'", 7),
        ("@{ var a = 1 return a; }", "Syntax error near 'return a'", 13),
        ("@(1) + (2)", "Syntax error", 1),
        ("@(1; 2)", None, None),
        ("@{ return 1; } }", None, None),
    ],
)
def test_what_is_no_csharp_is_refused_with_its_place(source: str, message: str | None, offset: int | None):
    with pytest.raises(NotCompiled) as refusal:
        parsed(source)
    if message is not None:
        assert (refusal.value.message, refusal.value.offset) == (message, offset)
