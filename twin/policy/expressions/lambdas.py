"""Lambdas, and methods' names where a delegate is wanted."""

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from . import types as t
from .code import Frame
from .compiler import Compiler, applied, expression, field, named
from .conversions import implicit
from .expr import Argument, Expr, MethodGroup
from .members import find
from .scope import FIRST_SLOT, Function, load
from .statements import function_body

_LAMBDAS = ("lambda_expression", "anonymous_method_expression")


def is_lambda(node: Node) -> bool:
    while node.type == "parenthesized_expression":
        node = named(node)[0]
    return node.type in _LAMBDAS


def _unwrapped(node: Node) -> Node:
    while node.type == "parenthesized_expression":
        node = named(node)[0]
    return node


def lambda_parameters(compiler: Compiler, node: Node) -> list[tuple[str, Node | None]]:
    """The names of a lambda's parameters, with the nodes of their types where they are written."""
    parameters = _unwrapped(node).child_by_field_name("parameters")
    if parameters is None:
        return []
    if parameters.type in ("implicit_parameter", "identifier"):
        return [(compiler.text(parameters), None)]
    return [
        (compiler.text(field(child, "name")), child.child_by_field_name("type"))
        for child in named(parameters)
        if child.type in ("parameter", "implicit_parameter")
    ]


@expression(*_LAMBDAS)
def standalone(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    """A lambda where a delegate is wanted: in a declaration, a cast, a return."""
    if target is None or not t.is_delegate(target):
        raise compiler.error(node, "Cannot assign lambda expression to an implicitly-typed variable")
    made = compiled(compiler, node, target.args[: _arity(target)], _result(target))
    return Expr(target, made[1])


def _arity(delegate: t.Type) -> int:
    return len(delegate.args) - (delegate.name == "Func")


def _result(delegate: t.Type) -> t.Type | None:
    """What a delegate wants of a lambda; None while it is to be inferred."""
    if delegate.name == "Func":
        return None if any(t.parameters_of(delegate.args[-1])) else delegate.args[-1]
    return {"Predicate": t.BOOL, "Comparison": t.INT}.get(delegate.name, t.VOID)


def typed_lambda(
    compiler: Compiler, arg: Argument, delegate: t.Type, binding: dict[str, t.Type]
) -> tuple[int, Expr] | None:
    """A lambda as a delegate whose parameters are known; its result may teach a type parameter."""
    parameters = delegate.args[:1] * 2 if delegate.name == "Comparison" else delegate.args[: _arity(delegate)]
    if any(True for parameter in parameters for _ in t.parameters_of(parameter)):
        return None
    wanted = _result(delegate)
    found, run = compiled(compiler, arg.node, parameters, None)
    if wanted is None:
        pattern = delegate.args[-1]
        if found in (t.VOID, t.NULL) or not _learn(pattern, found, binding):
            return None
        wanted = t.substitute(pattern, binding)
    if wanted is t.VOID:
        return 0, Expr(delegate, run)
    if found is wanted:
        return 0, Expr(delegate, run)
    conversion = implicit(found, wanted)
    if conversion is None:
        # A constant may convert where its type does not: compile again, now knowing what is wanted.
        run = compiled(compiler, arg.node, parameters, wanted)[1]
        return 5, Expr(delegate, run)
    return conversion.cost, Expr(delegate, compiled(compiler, arg.node, parameters, wanted)[1])


def _learn(pattern: t.Type, found: t.Type, binding: dict[str, t.Type]) -> bool:
    return t.unify(pattern, found, binding)


def compiled(
    compiler: Compiler, node: Node, parameters: tuple[t.Type, ...], wanted: t.Type | None
) -> tuple[t.Type, Callable[[Frame], Callable[..., Any]]]:
    """A lambda's result type and what makes the Python function from the frame around it.

    What was compiled once for the same types is kept: overloads are tried one after the other.
    """
    key = (node.start_byte, parameters, id(wanted) ^ id(compiler.function))
    known = compiler.lambdas.get(key)
    if known is None:
        known = compiler.lambdas[key] = _compile(compiler, _unwrapped(node), parameters, wanted)
    return known


def _compile(
    compiler: Compiler, node: Node, parameters: tuple[t.Type, ...], wanted: t.Type | None
) -> tuple[t.Type, Callable[[Frame], Callable[..., Any]]]:
    function = Function(compiler.function, wanted)
    declared = lambda_parameters(compiler, node)
    if len(declared) != len(parameters):
        raise compiler.error(node, f"Delegate does not take {len(declared)} arguments but {len(parameters)}")
    for (name, type_node), type in zip(declared, parameters, strict=True):
        if type_node is not None and type_node.type != "implicit_type" and compiler.type(type_node) is not type:
            raise compiler.error(type_node, f"Parameter '{name}' is declared as another type than '{type}'")
        function.declare(name, type)
    body = node.child_by_field_name("body") or named(node)[-1]  # the grammar has no name for that of a `delegate`
    if body.type == "arrow_expression_clause":  # of a local function
        body = named(body)[0]
    with compiler.inside(function):
        if body.type == "block":
            return _block(compiler, body, function, len(parameters))
        value = compiler.expression(body, None if wanted is t.VOID else wanted)
        if wanted is not None and wanted is not t.VOID:
            value = compiler.convert(value, wanted, body)
    return value.type, _maker(value.run, function, len(parameters))


def _maker(run: Callable[[Frame], Any], function: Function, count: int) -> Callable[[Frame], Callable[..., Any]]:
    spare = function.slots - FIRST_SLOT - count
    padding: list[Any] = [None] * spare
    if count == 1 and not spare:
        return lambda frame: lambda value: run([frame, value])
    return lambda frame: lambda *args: run([frame, *args, *padding])


def _block(
    compiler: Compiler, body: Node, function: Function, count: int
) -> tuple[t.Type, Callable[[Frame], Callable[..., Any]]]:
    if function.returns is None:
        # First to learn the type that the block returns, then for good.
        lambdas = dict(compiler.lambdas)
        trial = Function(function.around, None)
        trial.scopes = [dict(function.scopes[0])]
        trial.slots = function.slots
        with compiler.inside(trial):
            function_body(compiler, body)
        compiler.lambdas = lambdas
        function.returns = _best(compiler, body, trial.inferred)
    run = function_body(compiler, body)
    return function.returns, _maker(run, function, count)


def _best(compiler: Compiler, body: Node, types: list[t.Type]) -> t.Type:
    """The type among those returned that all others convert to."""
    if not types:
        return t.VOID
    for candidate in types:
        if all(implicit(other, candidate) for other in types):
            return candidate
    raise compiler.error(body, "Cannot convert lambda expression: its return types have none in common")


def method_group_as_delegate(
    compiler: Compiler, arg: Argument, delegate: t.Type, binding: dict[str, t.Type]
) -> tuple[int, Expr] | None:
    """`int.Parse` where a `Func<string, int>` is wanted: a lambda that calls it."""
    from .calls import call  # a method group is called, and calls take method groups

    group = arg.group
    assert isinstance(group, MethodGroup)
    parameters = delegate.args[: _arity(delegate)]
    if any(True for parameter in parameters for _ in t.parameters_of(parameter)):
        return None
    function = Function(compiler.function, None)
    slots = [function.declare(f"<{n}>", type).slot for n, type in enumerate(parameters)]
    receiver = group.receiver
    if receiver is not None:
        outer = receiver.run
        receiver = Expr(receiver.type, lambda frame: outer(frame[0]))
    inner = MethodGroup(group.name, group.type, receiver, group.type_arguments)
    args = [Argument(arg.node, Expr(type, load(slot, 0))) for slot, type in zip(slots, parameters, strict=True)]
    with compiler.inside(function):
        value = call(compiler, arg.node, inner, find(group.type, group.name, static=group.receiver is None), args)
    wanted = _result(delegate)
    if wanted is None:
        if not _learn(delegate.args[-1], value.type, binding):
            return None
        wanted = t.substitute(delegate.args[-1], binding)
    conversion = implicit(value.type, wanted) if wanted is not t.VOID else None
    if conversion:
        value = applied(value, wanted, conversion.apply)
    elif wanted is not t.VOID:
        return None
    return (conversion.cost if conversion else 0) + 1, Expr(delegate, _maker(value.run, function, len(parameters)))
