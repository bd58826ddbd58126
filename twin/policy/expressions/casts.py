"""Casts and the operators with one operand."""

from typing import Any

from tree_sitter import Node

from . import types as t
from .arithmetic import negate, promoted
from .assignments import step
from .code import code
from .compiler import Compiler, applied, expression, field, named
from .conversions import explicit
from .expr import Expr, constant
from .operators import as_number
from .scope import load


@expression("cast_expression")
def cast(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    return _cast(compiler, node, compiler.type(field(node, "type")), field(node, "value"))


def _cast(compiler: Compiler, node: Node, wanted: t.Type, value_node: Node) -> Expr:
    value = compiler.expression(value_node, wanted)
    found = explicit(value.type, wanted, value.constant)
    if found is None:
        raise compiler.error(node, f"Cannot convert type '{value.type}' to '{wanted}'")
    if wanted in t.INTEGERS and value.is_constant and value.type in t.INTEGERS:
        return applied(value, wanted, found.apply)
    if found.apply is None:
        return Expr(wanted, value)
    if found.kept:
        return Expr(wanted, code("(it if (it := {}).__class__ is {} else {}(it))", value, found.kept, found.apply))
    return Expr(wanted, code("{}({})", found.apply, value))


@expression("prefix_unary_expression")
def prefix(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    op, operand_node = compiler.text(node.children[0]), named(node)[-1]
    masked = compiler.syntax.casts.get(node.start_byte)
    if masked is not None and op == "~":
        return _cast(compiler, node, compiler.type(masked), operand_node)
    if op in ("++", "--"):
        return step(compiler, operand_node, op, before=True)
    value = compiler.expression(operand_node, target)
    found = _negated(op, value)
    if found is None:
        raise compiler.error(node, f"Operator '{op}' cannot be applied to operand of type '{value.type}'")
    return found


def _negated(op: str, value: Expr) -> Expr | None:
    if value.type.name == "?":
        inner = _negated(op, Expr(value.type.args[0], load(0, 0)))
        if inner is None:
            return None
        return Expr(t.nullable(inner.type), code("(None if (it := {}) is None else {}([it]))", value, inner.run))
    if op == "!":
        return Expr(t.BOOL, code("(not {})", value)) if value.type is t.BOOL else None
    if value.type is t.TIME_SPAN and op in ("+", "-"):
        return Expr(t.TIME_SPAN, code("{}({})", _opposite, value) if op == "-" else value)
    kind = t.LONG if value.type is t.UINT and op == "-" else promoted(value.type, value.type)
    if kind is None or (kind is t.ULONG and op == "-"):
        return None
    operand = as_number(value, kind)
    if op == "+":
        return operand
    if op == "~" and kind in t.INTEGERS:
        every_bit = (1 << t.INTEGERS[kind]) - 1 if kind in t.UNSIGNED else -1
        return Expr(kind, code("({} ^ {})", operand, every_bit))
    if op != "-":
        return None
    function = negate(kind)
    if operand.is_constant:
        return constant(kind, function(operand.constant))
    return Expr(kind, code("{}({})", function, operand))


def _opposite(span: Any) -> Any:
    return type(span)(-span.ticks)
