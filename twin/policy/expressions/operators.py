"""Operators: arithmetic, comparison, logic, `??`, `?:`, and their forms for nullable types."""

from contextlib import suppress
from operator import add, mul, sub
from typing import Any

from tree_sitter import Node

from . import types as t
from .arithmetic import (
    COMPARABLE,
    COMPARISONS,
    DECLARED,
    EQUATABLE,
    SYMBOLS,
    Wrapping,
    number_operator,
    promoted,
    shift,
)
from .choices import coalesce
from .code import Code, code, constant_code, list_code
from .compiler import Compiler, applied, expression, field
from .conversions import implicit, numeric
from .errors import Thrown
from .expr import Expr, constant
from .scope import load
from .texts import stringer
from .values import same_object

_LOGIC = frozenset({"&&", "||"})
_BITS = frozenset({"&", "|", "^"})
_EXACT = {"+": add, "-": sub, "*": mul}


class Concatenation(Expr):
    """`a + b + c` of texts: joined once, not piece by piece."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: list[Code]) -> None:
        self.pieces = pieces
        super().__init__(t.STRING, code("''.join({})", list_code(pieces)))


@expression("binary_expression")
def binary(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    op = compiler.text(field(node, "operator"))
    left_node, right_node = field(node, "left"), field(node, "right")
    if op in _LOGIC:
        return _logic(op, compiler.converted(left_node, t.BOOL), compiler.converted(right_node, t.BOOL))
    left = compiler.expression(left_node, target if op == "??" else None)
    right = compiler.expression(right_node, target if op == "??" else None)
    found = coalesce(left, right) if op == "??" else operation(op, left, right)
    if found is None:
        message = f"Operator '{op}' cannot be applied to operands of type '{left.type}' and '{right.type}'"
        raise compiler.error(node, message)
    complaint = _constant_complaint(op, left, right, found)
    if complaint and not _is_unchecked(node):
        raise compiler.error(node, complaint)
    return found


def _is_unchecked(node: Node | None) -> bool:
    """Whether this stands within `unchecked(…)` or `unchecked { … }`."""
    while node is not None and node.type not in ("checked_expression", "checked_statement"):
        node = node.parent
    return node is not None


def _constant_complaint(op: str, left: Expr, right: Expr, found: Expr) -> str:
    """What C# computes while it compiles must neither overflow nor divide by zero."""
    if op in ("/", "%") and left.is_constant and right.constant == 0 and found.type in {*t.INTEGERS, t.DECIMAL}:
        return "Division by constant zero"
    exact = _EXACT.get(op) if found.is_constant and type(left.constant) is type(right.constant) is int else None
    if exact and exact(left.constant, right.constant) != found.constant:
        return "The operation overflows at compile time in checked mode"
    return ""


def operation(op: str, left: Expr, right: Expr) -> Expr | None:
    """`left op right`; None where C# has no such operator."""
    if op == "+" and t.STRING in (left.type, right.type):
        return _concatenated(left, right)
    if op in ("==", "!="):
        return _equality(op, left, right)
    if "?" in (left.type.name, right.type.name):
        return _lifted(op, left, right)
    if op in ("<<", ">>"):
        return _shifted(op, left, right)
    if op in _BITS and left.type is right.type and (left.type is t.BOOL or t.is_enum(left.type)):
        function = number_operator(op, t.INT)
        return _applied(function, left, right, left.type) if function else None
    declared = DECLARED.get((op, left.type, right.type))
    if declared:
        return _applied(declared[1], left, right, declared[0])
    if op in COMPARISONS:
        return _comparison(op, left, right)
    kind = _common_kind(left, right)
    function = number_operator(op, kind) if kind else None
    return _applied(function, as_number(left, kind), as_number(right, kind), kind) if function and kind else None


def _common_kind(left: Expr, right: Expr) -> t.Type | None:
    """The type in which two numbers are computed: a constant that fits takes the unsigned type of the other side."""
    for one, other in ((left, right), (right, left)):
        if one.type in (t.UINT, t.ULONG) and other.is_constant and implicit(other.type, one.type, other.constant):
            return one.type
    return promoted(left.type, right.type)


def as_number(expr: Expr, kind: t.Type) -> Expr:
    return expr if expr.type is kind else applied(expr, kind, numeric(expr.type, kind))


def _applied(function: Any, left: Expr, right: Expr, result: t.Type) -> Expr:
    if left.is_constant and right.is_constant and left.type in t.NUMBERS and right.constant != 0:
        with suppress(Thrown):  # decimals that overflow do so when the expression runs
            return constant(result, function(left.constant, right.constant))
    symbol = SYMBOLS.get(function)
    if symbol:
        return Expr(result, code(f"({{}} {symbol} {{}})", left, right))
    if isinstance(function, Wrapping):
        low, high, exact = function.low, function.high, _applied(function.exact, left, right, result)
        return Expr(result, code("(it if {} <= (it := {}) <= {} else {}(it))", low, exact, high, function.wrap))
    return Expr(result, code("{}({}, {})", function, left, right))


def _logic(op: str, left: Expr, right: Expr) -> Expr:
    return Expr(t.BOOL, code("({} and {})" if op == "&&" else "({} or {})", left, right))


def _concatenated(left: Expr, right: Expr) -> Expr | None:
    if t.VOID in (left.type, right.type):
        return None
    pieces = [*_pieces(left), *_pieces(right)]
    return Concatenation(pieces)


def _pieces(expr: Expr) -> list[Code]:
    if isinstance(expr, Concatenation):
        return expr.pieces
    text = stringer(expr.type)
    return [constant_code(text(expr.constant)) if expr.is_constant else code("{}({})", text, expr)]


def _shifted(op: str, left: Expr, right: Expr) -> Expr | None:
    if left.type not in {*t.INTEGERS, t.CHAR} or implicit(right.type, t.INT, right.constant) is None:
        return None
    kind = left.type if left.type in (t.UINT, t.LONG, t.ULONG) else t.INT
    return _applied(shift(op, kind), as_number(left, kind), as_number(right, t.INT), kind)


def _comparison(op: str, left: Expr, right: Expr) -> Expr | None:
    kind = _common_kind(left, right)
    if kind:
        return _applied(COMPARISONS[op], as_number(left, kind), as_number(right, kind), t.BOOL)
    if left.type is right.type and (left.type in COMPARABLE or t.is_enum(left.type)):
        return _applied(COMPARISONS[op], left, right, t.BOOL)
    common = _common_times(left, right)
    return _applied(COMPARISONS[op], *common, t.BOOL) if common else None


def _common_times(left: Expr, right: Expr) -> tuple[Expr, Expr] | None:
    """A DateTime beside a DateTimeOffset becomes one."""
    if {left.type, right.type} != {t.DATE_TIME, t.DATE_TIME_OFFSET}:
        return None
    found = implicit(t.DATE_TIME, t.DATE_TIME_OFFSET)
    apply = found.apply if found else None
    widened = [e if e.type is t.DATE_TIME_OFFSET else applied(e, t.DATE_TIME_OFFSET, apply) for e in (left, right)]
    return widened[0], widened[1]


def _equality(op: str, left: Expr, right: Expr) -> Expr | None:
    """Equal values for value types and texts; the same object for all others."""
    function = COMPARISONS[op]
    if t.NULL in (left.type, right.type):
        return _null_check(op, right if left.type is t.NULL else left)
    if "?" in (left.type.name, right.type.name):
        return _lifted(op, left, right)
    kind = _common_kind(left, right)
    if kind:
        return _applied(function, as_number(left, kind), as_number(right, kind), t.BOOL)
    if left.type is right.type and (left.type in EQUATABLE or t.is_enum(left.type)):
        return _applied(function, left, right, t.BOOL)
    for one, other in ((left, right), (right, left)):
        if t.is_enum(one.type) and other.is_constant and other.constant == 0 and other.type is t.INT:
            return _applied(function, left, right, t.BOOL)
    common = _common_times(left, right)
    if common:
        return _applied(function, *common, t.BOOL)
    return _same_object(op, left, right)


def _null_check(op: str, value: Expr) -> Expr | None:
    if t.is_value_type(value.type) and value.type.name != "?":
        if value.type is t.VOID or value.type.name == "KeyValuePair":
            return None
        return Expr(t.BOOL, code("({}, {})[1]", value, constant_code(op == "!=")))
    return Expr(t.BOOL, code("({} is None)" if op == "==" else "({} is not None)", value))


def _same_object(op: str, left: Expr, right: Expr) -> Expr | None:
    if t.is_value_type(left.type) or t.is_value_type(right.type):
        return None
    related = left.type in t.bases(right.type) or right.type in t.bases(left.type)
    if not related:
        return None
    if t.OBJECT in (left.type, right.type):
        return Expr(t.BOOL, code("({}({}, {}) is {})", same_object, left, right, constant_code(op == "==")))
    return Expr(t.BOOL, code("({} is {})" if op == "==" else "({} is not {})", left, right))


def _lifted(op: str, left: Expr, right: Expr) -> Expr | None:
    """An operator with a nullable operand: null in, null out; comparisons with null are false."""
    plain = [
        Expr(side.type.args[0] if side.type.name == "?" else side.type, load(n, 0))
        for n, side in enumerate((left, right))
    ]
    inner = operation(op, plain[0], plain[1])
    if inner is None:
        return None
    compute = inner.run
    if op in ("==", "!="):
        same = op == "=="

        def compare(a: Any, b: Any) -> bool:
            return (a is b) is same if a is None or b is None else compute([a, b])

        return Expr(t.BOOL, code("{}({}, {})", compare, left, right))
    if op in ("&", "|") and inner.type is t.BOOL:
        decisive = op == "|"  # with this value on one side the other side may be unknown

        def three_valued(a: bool | None, b: bool | None) -> bool | None:
            return decisive if decisive in (a, b) else None if None in (a, b) else not decisive

        return Expr(t.nullable(t.BOOL), code("{}({}, {})", three_valued, left, right))
    empty = False if op in COMPARISONS else None

    def lifted(a: Any, b: Any) -> Any:
        return empty if a is None or b is None else compute([a, b])

    return Expr(t.BOOL if op in COMPARISONS else t.nullable(inner.type), code("{}({}, {})", lifted, left, right))
