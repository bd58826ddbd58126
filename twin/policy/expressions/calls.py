"""A call, once its overload is known: the code that evaluates the arguments and calls the function."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tree_sitter import Node

from . import types as t
from .arrays import ArrayLiteral
from .chains import present, received, step
from .code import Code, Frame, Run, call_code, called
from .compiler import Compiler, named
from .errors import argument_null, null_reference
from .expr import SHORT, Argument, Expr, MethodGroup
from .members import Member, Parameter
from .overloads import Match, best_match
from .scope import context_of
from .scope import find as find_variable


def call(
    compiler: Compiler, node: Node, group: MethodGroup, candidates: Sequence[Member], args: list[Argument]
) -> Expr:
    """The call of the overload that fits best."""
    return _bound(compiler, group, best_match(compiler, node, group, candidates, args))


def _bound(compiler: Compiler, group: MethodGroup, match: Match) -> Expr:
    member, binding = match.member, match.binding
    returns = t.substitute(member.returns, binding)
    args = [
        _checked(parameter, value) for parameter, value in zip(member.parameters, match.values, strict=True) if value
    ]
    function = member.function
    if member.typed or member.special:
        types = [binding[name] for name in member.generics or t.parameters_of(member.owner)]
        function = partial(function, *types) if member.typed else function(*types)
    made = _invoked(compiler, group, member, function, args, binding)
    outs = [given for given in match.given if isinstance(given, Argument) and given.out]
    if outs:
        made = called(_with_outs(compiler, match, outs, made.run))
    short = group.receiver is not None and (group.conditional or group.receiver.short)
    return Expr(returns, made, short=short, never_null=member.never_null)


def _checked(parameter: Parameter, value: Expr) -> Code:
    if value.never_null or not parameter.refuses_null:
        return value
    return present(value, partial(argument_null, parameter.name))


def _invoked(
    compiler: Compiler,
    group: MethodGroup,
    member: Member,
    function: Callable[..., Any],
    args: list[Code],
    binding: dict[str, t.Type],
) -> Code:
    ambient = [context_of(compiler.function)] if member.ambient else []
    if group.receiver is None:
        return call_code(function, *ambient, *args)

    receiver = received(group.receiver, member, binding)
    if isinstance(receiver, ArrayLiteral) and member.name == "Contains":
        return call_code(function, receiver.shared, *args)

    def invoked(receiver: Code) -> Code:
        return call_code(function, *ambient, receiver, *args)

    refusal = partial(argument_null, "source") if member.extension else null_reference
    return step(receiver, invoked, conditional=group.conditional, refusal=refusal)


def _with_outs(compiler: Compiler, match: Match, outs: list[Argument], run: Run) -> Run:
    """The function yields its result and the values of the `out` parameters."""
    types = [t.substitute(parameter.type, match.binding) for parameter in match.member.outs]
    targets = [_out_target(compiler, arg, type) for arg, type in zip(outs, types, strict=True)]

    def assigned(frame: Frame) -> Any:
        found = run(frame)
        if found is SHORT:
            return SHORT
        result, *values = found
        for target, value in zip(targets, values, strict=True):
            target(frame, value)
        return result

    return assigned


def _out_target(compiler: Compiler, arg: Argument, type: t.Type) -> Callable[[Frame, Any], None]:
    node = arg.node
    if node.type == "declaration_expression":
        type_node, name_node = named(node)[0], named(node)[-1]
        declared = type if type_node.type == "implicit_type" else compiler.type(type_node)
        if declared is not type:
            raise compiler.error(node, f"Argument: cannot convert from 'out {declared}' to 'out {type}'")
        slot = compiler.function.declare(compiler.text(name_node), type).slot
        return lambda frame, value: frame.__setitem__(slot, value)
    if node.type == "discard" or compiler.text(node) == "_":
        return lambda _frame, _value: None
    found = find_variable(compiler.function, compiler.text(node)) if node.type == "identifier" else None
    if found is None:
        raise compiler.error(node, "A ref or out value must be an assignable variable")
    variable, depth = found
    if variable.type is not type:
        raise compiler.error(node, f"Argument: cannot convert from 'out {variable.type}' to 'out {type}'")
    slot = variable.slot

    def put(frame: Frame, value: Any) -> None:
        for _ in range(depth):
            frame = frame[0]
        frame[slot] = value

    return put
