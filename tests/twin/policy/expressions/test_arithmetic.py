"""Integers against their definition: 32 and 64 bits, division towards zero, and what overflows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.expressions import call
from twin.policy.expressions import ExpressionFault, compile_expression
from twin.policy.expressions.values import Int64

INT, LONG = st.integers(-(2**31), 2**31 - 1), st.integers(-(2**63), 2**63 - 1)


def wrapped(value: int, bits: int) -> int:
    return (value + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)


@given(INT, INT, st.sampled_from("+-*"))
def test_ints_wrap_around(left: int, right: int, operator: str):
    got = compile_expression(f'@((int)context.Variables["a"] {operator} (int)context.Variables["b"])')
    expected = {"+": left + right, "-": left - right, "*": left * right}[operator]
    assert got.run(call(a=left, b=right)) == wrapped(expected, 32)


@given(LONG, LONG, st.sampled_from("+-*"))
def test_longs_wrap_around(left: int, right: int, operator: str):
    got = compile_expression(f'@((long)context.Variables["a"] {operator} (long)context.Variables["b"])')
    expected = {"+": left + right, "-": left - right, "*": left * right}[operator]
    value = got.run(call(a=Int64(left), b=Int64(right)))
    assert isinstance(value, Int64)
    assert value == wrapped(expected, 64)


@given(INT.filter(lambda n: n > -(2**31)), INT.filter(bool))
def test_division_goes_towards_zero_and_the_remainder_has_the_sign_of_the_left(left: int, right: int):
    divided = compile_expression('@((int)context.Variables["a"] / (int)context.Variables["b"])')
    rest = compile_expression('@((int)context.Variables["a"] % (int)context.Variables["b"])')
    quotient = divided.run(call(a=left, b=right))
    assert quotient * right + rest.run(call(a=left, b=right)) == left
    assert abs(quotient) == abs(left) // abs(right)


@pytest.mark.parametrize("operator", ["/", "%"])
def test_nothing_is_divided_by_zero(operator: str):
    with pytest.raises(ExpressionFault) as fault:
        compile_expression(f'@(1 {operator} (int)context.Variables["b"])').run(call(b=0))
    assert fault.value.kind == "System.DivideByZeroException"


@given(INT, st.integers(-70, 70))
def test_shifts_count_modulo_the_width(value: int, count: int):
    left = compile_expression('@((int)context.Variables["a"] << (int)context.Variables["b"])')
    right = compile_expression('@((int)context.Variables["a"] >> (int)context.Variables["b"])')
    assert left.run(call(a=value, b=count)) == wrapped(value << (count & 31), 32)
    assert right.run(call(a=value, b=count)) == value >> (count & 31)
