"""`new`: objects, arrays, collections with initialisers, anonymous objects."""

from typing import Any

from tree_sitter import Node

from . import types as t
from .arrays import ArrayLiteral
from .assignments import Place, element_place, property_place, run_of
from .calls import call
from .code import Frame, Run, code, list_code
from .compiler import Compiler, expression, field, named
from .conversions import implicit
from .errors import overflow
from .expr import Argument, Expr, MethodGroup, constant
from .json_casts import default_of
from .lambdas import is_lambda
from .members import find, find_constructors
from .overloads import arguments
from .scope import load
from .values import Anonymous, Array


@expression("object_creation_expression")
def create(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    made = compiler.type(field(node, "type"))
    return _created(compiler, node, made)


@expression("implicit_object_creation_expression")
def target_typed(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    raise compiler.error(node, "'new()' without a type is not part of C# 7, the language of policy expressions")


def _created(compiler: Compiler, node: Node, made: t.Type) -> Expr:
    argument_node = node.child_by_field_name("arguments")
    args = arguments(compiler, argument_node) if argument_node else []
    if t.is_delegate(made) and len(args) == 1:
        return compiler.converted(args[0].node, made)
    candidates = find_constructors(made)
    if not candidates:
        raise compiler.error(node, f"'{made}' has no constructor that the twin knows")
    created = call(compiler, node, MethodGroup(str(made), made, None), candidates, args)
    initializer = node.child_by_field_name("initializer")
    return _initialized(compiler, initializer, Expr(made, created)) if initializer else Expr(made, created)


def _initialized(compiler: Compiler, node: Node, created: Expr) -> Expr:
    """`{ a, b }`, `{ { key, value } }`, `{ [key] = value }` and `{ Name = value }` behind a `new`."""
    slot = compiler.function.declare("", created.type).slot
    it = Expr(created.type, load(slot, 0))
    steps = [_member(compiler, child, it) for child in named(node)]
    run = created.run

    def initialized(frame: Frame) -> Any:
        made = frame[slot] = run(frame)
        for step in steps:
            step(frame)
            frame[slot] = made
        return made

    return Expr(created.type, initialized)


def _member(compiler: Compiler, node: Node, it: Expr) -> Run:
    if node.type == "assignment_expression":
        left, right = field(node, "left"), field(node, "right")
        place: Place
        if left.type == "element_binding_expression":
            place = element_place(compiler, left, it, arguments(compiler, left))
        else:
            place = property_place(compiler, left, it, compiler.text(left))
        return run_of(place, compiler.converted(right, place.type))
    parts = named(node) if node.type == "initializer_expression" else [node]
    adders = find(it.type, "Add", static=False)
    if not adders:
        raise compiler.error(node, f"Cannot initialize type '{it.type}' with a collection initializer: it has no 'Add'")
    args = [
        Argument(part, None, is_lambda=True) if is_lambda(part) else Argument(part, compiler.expression(part))
        for part in parts
    ]
    return call(compiler, node, MethodGroup("Add", it.type, it), adders, args).run


@expression("array_creation_expression")
def create_array(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    type_node = field(node, "type")
    made = compiler.type(type_node)
    element = made.args[0]
    initializer = next((child for child in named(node) if child.type == "initializer_expression"), None)
    sizes = _sizes(type_node)
    if initializer is not None:
        items = [compiler.converted(child, element) for child in named(initializer)]
        if sizes and compiler.converted(sizes[0], t.INT).constant != len(items):
            raise compiler.error(initializer, f"An array initializer of length '{len(items)}' was not expected here")
        return ArrayLiteral(items, element)
    if len(sizes) != 1:
        raise compiler.error(node, "Array creation must have array size or array initializer")
    length = compiler.converted(sizes[0], t.INT)
    if length.is_constant and length.constant < 0:
        raise compiler.error(sizes[0], "Cannot create an array with a negative size")
    size, empty = length.run, default_of(element)

    def sized(frame: Frame) -> Array:
        count = size(frame)
        if count < 0:
            raise overflow("Arithmetic operation resulted in an overflow.")
        return Array([empty] * count, element)

    return Expr(made, sized)


def _sizes(node: Node) -> list[Node]:
    rank = node.child_by_field_name("rank")
    return named(rank) if rank is not None else []


@expression("implicit_array_creation_expression")
def create_implicit_array(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    initializer = next(child for child in named(node) if child.type == "initializer_expression")
    nodes = named(initializer)
    values = [compiler.expression(child) for child in nodes]
    candidates = [value.type for value in values]
    for element in candidates:
        if element is not t.NULL and all(implicit(v.type, element, v.constant) for v in values):
            converted = [compiler.convert(v, element, child) for v, child in zip(values, nodes, strict=True)]
            return ArrayLiteral(converted, element)
    raise compiler.error(node, "No best type found for implicitly-typed array")


@expression("initializer_expression")
def bare_initializer(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    """`{ 1, 2 }` alone, as in `int[] a = { 1, 2 };`"""
    if target is None or target.name != "[]":
        raise compiler.error(node, "Can only use array initializer expressions to assign to array types")
    element = target.args[0]
    return ArrayLiteral([compiler.converted(child, element) for child in named(node)], element)


@expression("anonymous_object_creation_expression")
def create_anonymous(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    names: list[str] = []
    values: list[Expr] = []
    pending = ""
    for child in node.children:
        if child.type == "=":
            pending = names.pop()
            values.pop()
        elif child.is_named and child.type != "comment":
            names.append(pending or _member_name(compiler, child))
            values.append(_placeholder() if _is_followed_by_equals(child) else compiler.expression(child))
            pending = ""
    types = {name: value.type for name, value in zip(names, values, strict=True)}
    for name, kind in types.items():
        if not name.isidentifier():
            raise compiler.error(node, "Invalid anonymous type member declarator: it needs a name")
        if kind in (t.NULL, t.VOID):
            raise compiler.error(node, f"Cannot assign {kind} to anonymous type property '{name}'")
    if len(types) < len(names):
        raise compiler.error(node, "An anonymous type cannot have multiple properties with the same name")
    made = t.make("<>" + ",".join(names), *types.values())
    return Expr(made, code("{}({}, tuple({}))", Anonymous, types, list_code(values)))


def _placeholder() -> Expr:
    return constant(t.NULL, None)


def _is_followed_by_equals(node: Node) -> bool:
    following = node.next_sibling
    return following is not None and following.type == "="


def _member_name(compiler: Compiler, node: Node) -> str:
    return compiler.text(node).rpartition(".")[2]
