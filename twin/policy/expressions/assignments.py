"""Assignments: `=`, `+=` and its like, `++` and `--`, to variables, elements and properties."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from . import types as t
from .chains import not_null
from .code import Frame, Run
from .compiler import Compiler, applied, expression, field, named
from .conversions import explicit, implicit
from .expr import Expr, constant
from .members import find as find_members
from .members import find_setter
from .names import indexed
from .operators import operation
from .overloads import arguments
from .scope import find, load, store


@dataclass
class Place:
    """Something that can be assigned: how it is read, and how it is written.

    `prepare` evaluates what the place depends on once, for `a[i()] += 1`; read and write get its result.
    """

    type: t.Type
    prepare: Callable[[Frame], Any]
    read: Callable[[Frame, Any], Any] | None
    write: Callable[[Frame, Any, Any], None]


@expression("assignment_expression")
def assignment(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    left, right = field(node, "left"), field(node, "right")
    op = compiler.text(field(node, "operator"))
    if op == "=" and left.type == "identifier":
        return _to_variable(compiler, left, right)
    place = place_of(compiler, left)
    if op == "=":
        value = compiler.converted(right, place.type)
        prepare, write, run = place.prepare, place.write, value.run

        def assign(frame: Frame) -> Any:
            where, result = prepare(frame), run(frame)
            write(frame, where, result)
            return result

        return Expr(place.type, assign)
    if op == "??=":
        raise compiler.error(node, "'??=' is not part of C# 7, the language of policy expressions")
    return _compound(compiler, node, place, op[:-1], compiler.expression(right))


def _to_variable(compiler: Compiler, left: Node, right: Node) -> Expr:
    name = compiler.text(left)
    if name == "_" and find(compiler.function, name) is None:
        return compiler.expression(right)
    found = find(compiler.function, name)
    if found is None:
        raise compiler.error(left, f"The name '{name}' does not exist in the current context")
    variable, depth = found
    if variable.constant:
        raise compiler.error(left, "The left-hand side of an assignment must be a variable, property or indexer")
    value = compiler.converted(right, variable.type)
    return Expr(variable.type, store(variable.slot, depth, value.run))


def _compound(compiler: Compiler, node: Node, place: Place, op: str, right: Expr) -> Expr:
    """`place op= right`: computed as the operator says, then cast back to the place's type."""
    if place.read is None:
        raise compiler.error(node, "This can be assigned but not read")
    result = operation(op, Expr(place.type, load(0, 0)), Expr(right.type, load(1, 0), right.constant))
    fits = result and (
        implicit(result.type, place.type)
        or (implicit(right.type, place.type, right.constant) and explicit(result.type, place.type))
        or (op in ("<<", ">>") and explicit(result.type, place.type))
    )
    if result is None or not fits:
        message = f"Operator '{op}=' cannot be applied to operands of type '{place.type}' and '{right.type}'"
        raise compiler.error(node, message)
    compute = applied(Expr(result.type, result.run), place.type, fits.apply).run
    prepare, read, write, run = place.prepare, place.read, place.write, right.run

    def assign(frame: Frame) -> Any:
        where = prepare(frame)
        value = compute([read(frame, where), run(frame)])
        write(frame, where, value)
        return value

    return Expr(place.type, assign)


@expression("postfix_unary_expression")
def postfix(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    op = compiler.text(node.children[-1])
    if op == "!":
        raise compiler.error(node, "'!' behind a value is not part of C# 7, the language of policy expressions")
    return step(compiler, named(node)[0], op, before=False)


def step(compiler: Compiler, node: Node, op: str, *, before: bool) -> Expr:
    """`++` and `--`, which yield the value before or after."""
    place = place_of(compiler, node)
    one = constant(t.INT, 1)
    result = operation(op[0], Expr(place.type, load(0, 0)), one)
    back = explicit(result.type, place.type) if result and place.read else None
    if result is None or back is None or place.type is t.STRING:
        raise compiler.error(node, f"Operator '{op}' cannot be applied to operand of type '{place.type}'")
    compute = applied(Expr(result.type, result.run), place.type, back.apply).run
    prepare, read, write = place.prepare, place.read, place.write
    assert read is not None

    def stepped(frame: Frame) -> Any:
        where = prepare(frame)
        old = read(frame, where)
        new = compute([old])
        write(frame, where, new)
        return new if before else old

    return Expr(place.type, stepped)


def place_of(compiler: Compiler, node: Node) -> Place:
    """What an assignment's left side stands for."""
    match node.type:
        case "identifier":
            return _variable(compiler, node)
        case "element_access_expression":
            return _element(compiler, node)
        case "member_access_expression":
            return _property(compiler, node)
        case "parenthesized_expression":
            return place_of(compiler, named(node)[0])
    raise compiler.error(node, "The left-hand side of an assignment must be a variable, property or indexer")


def _variable(compiler: Compiler, node: Node) -> Place:
    found = find(compiler.function, compiler.text(node))
    if found is None:
        raise compiler.error(node, f"The name '{compiler.text(node)}' does not exist in the current context")
    variable, depth = found
    if variable.constant:
        raise compiler.error(node, "The left-hand side of an assignment must be a variable, property or indexer")
    read, slot = load(variable.slot, depth).run, variable.slot

    def write(frame: Frame, _where: Any, value: Any) -> None:
        for _ in range(depth):
            frame = frame[0]
        frame[slot] = value

    return Place(variable.type, lambda _frame: None, lambda frame, _where: read(frame), write)


def _element(compiler: Compiler, node: Node) -> Place:
    receiver = compiler.expression(field(node, "expression"))
    args = arguments(compiler, field(node, "subscript"))
    return element_place(compiler, node, receiver, args)


def element_place(compiler: Compiler, node: Node, receiver: Expr, args: list[Any]) -> Place:
    """`receiver[args]` as something to assign."""
    setter = find_setter(receiver.type, "[]")
    if setter is None or len(args) != 1 or args[0].expr is None:
        message = f"'{receiver.type}' cannot be assigned by index: it is read only" if args else "An index is expected"
        raise compiler.error(node, message)
    binding: dict[str, t.Type] = {}
    t.unify(setter.owner, receiver.type, binding)
    key = compiler.convert(args[0].expr, t.substitute(setter.parameters[0].type, binding), args[0].node)
    function, target, key_run = setter.function, receiver.run, key.run
    args[0].expr = Expr(args[0].expr.type, load(1, 0), args[0].expr.constant)
    reading = indexed(compiler, node, Expr(receiver.type, load(0, 0)), args).run
    value_type = t.substitute(setter.returns, binding)

    def prepare(frame: Frame) -> list[Any]:
        return [not_null(target(frame)), key_run(frame)]

    def write(_frame: Frame, where: list[Any], value: Any) -> None:
        function(where[0], where[1], value)

    return Place(value_type, prepare, lambda _frame, where: reading(where), write)


def _property(compiler: Compiler, node: Node) -> Place:
    receiver_node, name = field(node, "expression"), compiler.text(field(node, "name"))
    receiver = compiler.expression(receiver_node)
    return property_place(compiler, node, receiver, name)


def property_place(compiler: Compiler, node: Node, receiver: Expr, name: str) -> Place:
    """`receiver.name` as something to assign."""
    setter = find_setter(receiver.type, name)
    if setter is None:
        message = f"Property or indexer '{receiver.type}.{name}' cannot be assigned to -- it is read only"
        raise compiler.error(node, message)
    function, target = setter.function, receiver.run
    readers = [one.function for one in find_members(receiver.type, name, static=False) if one.kind == "property"]

    def write(_frame: Frame, where: Any, value: Any) -> None:
        function(where, value)

    read = (lambda _frame, where: readers[0](where)) if readers else None
    return Place(setter.returns, lambda frame: not_null(target(frame)), read, write)


def run_of(place: Place, value: Expr) -> Run:
    """What assigns a value to a place."""
    prepare, write, run = place.prepare, place.write, value.run
    return lambda frame: write(frame, prepare(frame), run(frame))
