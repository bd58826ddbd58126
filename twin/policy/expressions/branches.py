"""switch, try with catch and finally, and using."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from . import types as t
from .code import ON, Frame, Run, Statement
from .compiler import Compiler, expression, field, named, statement
from .errors import Thrown
from .expr import Expr
from .members import find
from .patterns import held, pattern
from .scope import load
from .statements import BREAK, declarations, may_end, sequence, throwing, throwing_away


@dataclass
class Section:
    """One section of a switch: any of its labels leads to its statements."""

    labels: list[Run]
    is_default: bool
    body: Run | None


@statement("switch_statement")
def switch_statement(compiler: Compiler, node: Node) -> Run:
    keep, value = held(compiler, compiler.expression(field(node, "value")))
    compiler.function.breakable += 1
    with compiler.scope():
        nodes = [child for child in named(field(node, "body")) if child.type == "switch_section"]
        _refuse_repeated_labels(compiler, nodes)
        sections = _joined(compiler, [_section(compiler, child, value) for child in nodes], node)
    compiler.function.breakable -= 1
    default = next((section for section in sections if section.is_default), None)

    def switch(frame: Frame) -> Any:
        keep(frame)
        chosen = next((s for s in sections if any(label(frame) for label in s.labels)), default)
        jump = chosen.body(frame) if chosen and chosen.body else ON
        return ON if jump is BREAK else jump

    return switch


def _refuse_repeated_labels(compiler: Compiler, sections: list[Node]) -> None:
    known: set[str] = set()
    for child in [child for section in sections for child in section.children]:
        following = child.next_named_sibling
        filtered = following is not None and following.type == "when_clause"
        if child.type == "default" or (child.type == "constant_pattern" and not filtered):
            label = compiler.text(child)
            if label in known:
                raise compiler.error(child, f"The switch statement contains multiple cases with the label '{label}'")
            known.add(label)


def _joined(compiler: Compiler, sections: list[Section], node: Node) -> list[Section]:
    """Labels without statements belong to the section that follows: `case 1: case 2: …`."""
    joined: list[Section] = []
    labels: list[Run] = []
    is_default = False
    for section in sections:
        labels, is_default = labels + section.labels, is_default or section.is_default
        if section.body is not None:
            joined.append(Section(labels, is_default, section.body))
            labels, is_default = [], False
    if labels:
        raise compiler.error(node, "Control cannot fall through from one case label to another")
    return joined


def _section(compiler: Compiler, node: Node, value: Expr) -> Section:
    labels: list[Run] = []
    is_default, statements = False, []
    with compiler.scope():
        for child in node.children:
            if child.type == "default":
                is_default = True
            elif child.type == "when_clause":
                labels[-1] = _both(labels[-1], compiler.converted(named(child)[0], t.BOOL).run)
            elif child.type.endswith("_pattern") or child.type == "discard":
                labels.append(pattern(compiler, child, value))
            elif child.is_named and child.type != "comment":
                statements.append(child)
        body = sequence([compiler.statement(child) for child in statements]).run if statements else None
    if statements and all(map(may_end, statements)):
        raise compiler.error(node, "Control cannot fall through from one case label to another")
    return Section(labels, is_default, body)


def _both(first: Run, second: Run) -> Run:
    return lambda frame: first(frame) and second(frame)


@statement("try_statement")
def try_statement(compiler: Compiler, node: Node) -> Run:
    body = compiler.statement(field(node, "body")).run
    clauses = [_catch(compiler, child) for child in named(node) if child.type == "catch_clause"]
    last = [compiler.statement(named(child)[0]).run for child in named(node) if child.type == "finally_clause"]
    if not clauses and not last:
        raise compiler.error(node, "Expected catch or finally")
    guarded = _guarded(body, clauses) if clauses else body
    if not last:
        return guarded
    finish = last[0]

    def finished(frame: Frame) -> Any:
        try:
            jump = guarded(frame)
        except Thrown:
            finish(frame)
            raise
        finish(frame)
        return jump

    return finished


def _guarded(body: Run, clauses: list[Callable[[Frame, Thrown], Any]]) -> Run:
    def guarded(frame: Frame) -> Any:
        try:
            return body(frame)
        except Thrown as thrown:
            caught = thrown
        except RecursionError:
            caught = Thrown("System.InsufficientExecutionStackException", "Insufficient stack to continue executing.")
        for clause in clauses:
            handled = clause(frame, caught)
            if handled is not _PASSED:
                return handled
        raise caught

    return guarded


_PASSED = object()


def _catch(compiler: Compiler, node: Node) -> Callable[[Frame, Thrown], Any]:
    """A clause: what it does with an exception, or _PASSED if its filter says no. Only Exception itself is allowed."""
    with compiler.scope():
        slot = compiler.function.declare("<caught>", t.EXCEPTION).slot
        declaration = next((child for child in named(node) if child.type == "catch_declaration"), None)
        if declaration is not None:
            caught = compiler.type(field(declaration, "type"))
            if caught is not t.EXCEPTION:
                raise compiler.error(declaration, f"The type caught must be derived from Exception, not '{caught}'")
            name_node = declaration.child_by_field_name("name")
            if name_node is not None:
                slot = compiler.function.declare(compiler.text(name_node), t.EXCEPTION).slot
        filters = [named(child)[0] for child in named(node) if child.type == "catch_filter_clause"]
        test = compiler.converted(filters[0], t.BOOL).run if filters else None
        body = _with_rethrow(compiler, field(node, "body"), slot)

    def clause(frame: Frame, thrown: Thrown) -> Any:
        frame[slot] = thrown
        if test is not None and not test(frame):
            return _PASSED
        return body(frame)

    return clause


def _with_rethrow(compiler: Compiler, node: Node, slot: int) -> Run:
    """The body of a catch, in which a bare `throw;` throws again what was caught."""
    outer = compiler.caught
    compiler.caught = slot
    try:
        return compiler.statement(node).run
    finally:
        compiler.caught = outer


@statement("throw_statement")
def throw_statement(compiler: Compiler, node: Node) -> Run:
    values = named(node)
    if values:
        return throwing(compiler.converted(values[0], t.EXCEPTION))
    if compiler.caught is None:
        raise compiler.error(node, "A throw statement with no arguments is not allowed outside of a catch clause")
    slot = compiler.caught
    return throwing(Expr(t.EXCEPTION, load(slot, 0)))


@expression("throw_expression")
def throw_expression(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    throw = throwing(compiler.converted(named(node)[0], t.EXCEPTION))
    return Expr(target or t.NULL, throw)


@statement("using_statement")
def using(compiler: Compiler, node: Node) -> Statement:
    """`using (…) …` of something that has a Dispose. What there is of that here holds nothing that must be freed."""
    body_node = field(node, "body")
    held_node = next(child for child in named(node) if child != body_node)
    with compiler.scope():
        if held_node.type == "variable_declaration":
            opened = declarations(compiler, held_node)
            declarators = [child for child in named(held_node) if child.type == "variable_declarator"]
            found = [compiler.function.find(compiler.text(field(child, "name"))) for child in declarators]
            kinds = [variable.type for variable in found if variable]
        else:
            value = compiler.expression(held_node)
            opened, kinds = throwing_away(value), [value.type]
        for kind in kinds:
            if not find(kind, "Dispose", static=False):
                message = (
                    f"'{kind}': type used in a using statement must be implicitly convertible to 'System.IDisposable'"
                )
                raise compiler.error(held_node, message)
        return sequence([opened, compiler.statement(body_node)])
