"""Calls as they are written: of methods, and of delegates in variables."""

from tree_sitter import Node

from . import types as t
from .calls import call
from .chains import present
from .code import call_code
from .compiler import Compiler, expression, field, named
from .expr import Argument, Expr, MethodGroup, Operand, constant
from .members import find
from .names import member_access
from .overloads import arguments
from .scope import find as find_variable


@expression("invocation_expression")
def invocation(compiler: Compiler, node: Node, _target: t.Type | None) -> Operand:
    function_node, argument_list = field(node, "function"), field(node, "arguments")
    if function_node.type == "identifier" and compiler.text(function_node) == "nameof":
        return constant(t.STRING, compiler.text(named(named(argument_list)[0])[0]).rpartition(".")[2])
    group = _called(compiler, function_node)
    args = arguments(compiler, argument_list)
    if isinstance(group, Expr):
        return _delegate(compiler, node, group, args)
    candidates = [m for m in find(group.type, group.name, static=group.receiver is None) if m.kind == "method"]
    return call(compiler, node, group, candidates, args)


def _called(compiler: Compiler, node: Node) -> MethodGroup | Expr:
    if node.type == "identifier" and not find_variable(compiler.function, compiler.text(node)):
        raise compiler.error(node, f"The name '{compiler.text(node)}' does not exist in the current context")
    access = node.type == "member_access_expression"
    if access and compiler.text(field(node, "name")) == "Invoke":
        target = compiler.operand(field(node, "expression"))
        if isinstance(target, Expr) and t.is_delegate(target.type):
            return target
    found = member_access(compiler, node, called=True) if access else compiler.operand(node)
    if isinstance(found, MethodGroup) or (isinstance(found, Expr) and t.is_delegate(found.type)):
        return found
    raise compiler.error(node, "Method name expected" if isinstance(found, Expr) else "This is not a method")


def _delegate(compiler: Compiler, node: Node, function: Expr, args: list[Argument]) -> Expr:
    """A call of a `Func<…>` or `Action<…>` in a variable."""
    parameters, result = delegate_signature(function.type)
    if len(parameters) != len(args):
        raise compiler.error(node, f"Delegate '{function.type}' does not take {len(args)} arguments")
    values = [compiler.converted(arg.node, wanted) for arg, wanted in zip(args, parameters, strict=True)]
    return Expr(result, call_code(present(function), *values))


def delegate_signature(type: t.Type) -> tuple[tuple[t.Type, ...], t.Type]:
    """The parameters of a delegate and what it returns."""
    match type.name:
        case "Func":
            return type.args[:-1], type.args[-1]
        case "Predicate":
            return type.args, t.BOOL
        case "Comparison":
            return (type.args[0], type.args[0]), t.INT
    return type.args, t.VOID
