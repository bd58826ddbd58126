"""`is`, `as`, and the patterns of `is` and `case`."""

from tree_sitter import Node

from . import types as t
from .code import Frame, Run
from .compiler import Compiler, expression, field, named
from .conversions import explicit, implicit
from .expr import Expr
from .operators import operation
from .scope import load, store
from .type_names import is_known
from .values import boxer, equals, is_instance, unboxer


@expression("is_expression")
def is_type(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    value = compiler.expression(field(node, "left"))
    return Expr(t.BOOL, type_test(value, compiler.type(field(node, "right"))))


@expression("as_expression")
def as_type(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    value, wanted = compiler.expression(field(node, "left")), compiler.type(field(node, "right"))
    if next(child for child in node.children if child.type == "as").start_byte in compiler.syntax.type_tests:
        return Expr(t.BOOL, type_test(value, wanted))
    if t.is_value_type(wanted) and wanted.name != "?":
        message = f"The as operator must be used with a reference type or nullable type, and '{wanted}' is neither"
        raise compiler.error(node, message)
    if explicit(value.type, wanted) is None or (t.is_json(value.type) and not t.is_json(wanted)):
        message = f"Cannot convert type '{value.type}' to '{wanted}' via a reference conversion or a boxing conversion"
        raise compiler.error(node, message)
    run = value.run

    def converted(frame: Frame) -> object:
        found = run(frame)
        return found if is_instance(found, wanted) else None

    return Expr(wanted, converted)


@expression("is_pattern_expression")
def is_pattern(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    value = compiler.expression(field(node, "expression"))
    keep, kept = held(compiler, value)
    test = pattern(compiler, field(node, "pattern"), kept)
    return Expr(t.BOOL, lambda frame: (keep(frame), test(frame))[1])


def held(compiler: Compiler, value: Expr) -> tuple[Run, Expr]:
    """A value that several tests look at: what computes it once, and what reads it then."""
    slot = compiler.function.declare("", value.type).slot
    return store(slot, 0, value.run), Expr(value.type, load(slot, 0))


def type_test(value: Expr, wanted: t.Type) -> Run:
    """`value is T`"""
    run, box = value.run, boxer(value.type)
    if box is None:
        return lambda frame: is_instance(run(frame), wanted)
    return lambda frame: is_instance(box(run(frame)), wanted)


def pattern(compiler: Compiler, node: Node, value: Expr) -> Run:
    """Whether a value fits a pattern; a variable that the pattern declares is assigned when it does."""
    match node.type:
        case "constant_pattern":
            return _constant(compiler, named(node)[0], value)
        case "declaration_pattern":
            return _declaration(compiler, node, value)
        case "type_pattern":
            return type_test(value, compiler.type(named(node)[0]))
        case "discard":
            return lambda _frame: True
    raise compiler.error(node, f"'{node.type.replace('_', ' ')}' is not supported in policy expressions by the twin")


def _constant(compiler: Compiler, node: Node, value: Expr) -> Run:
    """A constant, or a type's bare name, which the grammar cannot tell from one."""
    if node.type in ("generic_name", "array_type", "nullable_type"):
        return type_test(value, compiler.type(node))
    may_be_type = node.type in ("identifier", "qualified_name", "predefined_type")
    if may_be_type and is_known(compiler.text(node)) and compiler.function.find(compiler.text(node)) is None:
        return type_test(value, compiler.type(node))
    expected = compiler.expression(node, value.type)
    if not expected.is_constant and not t.is_enum(expected.type):
        raise compiler.error(node, "A constant value is expected")
    if value.type is t.OBJECT and expected.type is not t.NULL:
        run, box = value.run, boxer(expected.type)
        wanted = box(expected.constant) if box else expected.constant
        return lambda frame: equals(run(frame), wanted)
    found = implicit(expected.type, value.type, expected.constant)
    compared = operation("==", value, expected) if found or value.type.name == "?" else None
    if compared is None:
        raise compiler.error(node, f"Cannot implicitly convert type '{expected.type}' to '{value.type}'")
    return compared.run


def _declaration(compiler: Compiler, node: Node, value: Expr) -> Run:
    type_node, name_node = field(node, "type"), field(node, "name")
    is_var = type_node.type == "implicit_type"
    wanted = value.type if is_var else compiler.type(type_node)
    test = (lambda _frame: True) if is_var else type_test(value, wanted)
    run = value.run
    adapt = boxer(value.type) if wanted is t.OBJECT else unboxer(wanted) if value.type is t.OBJECT else None
    if name_node.type == "discard" or compiler.text(name_node) == "_":
        return test
    slot = compiler.function.declare(compiler.text(name_node), wanted).slot

    def matched(frame: Frame) -> bool:
        if not test(frame):
            return False
        found = run(frame)
        frame[slot] = adapt(found) if adapt else found
        return True

    return matched
