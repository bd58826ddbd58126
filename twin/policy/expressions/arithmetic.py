"""What operators do with numbers and times: functions on values, chosen by type when an expression is compiled."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation
from functools import partial
from typing import Any

from . import types as t
from .errors import Thrown, overflow
from .numbers import divide, fit, remainder, single
from .times import DateTime, DateTimeOffset, TimeSpan
from .values import wrap

Binary = Callable[[Any, Any], Any]

_DECIMALS = Context(prec=29)
_ORDER = (t.DECIMAL, t.DOUBLE, t.FLOAT, t.ULONG, t.LONG, t.UINT, t.INT)
_PYTHON: dict[str, Binary] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "/": divide,
    "%": remainder,
}
COMPARISONS: dict[str, Binary] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SYMBOLS: dict[Binary, str] = {
    **{function: symbol for symbol, function in COMPARISONS.items()},
    **{function: symbol for symbol, function in _PYTHON.items() if symbol not in "/%"},
}
"""Those that Python writes as C# does, with the same result."""


def promoted(left: t.Type, right: t.Type) -> t.Type | None:
    """The type in which two numbers are computed; None where C# has no operator for them."""
    kinds = {t.INT if kind in (t.CHAR, t.BYTE, t.SBYTE, t.SHORT, t.USHORT) else kind for kind in (left, right)}
    if not kinds <= set(_ORDER):
        return None
    if t.DECIMAL in kinds and kinds & {t.DOUBLE, t.FLOAT}:
        return None
    signed = {t.SBYTE, t.SHORT, t.INT, t.LONG}
    if t.ULONG in kinds and {left, right} & signed:
        return None
    if t.UINT in kinds and {left, right} & {t.SBYTE, t.SHORT, t.INT}:
        return t.LONG
    return next(kind for kind in _ORDER if kind in kinds)


def number_operator(op: str, kind: t.Type) -> Binary | None:
    """`+ - * / % & | ^` for two numbers of one promoted type."""
    if kind is t.FLOAT:
        real = _REAL.get(op)
        return None if real is None else lambda left, right: single(real(left, right))
    if kind is t.DOUBLE:
        return _REAL.get(op)
    if kind is t.DECIMAL:
        return _DECIMAL.get(op)
    function = _PYTHON.get(op)
    if function is None or op in "&|^":
        return function
    bits, signed = t.INTEGERS[kind], kind not in t.UNSIGNED
    if op in "/%":
        return _dividing(function, -(1 << (bits - 1))) if signed else function
    return _wrapping(function, bits, signed=signed)


def _dividing(function: Binary, lowest: int) -> Binary:
    """The lowest number by -1 overflows in unchecked code too: the processor refuses it."""

    def compute(left: int, right: int) -> int:
        if right == -1 and left == lowest:
            raise overflow("Arithmetic operation resulted in an overflow.")
        return function(left, right)

    return compute


def _wrapping(function: Binary, bits: int, *, signed: bool) -> Binary:
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    return Wrapping(function, low, high, partial(wrap, bits=bits, signed=signed))


@dataclass(frozen=True)
class Wrapping:
    """An operator of integers: the `exact` result, wrapped where it lies beyond the bounds, as in unchecked code."""

    exact: Binary
    low: int
    high: int
    wrap: Callable[[int], int]

    def __call__(self, left: int, right: int) -> int:
        return self.wrap(self.exact(left, right))


def shift(op: str, kind: t.Type) -> Binary:
    """`<<` and `>>`: only the lower bits of the count matter."""
    bits, signed = t.INTEGERS[kind], kind not in t.UNSIGNED
    if op == "<<":
        return lambda value, count: wrap(value << (count & (bits - 1)), bits, signed=signed)
    return lambda value, count: value >> (count & (bits - 1))


def negate(kind: t.Type) -> Callable[[Any], Any]:
    if kind in t.INTEGERS:
        bits = t.INTEGERS[kind]
        return lambda value: wrap(-value, bits, signed=True)
    return operator.neg


def _real_divide(left: float, right: float) -> float:
    if right == 0:
        if left == 0 or left != left:
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def _real_remainder(left: float, right: float) -> float:
    if right == 0 or math.isinf(left):
        return math.nan
    return math.fmod(left, right)


_REAL: dict[str, Binary] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _real_divide,
    "%": _real_remainder,
}


def _decimal(compute: Callable[[Decimal, Decimal], Decimal]) -> Binary:
    def checked(left: Decimal, right: Decimal) -> Decimal:
        try:
            return fit(compute(left, right))
        except (DivisionByZero, InvalidOperation):
            raise Thrown("System.DivideByZeroException", "Attempted to divide by zero.") from None

    return checked


_DECIMAL: dict[str, Binary] = {
    "+": _decimal(_DECIMALS.add),
    "-": _decimal(_DECIMALS.subtract),
    "*": _decimal(_DECIMALS.multiply),
    "/": _decimal(_DECIMALS.divide),
    "%": _decimal(_DECIMALS.remainder),
}


def _span_sum(left: TimeSpan, right: TimeSpan) -> TimeSpan:
    return TimeSpan(left.ticks + right.ticks)


def _span_difference(left: TimeSpan, right: TimeSpan) -> TimeSpan:
    return TimeSpan(left.ticks - right.ticks)


# Operators that types declare themselves: (operator, left, right) -> (result, function).
DECLARED: dict[tuple[str, t.Type, t.Type], tuple[t.Type, Binary]] = {
    ("+", t.TIME_SPAN, t.TIME_SPAN): (t.TIME_SPAN, _span_sum),
    ("-", t.TIME_SPAN, t.TIME_SPAN): (t.TIME_SPAN, _span_difference),
    ("+", t.DATE_TIME, t.TIME_SPAN): (t.DATE_TIME, lambda moment, span: moment.add(span.ticks)),
    ("-", t.DATE_TIME, t.TIME_SPAN): (t.DATE_TIME, lambda moment, span: moment.add(-span.ticks)),
    ("-", t.DATE_TIME, t.DATE_TIME): (t.TIME_SPAN, lambda left, right: TimeSpan(left.ticks - right.ticks)),
    ("+", t.DATE_TIME_OFFSET, t.TIME_SPAN): (t.DATE_TIME_OFFSET, lambda moment, span: moved(moment, span.ticks)),
    ("-", t.DATE_TIME_OFFSET, t.TIME_SPAN): (t.DATE_TIME_OFFSET, lambda moment, span: moved(moment, -span.ticks)),
    ("-", t.DATE_TIME_OFFSET, t.DATE_TIME_OFFSET): (
        t.TIME_SPAN,
        lambda left, right: TimeSpan(left.utc_ticks - right.utc_ticks),
    ),
}
COMPARABLE = frozenset({t.DATE_TIME, t.DATE_TIME_OFFSET, t.TIME_SPAN})
EQUATABLE = frozenset({t.BOOL, t.STRING, t.GUID, t.make("Uri"), *COMPARABLE})


def moved(moment: DateTimeOffset, ticks: int) -> DateTimeOffset:
    return DateTimeOffset(DateTime(moment.moment.ticks + ticks), moment.offset)
