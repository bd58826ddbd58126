"""Casts and the operators with one operand."""

from typing import Any

from tree_sitter import Node

from . import types as t
from .arithmetic import negate, promoted
from .assignments import step
from .compiler import Compiler, applied, expression, field, named
from .conversions import explicit
from .expr import Expr
from .operators import as_number


@expression("cast_expression")
def cast(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    return _cast(compiler, node, compiler.type(field(node, "type")), field(node, "value"))


def _cast(compiler: Compiler, node: Node, wanted: t.Type, value_node: Node) -> Expr:
    value = compiler.expression(value_node, wanted)
    found = explicit(value.type, wanted, value.constant)
    if found is None:
        raise compiler.error(node, f"Cannot convert type '{value.type}' to '{wanted}'")
    if wanted in t.INTEGERS and value.is_constant and value.type in t.INTEGERS:
        return applied(Expr(value.type, value.run, value.constant), wanted, found.apply)
    if found.apply is None:
        return Expr(wanted, value.run)
    run, apply = value.run, found.apply
    return Expr(wanted, lambda frame: apply(run(frame)))


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
    run = value.run
    if value.type.name == "?":
        inner = _negated(op, Expr(value.type.args[0], lambda frame: frame[0]))
        if inner is None:
            return None
        plain = inner.run
        return Expr(t.nullable(inner.type), lambda frame: None if (v := run(frame)) is None else plain([v]))
    if op == "!":
        return Expr(t.BOOL, lambda frame: not run(frame)) if value.type is t.BOOL else None
    if value.type is t.TIME_SPAN and op in ("+", "-"):
        return Expr(t.TIME_SPAN, (lambda frame: _opposite(run(frame))) if op == "-" else run)
    kind = t.LONG if value.type is t.UINT and op == "-" else promoted(value.type, value.type)
    if kind is None or (kind is t.ULONG and op == "-"):
        return None
    operand = as_number(value, kind)
    if op == "+":
        return operand
    if op == "~" and kind in t.INTEGERS:
        inverted = operand.run
        every_bit = (1 << t.INTEGERS[kind]) - 1 if kind in t.UNSIGNED else -1
        return Expr(kind, lambda frame: inverted(frame) ^ every_bit)
    if op != "-":
        return None
    function = negate(kind)
    if operand.is_constant:
        number = function(operand.constant)
        return Expr(kind, lambda _frame: number, number)
    plain = operand.run
    return Expr(kind, lambda frame: function(plain(frame)))


def _opposite(span: Any) -> Any:
    return type(span)(-span.ticks)
