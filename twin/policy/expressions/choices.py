"""`a ?? b` and `a ? b : c`: one of two values, in a type that both convert to."""

from tree_sitter import Node

from . import types as t
from .code import code
from .compiler import Compiler, applied, expression, field
from .conversions import implicit
from .expr import Expr

_THROW = "throw_expression"


def coalesce(left: Expr, right: Expr) -> Expr | None:
    inner = left.type.args[0] if left.type.name == "?" else left.type
    if t.is_value_type(left.type) and left.type.name != "?":
        return None
    if left.type is t.NULL:
        return right
    for wanted in (inner, left.type):
        found = implicit(right.type, wanted, right.constant)
        if found:
            return _or(left, applied(right, wanted, found.apply))
    found = implicit(inner, right.type)
    if found is None:
        return None
    if found.apply is None:
        return _or(left, right)
    return Expr(right.type, code("({} if (it := {}) is None else {}(it))", right, left, found.apply))


def _or(left: Expr, right: Expr) -> Expr:
    return Expr(right.type, code("({} if (it := {}) is None else it)", right, left))


@expression("conditional_expression")
def conditional(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    test = compiler.converted(field(node, "condition"), t.BOOL)
    yes_node, no_node = field(node, "consequence"), field(node, "alternative")
    yes = None if yes_node.type == _THROW else compiler.expression(yes_node, target)
    no = compiler.expression(no_node, yes.type if yes and no_node.type == _THROW else target)
    yes = yes or compiler.expression(yes_node, no.type)  # a throw has the type of the other branch
    common = _common(yes, no)
    if common is None:
        message = "Type of conditional expression cannot be determined because there is no implicit conversion between "
        raise compiler.error(node, f"{message}'{yes.type}' and '{no.type}'")
    yes, no = compiler.convert(yes, common, yes_node), compiler.convert(no, common, no_node)
    return Expr(common, code("({} if {} else {})", yes, test, no))


def _common(yes: Expr, no: Expr) -> t.Type | None:
    """The type that both branches convert to, of the two that they have."""
    if yes.type is no.type:
        return yes.type
    to_no, to_yes = implicit(yes.type, no.type, yes.constant), implicit(no.type, yes.type, no.constant)
    if to_no and to_yes:
        return no.type if to_no.cost <= to_yes.cost else yes.type
    return no.type if to_no else yes.type if to_yes else None
