"""Compiles a C# syntax tree to Python code: the part that every kind of node shares.

One function compiles one kind of node; the functions live in files by family (literals, operators, calls, …) and are
found by the kind's name in the grammar. A kind without one is refused by name.
"""

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from tree_sitter import Node

from . import types as t
from .code import Run, Statement, called_statement, code
from .conversions import explicit, implicit
from .errors import NotCompiled
from .expr import SHORT, Expr, MethodGroup, Namespace, Operand, TypeName, constant
from .parse import Syntax
from .scope import Function
from .type_names import type_of_node

ExpressionHandler = Callable[["Compiler", Node, t.Type | None], Operand]
StatementHandler = Callable[["Compiler", Node], Statement | Run]

EXPRESSIONS: dict[str, ExpressionHandler] = {}
STATEMENTS: dict[str, StatementHandler] = {}


def expression(*kinds: str) -> Callable[[Any], Any]:
    """Declares the compiling function of these kinds of expression."""

    def declare(function: ExpressionHandler) -> ExpressionHandler:
        for kind in kinds:
            EXPRESSIONS[kind] = function
        return function

    return declare


def statement(*kinds: str) -> Callable[[Any], Any]:
    """Declares the compiling function of these kinds of statement."""

    def declare(function: StatementHandler) -> StatementHandler:
        for kind in kinds:
            STATEMENTS[kind] = function
        return function

    return declare


class Compiler:
    """State while one expression is compiled: the syntax, and the function whose variables are in reach."""

    def __init__(self, syntax: Syntax, function: Function) -> None:
        self.syntax = syntax
        self.function = function
        self.lambdas: dict[tuple[int, tuple[t.Type, ...], int], Any] = {}
        self.caught: int | None = None  # the slot of the exception that a bare `throw;` throws again

    def error(self, node: Node, message: str) -> NotCompiled:
        return NotCompiled(message, self.syntax.offset(node))

    def text(self, node: Node) -> str:
        return (node.text or b"").decode("utf-8", "replace")

    # -- expressions

    def operand(self, node: Node, target: t.Type | None = None) -> Operand:
        """An expression that may also be a type, a namespace, a method group, or a part of a `?.` chain."""
        handler = EXPRESSIONS.get(node.type)
        if handler is None:
            raise self.error(node, f"{_readable(node.type)} is not supported in policy expressions by the twin")
        return handler(self, node, target)

    def expression(self, node: Node, target: t.Type | None = None) -> Expr:
        """An expression that has a value. `target` is the type that is wanted, for those that depend on it."""
        return self.value(self.operand(node, target), node)

    def value(self, operand: Operand, node: Node) -> Expr:
        """An operand that must have a value."""
        if isinstance(operand, Expr):
            return _ended(operand) if operand.short else operand
        raise self.error(node, _not_a_value(operand))

    def converted(self, node: Node, target: t.Type) -> Expr:
        """An expression with the conversion to a wanted type applied."""
        return self.convert(self.expression(node, target), target, node)

    def convert(self, expr: Expr, target: t.Type, node: Node) -> Expr:
        """An implicit conversion, refused in C#'s words where there is none."""
        found = implicit(expr.type, target, expr.constant)
        if found is not None:
            return applied(expr, target, found.apply)
        message = f"Cannot implicitly convert type '{expr.type}' to '{target}'"
        if explicit(expr.type, target, expr.constant):
            message += ". An explicit conversion exists (are you missing a cast?)"
        if expr.type is t.NULL:
            message = f"Cannot convert null to '{target}' because it is a non-nullable value type"
        raise self.error(node, message)

    def type(self, node: Node) -> t.Type:
        """The type that a node of the syntax names."""
        return type_of_node(node, self.error)

    # -- statements

    def statement(self, node: Node) -> Statement:
        handler = STATEMENTS.get(node.type)
        if handler is None:
            raise self.error(node, f"{_readable(node.type)} is not supported in policy expressions by the twin")
        made = handler(self, node)
        return made if isinstance(made, Statement) else called_statement(made)

    @contextmanager
    def scope(self):
        """A block: what is declared within it is not seen behind it."""
        self.function.scopes.append({})
        try:
            yield
        finally:
            self.function.scopes.pop()

    @contextmanager
    def inside(self, function: Function):
        """Compile within a lambda."""
        outer, self.function = self.function, function
        try:
            yield
        finally:
            self.function = outer


def applied(expr: Expr, target: t.Type, apply: Callable[[Any], Any] | None) -> Expr:
    """An expression after a conversion of its value."""
    if apply is None:
        return Expr(target, expr, expr.constant)
    if expr.is_constant and expr.constant is not None and target is not t.OBJECT and not t.is_json(target):
        return constant(target, apply(expr.constant))
    return Expr(target, code("{}({})", apply, expr))


def _ended(expr: Expr) -> Expr:
    """The whole of a chain with `?.`: null where it was cut short."""
    lifted = t.is_value_type(expr.type) and expr.type.name != "?"
    ended = code("(None if (it := {}) is {} else it)", expr, SHORT)
    return Expr(t.nullable(expr.type) if lifted and expr.type is not t.VOID else expr.type, ended)


def named(node: Node) -> list[Node]:
    """The children that mean something: no punctuation, no comments."""
    return [child for child in node.named_children if child.type != "comment"]


def field(node: Node, name: str) -> Node:
    """A child that the grammar guarantees."""
    child = node.child_by_field_name(name)
    assert child is not None, f"{node.type} without {name}"
    return child


def _not_a_value(found: Operand) -> str:
    match found:
        case TypeName():
            return f"'{found.type}' is a type, which is not valid in the given context"
        case Namespace():
            return f"'{found.name}' is a namespace but is used like a variable"
        case MethodGroup():
            return f"'{found.name}' is a method, which is not valid in the given context"
    return "This is no value"


def _readable(kind: str) -> str:
    return f"'{kind.replace('_', ' ')}'"
