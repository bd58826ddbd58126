"""Ends of expressions, whatever C# they hold."""

import pytest

from components.policy_text.islands import past_island

COMPLETE = [
    "@(1)",
    "@{ return 1; }",
    '@(context.Variables["x"])',
    '@("a string with ) and } and \\" in it")',
    '@(@"verbatim \\" + ")" + @"with ""quotes"" )")',
    "@(')' == 'x' || '\\'' == 'y')",
    '@{ // a remark with ) and "\n return 1; }',
    "@{ /* another } */ return 1; }",
    '@($"{context.Variables["x"]}) {{ }} {(1 + 2)}")',
    '@($@"{x} ""quoted"" \\")',
    '@(@$"{x} \\")',
    '@($"{{ {x}")',
    '@(@"a"")\\")',
    '@($"a \\" {x} \\{")',
    "@{ if (a < b && c > d) { return new[] { 1, 2 }[0]; } return 0; }",
]

INCOMPLETE = ["@(", "@(1", '@("abc)', "@(1]", "@{ ( }", "@('x)", '@($"{x")', '@{ return "a\nb"; }']


@pytest.mark.parametrize("code", COMPLETE)
def test_an_expression_ends_at_its_own_bracket(code: str):
    assert past_island(code, 0) == len(code)
    assert past_island(f'="{code}" other=")', 2) == 2 + len(code)


@pytest.mark.parametrize("code", INCOMPLETE)
def test_an_expression_that_does_not_end_is_told(code: str):
    assert past_island(code, 0) is None
