"""Loops: for, foreach, while, do."""

from collections.abc import Callable, Iterable
from typing import Any

from tree_sitter import Node

from . import types as t
from .code import ON, Frame, Run
from .compiler import Compiler, field, named, statement
from .conversions import explicit, implicit
from .errors import null_reference
from .expr import Expr
from .lambdas import is_lambda
from .scope import FIRST_SLOT, Function
from .statements import BREAK, CONTINUE, declarations
from .values import NetList, unchanged


def _body(compiler: Compiler, node: Node) -> Run:
    """What a loop repeats; if it makes lambdas, each round has variables of its own, as C# has it."""
    if not _has_lambda(node):
        return _same_frame_body(compiler, node)
    outer = compiler.function
    function = Function(outer, outer.returns, inferred=outer.inferred)
    with compiler.inside(function):
        body = _same_frame_body(compiler, node)
    padding: list[Any] = [None] * (function.slots - FIRST_SLOT)
    return lambda frame: body([frame, *padding])


def _same_frame_body(compiler: Compiler, node: Node) -> Run:
    """A loop's body, in which `break` and `continue` have a meaning."""
    function = compiler.function
    function.loops += 1
    function.breakable += 1
    try:
        return compiler.statement(node).run
    finally:
        function.loops -= 1
        function.breakable -= 1


@statement("while_statement")
def while_statement(compiler: Compiler, node: Node) -> Run:
    test = compiler.converted(field(node, "condition"), t.BOOL).run
    with compiler.scope():
        body = _body(compiler, field(node, "body"))

    def loop(frame: Frame) -> Any:
        while test(frame):
            jump = body(frame)
            if jump is BREAK:
                break
            if jump is not ON and jump is not CONTINUE:
                return jump
        return ON

    return loop


@statement("do_statement")
def do_statement(compiler: Compiler, node: Node) -> Run:
    with compiler.scope():
        body = _body(compiler, field(node, "body"))
    test = compiler.converted(field(node, "condition"), t.BOOL).run

    def loop(frame: Frame) -> Any:
        while True:
            jump = body(frame)
            if jump is BREAK:
                return ON
            if jump is not ON and jump is not CONTINUE:
                return jump
            if not test(frame):
                return ON

    return loop


@statement("for_statement")
def for_statement(compiler: Compiler, node: Node) -> Run:
    with compiler.scope():
        begin = _begin(compiler, node)
        test_node = node.child_by_field_name("condition")
        test = compiler.converted(test_node, t.BOOL).run if test_node else (lambda _frame: True)
        updates = [compiler.expression(child).run for child in node.children_by_field_name("update") if child.is_named]
        body = _body(compiler, field(node, "body"))

    def loop(frame: Frame) -> Any:
        begin(frame)
        while test(frame):
            jump = body(frame)
            if jump is BREAK:
                break
            if jump is not ON and jump is not CONTINUE:
                return jump
            for update in updates:
                update(frame)
        return ON

    return loop


def _begin(compiler: Compiler, node: Node) -> Run:
    found = [child for child in node.children_by_field_name("initializer") if child.is_named]
    if found and found[0].type == "variable_declaration":
        return declarations(compiler, found[0]).run
    runs = [compiler.expression(child).run for child in found]
    return lambda frame: [run(frame) for run in runs] and None


@statement("foreach_statement")
def foreach_statement(compiler: Compiler, node: Node) -> Run:
    source = compiler.expression(field(node, "right"))
    element = t.element_of(source.type)
    if element is None:
        message = (
            f"foreach statement cannot operate on variables of type '{source.type}' because it has no 'GetEnumerator'"
        )
        raise compiler.error(node, message)
    type_node = field(node, "type")
    declared = element if type_node.type == "implicit_type" else compiler.type(type_node)
    convert = _element(compiler, node, element, declared)
    items = _items(source, element)
    body_node = field(node, "body")
    name = compiler.text(field(node, "left"))
    if _has_lambda(body_node):
        return _fresh_frames(compiler, name, declared, body_node, items, convert)
    with compiler.scope():
        variable = compiler.function.declare(name, declared)
        variable.constant = True
        body, slot = _body(compiler, body_node), variable.slot

    def loop(frame: Frame) -> Any:
        for item in items(frame):
            frame[slot] = item if convert is None else convert(item)
            jump = body(frame)
            if jump is BREAK:
                break
            if jump is not ON and jump is not CONTINUE:
                return jump
        return ON

    return loop


def _element(compiler: Compiler, node: Node, element: t.Type, declared: t.Type) -> Callable[[Any], Any] | None:
    found = explicit(element, declared)
    if found is None:
        raise compiler.error(node, f"Cannot convert type '{element}' to '{declared}'")
    return found.apply


def _items(source: Expr, element: t.Type) -> Callable[[Frame], Iterable[Any]]:
    run = source.run
    found = implicit(source.type, t.make("IEnumerable", element))
    apply = found.apply if found else None

    def items(frame: Frame) -> Iterable[Any]:
        value = run(frame)
        if value is None:
            raise null_reference()
        found = value if apply is None else apply(value)
        return unchanged(found) if isinstance(found, NetList) else found

    return items


def _has_lambda(node: Node) -> bool:
    return is_lambda(node) or any(_has_lambda(child) for child in named(node))


def _fresh_frames(
    compiler: Compiler,
    name: str,
    declared: t.Type,
    body_node: Node,
    items: Callable[[Frame], Iterable[Any]],
    convert: Callable[[Any], Any] | None,
) -> Run:
    """A loop whose body makes lambdas: the loop's variable is one of each round's own."""
    outer = compiler.function
    function = Function(outer, outer.returns, inferred=outer.inferred)
    variable = function.declare(name, declared)
    variable.constant = True
    with compiler.inside(function):
        body = _same_frame_body(compiler, body_node)
    padding: list[Any] = [None] * (function.slots - FIRST_SLOT - 1)

    def loop(frame: Frame) -> Any:
        for item in items(frame):
            inner = [frame, item if convert is None else convert(item), *padding]
            jump = body(inner)
            if jump is BREAK:
                break
            if jump is not ON and jump is not CONTINUE:
                return jump
        return ON

    return loop
