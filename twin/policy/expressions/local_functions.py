"""Functions within a block: `int Twice(int x) { return 2 * x; }`.

One is a delegate in a variable. It may be called above the place where it stands, so its variable is known in the whole
block and is filled first.
"""

from tree_sitter import Node

from . import types as t
from .code import Statement
from .compiler import Compiler, field, named, statement
from .expr import Expr
from .lambdas import compiled
from .statements import initial

KIND = "local_function_statement"


def announce(compiler: Compiler, node: Node) -> None:
    """Declares the variable of a function, before anything in its block is compiled."""
    name_node = field(node, "name")
    name = compiler.text(name_node)
    if compiler.function.find(name):
        raise compiler.error(name_node, f"A local variable or function named '{name}' is already defined in this scope")
    if node.child_by_field_name("type_parameters") or any(child.type == "modifier" for child in node.children):
        raise compiler.error(node, "Local functions with modifiers or type parameters are not supported by the twin")
    parameters, returned = [_parameter(compiler, one) for one in _parameters(node)], field(node, "type")
    result = t.VOID if returned.text == b"void" else compiler.type(returned)
    type = t.make("Action", *parameters) if result is t.VOID else t.make("Func", *parameters, result)
    compiler.function.declare(name, type).constant = True


def _parameters(node: Node) -> list[Node]:
    return [child for child in named(field(node, "parameters")) if child.type == "parameter"]


def _parameter(compiler: Compiler, node: Node) -> t.Type:
    if any(child.type in ("modifier", "=") for child in node.children):
        message = "Parameters of local functions with 'ref', 'out', 'params' or a default are not supported by the twin"
        raise compiler.error(node, message)
    return compiler.type(field(node, "type"))


@statement(KIND)
def local_function(compiler: Compiler, node: Node) -> Statement:
    variable = compiler.function.find(compiler.text(field(node, "name")))
    assert variable is not None, "the block has announced it"
    args, result = variable.type.args, t.VOID
    if variable.type.name == "Func":
        args, result = args[:-1], args[-1]
    return initial(variable.slot, Expr(variable.type, compiled(compiler, node, args, result)[1]))
