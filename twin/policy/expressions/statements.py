"""Statements of `@{…}` and of lambdas with a block.

A statement is a closure that returns None to go on, or one of the marks below; a value that is returned waits in the
frame's slot 1.
"""

from typing import Any

from tree_sitter import Node

from . import types as t
from .compiler import Compiler, Statement, field, named, statement
from .errors import Thrown
from .expr import Expr, Frame, Run

BREAK, CONTINUE, RETURN = "break", "continue", "return"
_JUMPS = frozenset({"return_statement", "throw_statement", "break_statement", "continue_statement"})


def function_body(compiler: Compiler, block: Node) -> Run:
    """The block of an expression or a lambda, as what computes its result."""
    body = compiler.statement(block)
    returns = compiler.function.returns
    if may_end(block) and returns not in (None, t.VOID):
        raise compiler.error(block, "not all code paths return a value")

    def run(frame: Frame) -> Any:
        frame[1] = None
        body(frame)
        return frame[1]

    return run


@statement("block")
def block(compiler: Compiler, node: Node) -> Statement:
    from .local_functions import KIND, announce  # a function's body is a block

    children = named(node)
    with compiler.scope():
        for child in children:
            if child.type == KIND:
                announce(compiler, child)
        steps = [compiler.statement(child) for child in children]
    functions_first = sorted(zip(children, steps, strict=True), key=lambda one: one[0].type != KIND)
    return sequence([step for _, step in functions_first])


def sequence(steps: list[Statement]) -> Statement:
    """Statements one after the other, until one of them jumps."""
    if len(steps) == 1:
        return steps[0]
    if len(steps) == 2:
        first, second = steps
        return lambda frame: first(frame) or second(frame)

    def run(frame: Frame) -> Any:
        for step in steps:
            jump = step(frame)
            if jump is not None:
                return jump
        return None

    return run


@statement("expression_statement")
def expression_statement(compiler: Compiler, node: Node) -> Statement:
    inner = named(node)[0]
    if inner.type not in _EFFECTS:
        message = "Only assignment, call, increment, decrement, and new object expressions can be used as a statement"
        raise compiler.error(node, message)
    return throwing_away(compiler.expression(inner))


def throwing_away(value: Expr) -> Statement:
    """What computes a value that nobody needs."""
    run = value.run

    def effect(frame: Frame) -> None:
        run(frame)

    return effect


_EFFECTS = frozenset(
    {
        "assignment_expression",
        "invocation_expression",
        "postfix_unary_expression",
        "prefix_unary_expression",
        "object_creation_expression",
        "member_access_expression",
    }
)


@statement("empty_statement")
def empty_statement(_compiler: Compiler, _node: Node) -> Statement:
    return lambda _frame: None


@statement("local_declaration_statement")
def local_declaration(compiler: Compiler, node: Node) -> Statement:
    constant = any(compiler.text(child) == "const" for child in node.children)
    if any(child.type == "using" for child in node.children):
        raise compiler.error(node, "'using' without a body is not part of C# 7, the language of policy expressions")
    declaration = next(child for child in named(node) if child.type == "variable_declaration")
    return declarations(compiler, declaration, constant=constant)


def declarations(compiler: Compiler, node: Node, *, constant: bool = False) -> Statement:
    """`int a = 1, b;`"""
    type_node = field(node, "type")
    declarators = [child for child in named(node) if child.type == "variable_declarator"]
    return sequence([_declarator(compiler, type_node, child, constant=constant) for child in declarators])


def _declarator(compiler: Compiler, type_node: Node, node: Node, *, constant: bool) -> Statement:
    name_node = field(node, "name")
    name = compiler.text(name_node)
    if compiler.function.find(name):
        raise compiler.error(name_node, f"A local variable named '{name}' is already defined in this scope")
    values = [child for child in named(node) if child != name_node]
    value_node = values[-1] if values else None
    if type_node.type == "implicit_type":
        if value_node is None:
            raise compiler.error(node, "Implicitly-typed variables must be initialized")
        value = compiler.expression(value_node)
        if value.type in (t.NULL, t.VOID):
            raise compiler.error(node, f"Cannot assign {value.type} to an implicitly-typed variable")
        declared = value.type
    else:
        declared = compiler.type(type_node)
        value = compiler.converted(value_node, declared) if value_node else None
    variable = compiler.function.declare(name, declared)
    variable.constant = constant
    return initial(variable.slot, value)


def initial(slot: int, value: Expr | None) -> Statement:
    if value is None:

        def unset(frame: Frame) -> None:
            frame[slot] = None

        return unset
    run = value.run

    def assign(frame: Frame) -> None:
        frame[slot] = run(frame)

    return assign


@statement("return_statement")
def return_statement(compiler: Compiler, node: Node) -> Statement:
    function, values = compiler.function, named(node)
    if not values:
        if function.returns not in (None, t.VOID):
            raise compiler.error(node, "An object of a type convertible to the result is required")
        return lambda _frame: RETURN
    if function.returns is None:
        value = compiler.expression(values[0])
        function.inferred.append(value.type)
    elif function.returns is t.VOID:
        value = compiler.expression(values[0])
    else:
        value = compiler.converted(values[0], function.returns)
    run = value.run

    def give(frame: Frame) -> str:
        frame[1] = run(frame)
        return RETURN

    return give


@statement("break_statement")
def break_statement(compiler: Compiler, node: Node) -> Statement:
    if not compiler.function.breakable:
        raise compiler.error(node, "No enclosing loop out of which to break or continue")
    return lambda _frame: BREAK


@statement("continue_statement")
def continue_statement(compiler: Compiler, node: Node) -> Statement:
    if not compiler.function.loops:
        raise compiler.error(node, "No enclosing loop out of which to break or continue")
    return lambda _frame: CONTINUE


@statement("if_statement")
def if_statement(compiler: Compiler, node: Node) -> Statement:
    test = compiler.converted(field(node, "condition"), t.BOOL).run
    with compiler.scope():
        yes = compiler.statement(field(node, "consequence"))
    otherwise = node.child_by_field_name("alternative")
    if otherwise is None:
        return lambda frame: yes(frame) if test(frame) else None
    with compiler.scope():
        no = compiler.statement(otherwise)
    return lambda frame: yes(frame) if test(frame) else no(frame)


def throwing(value: Expr) -> Statement:
    """What throws the exception that an expression yields."""
    run = value.run

    def throw(frame: Frame) -> Any:
        thrown = run(frame)
        if not isinstance(thrown, Thrown):
            raise Thrown("System.NullReferenceException", "Object reference not set to an instance of an object.")
        raise thrown

    return throw


def may_end(node: Node) -> bool:
    """Whether execution can reach the end of a statement: C#'s rule, without its arithmetic on constants."""
    match node.type:
        case "block" | "switch_section":
            return not any(not may_end(child) for child in named(node))
        case kind if kind in _JUMPS:
            return False
        case "if_statement":
            otherwise = node.child_by_field_name("alternative")
            always = field(node, "condition").text == b"true"
            yes = may_end(field(node, "consequence"))
            return yes or (not always and (otherwise is None or may_end(otherwise)))
        case "while_statement" | "for_statement":
            test = node.child_by_field_name("condition")
            endless = (test is None and node.type == "for_statement") or (test is not None and test.text == b"true")
            return not endless or _breaks(field(node, "body"))
        case "do_statement":
            return may_end(field(node, "body")) or _breaks(field(node, "body"))
        case "using_statement":
            return may_end(field(node, "body"))
        case "try_statement":
            return _try_may_end(node)
        case "switch_statement":
            return _switch_may_end(node)
    return True


def _try_may_end(node: Node) -> bool:
    bodies = [field(node, "body"), *(field(c, "body") for c in named(node) if c.type == "catch_clause")]
    last = [named(c)[0] for c in named(node) if c.type == "finally_clause"]
    return any(map(may_end, bodies)) and all(map(may_end, last))


def _switch_may_end(node: Node) -> bool:
    sections = [child for child in named(field(node, "body")) if child.type == "switch_section"]
    has_default = any(child.type == "default" for section in sections for child in section.children)
    statements = [
        [c for c in named(section) if c.type.endswith("_statement") or c.type == "block"] for section in sections
    ]
    breaks = any(_breaks(child) for group in statements for child in group)
    return not has_default or breaks or any(all(map(may_end, group)) for group in statements if group)


def _breaks(node: Node) -> bool:
    """Whether there is a `break` for the loop or switch around this statement."""
    if node.type == "break_statement":
        return True
    if node.type in ("while_statement", "for_statement", "do_statement", "foreach_statement", "switch_statement"):
        return False
    return any(_breaks(child) for child in named(node))
