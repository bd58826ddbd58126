"""Statements of `@{…}` and of lambdas with a block.

The function of a statement returns ON to go on, one of the marks below, or else the value that the whole block returns.
"""

from typing import NoReturn

from tree_sitter import Node

from . import types as t
from .code import Frame, Run, Statement, statement_code
from .compiler import Compiler, field, named, statement
from .errors import Thrown, null_reference
from .expr import Expr, constant
from .json_casts import default_of
from .scope import load

BREAK, CONTINUE = object(), object()
_JUMPS = frozenset({"return_statement", "throw_statement", "break_statement", "continue_statement"})


def function_body(compiler: Compiler, block: Node) -> Run:
    """The block of an expression or a lambda, as what computes its result."""
    body = compiler.statement(block)
    returns = compiler.function.returns
    if may_end(block) and returns not in (None, t.VOID):
        raise compiler.error(block, "not all code paths return a value")
    return body.run


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
    return statement_code("\n".join(["{}"] * len(steps)) or "pass", *steps)


@statement("expression_statement")
def expression_statement(compiler: Compiler, node: Node) -> Statement:
    inner = named(node)[0]
    if inner.type not in _EFFECTS:
        message = "Only assignment, call, increment, decrement, and new object expressions can be used as a statement"
        raise compiler.error(node, message)
    return throwing_away(compiler.expression(inner))


def throwing_away(value: Expr) -> Statement:
    """What computes a value that nobody needs."""
    return statement_code("{}", value)


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


@statement("checked_statement")
def checked_statement(compiler: Compiler, node: Node) -> Statement:
    """`unchecked { … }`, which all code is anyway."""
    if compiler.text(node).startswith("checked"):
        raise compiler.error(node, "'checked' is not supported in policy expressions by the twin")
    return compiler.statement(named(node)[0])


@statement("empty_statement")
def empty_statement(_compiler: Compiler, _node: Node) -> Statement:
    return statement_code("pass")


@statement("local_declaration_statement")
def local_declaration(compiler: Compiler, node: Node) -> Statement:
    is_constant = any(compiler.text(child) == "const" for child in node.children)
    if any(child.type == "using" for child in node.children):
        raise compiler.error(node, "'using' without a body is not part of C# 7, the language of policy expressions")
    declaration = next(child for child in named(node) if child.type == "variable_declaration")
    return declarations(compiler, declaration, is_constant=is_constant)


def declarations(compiler: Compiler, node: Node, *, is_constant: bool = False) -> Statement:
    """`int a = 1, b;`"""
    type_node = field(node, "type")
    declarators = [child for child in named(node) if child.type == "variable_declarator"]
    return sequence([_declarator(compiler, type_node, child, is_constant=is_constant) for child in declarators])


def _declarator(compiler: Compiler, type_node: Node, node: Node, *, is_constant: bool) -> Statement:
    name_node = node.child_by_field_name("name")
    if name_node is None:
        raise compiler.error(node, "Tuples are not supported in policy expressions by the twin")
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
    variable.constant = is_constant
    return initial(variable.slot, value or constant(declared, default_of(declared)))


def initial(slot: int, value: Expr) -> Statement:
    return statement_code("{} = {}", load(slot, 0), value)


@statement("return_statement")
def return_statement(compiler: Compiler, node: Node) -> Statement:
    function, values = compiler.function, named(node)
    if not values:
        if function.returns not in (None, t.VOID):
            raise compiler.error(node, "An object of a type convertible to the result is required")
        return statement_code("return None")
    if function.returns is None:
        value = compiler.expression(values[0])
        function.inferred.append(value.type)
    elif function.returns is t.VOID:
        value = compiler.expression(values[0])
    else:
        value = compiler.converted(values[0], function.returns)
    return statement_code("return {}", value)


@statement("break_statement")
def break_statement(compiler: Compiler, node: Node) -> Statement:
    if not compiler.function.breakable:
        raise compiler.error(node, "No enclosing loop out of which to break or continue")
    return statement_code("return {}", BREAK)


@statement("continue_statement")
def continue_statement(compiler: Compiler, node: Node) -> Statement:
    if not compiler.function.loops:
        raise compiler.error(node, "No enclosing loop out of which to break or continue")
    return statement_code("return {}", CONTINUE)


@statement("if_statement")
def if_statement(compiler: Compiler, node: Node) -> Statement:
    test = compiler.converted(field(node, "condition"), t.BOOL)
    with compiler.scope():
        yes = compiler.statement(field(node, "consequence"))
    otherwise = node.child_by_field_name("alternative")
    if otherwise is None:
        return statement_code("if {}:\n{}", test, yes.inner)
    with compiler.scope():
        no = compiler.statement(otherwise)
    return statement_code("if {}:\n{}\nelse:\n{}", test, yes.inner, no.inner)


def throwing(value: Expr) -> Run:
    """What throws the exception that an expression yields."""
    run = value.run

    def throw(frame: Frame) -> NoReturn:
        thrown = run(frame)
        if not isinstance(thrown, Thrown):
            raise null_reference()
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
        case "checked_statement":
            return may_end(named(node)[0])
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
