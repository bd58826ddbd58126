"""A call, once its overload is known: the closure that evaluates the arguments and calls the function."""

from collections.abc import Callable, Sequence
from typing import Any

from tree_sitter import Node

from . import types as t
from .chains import received
from .compiler import Compiler, named
from .errors import argument_null, null_reference
from .expr import SHORT, Argument, Expr, Frame, MethodGroup, Run
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
    runs = [
        _checked(parameter, value) for parameter, value in zip(member.parameters, match.values, strict=True) if value
    ]
    function = member.function
    if member.typed or member.special:
        types = [binding[name] for name in member.generics or t.parameters_of(member.owner)]
        function = with_types(function, types) if member.typed else function(*types)
    run = _invoked(compiler, group, member, function, runs, binding)
    outs = [given for given in match.given if isinstance(given, Argument) and given.out]
    if outs:
        run = _with_outs(compiler, match, outs, run)
    short = group.receiver is not None and (group.conditional or group.receiver.short)
    return Expr(returns, run, short=short)


def _checked(parameter: Parameter, value: Expr) -> Run:
    run, name = value.run, parameter.name
    if not parameter.refuses_null or (value.is_constant and value.constant is not None):
        return run

    def checked(frame: Frame) -> Any:
        given = run(frame)
        if given is None:
            raise argument_null(name)
        return given

    return checked


def with_types(function: Callable[..., Any], types: list[t.Type]) -> Callable[..., Any]:
    return lambda *args: function(*types, *args)


def _invoked(
    compiler: Compiler,
    group: MethodGroup,
    member: Member,
    function: Callable[..., Any],
    runs: list[Run],
    binding: dict[str, t.Type],
) -> Run:
    if member.ambient:
        runs = [context_of(compiler.function), *runs]
        if group.receiver is not None:
            plain = function
            function = lambda receiver, context, *rest: plain(context, receiver, *rest)  # noqa: E731
    if group.receiver is None:
        return _static_call(function, runs)
    receiver = received(group.receiver, member, binding)
    if group.conditional or receiver.short:
        return _chained_call(function, receiver.run, runs, conditional=group.conditional)
    if t.is_value_type(receiver.type) or (member.extension and receiver.type.name == "?"):
        return _plain_call(function, receiver.run, runs)
    if member.extension:
        return _extension_call(function, receiver.run, runs)
    return _instance_call(function, receiver.run, runs)


def _static_call(function: Callable[..., Any], runs: list[Run]) -> Run:
    if len(runs) == 1:
        only = runs[0]
        return lambda frame: function(only(frame))
    if len(runs) == 2:
        first, second = runs
        return lambda frame: function(first(frame), second(frame))
    return lambda frame: function(*[run(frame) for run in runs])


def _plain_call(function: Callable[..., Any], receiver: Run, runs: list[Run]) -> Run:
    return _static_call(function, [receiver, *runs])


def _instance_call(function: Callable[..., Any], receiver: Run, runs: list[Run]) -> Run:
    if len(runs) == 1:
        only = runs[0]

        def one(frame: Frame) -> Any:
            value = receiver(frame)
            if value is None:
                raise null_reference()
            return function(value, only(frame))

        return one
    if len(runs) == 2:
        first, second = runs

        def two(frame: Frame) -> Any:
            value = receiver(frame)
            if value is None:
                raise null_reference()
            return function(value, first(frame), second(frame))

        return two

    def many(frame: Frame) -> Any:
        value = receiver(frame)
        if value is None:
            raise null_reference()
        return function(value, *[run(frame) for run in runs])

    return many


def _extension_call(function: Callable[..., Any], receiver: Run, runs: list[Run]) -> Run:
    def extension(frame: Frame) -> Any:
        value = receiver(frame)
        if value is None:
            raise argument_null("source")
        return function(value, *[run(frame) for run in runs])

    return extension


def _chained_call(function: Callable[..., Any], receiver: Run, runs: list[Run], *, conditional: bool) -> Run:
    def chained(frame: Frame) -> Any:
        value = receiver(frame)
        if value is SHORT:
            return SHORT
        if value is None:
            if conditional:
                return SHORT
            raise null_reference()
        return function(value, *[run(frame) for run in runs])

    return chained


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
