"""Which of a method's overloads is meant.

As in C#: every overload that takes the arguments (by position, by name, with defaults, loose for `params`) is a
candidate; type parameters are inferred from the receiver, the arguments and what lambdas return; the one with the
cheapest conversions is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from . import types as t
from .arrays import ArrayLiteral
from .code import constant_code
from .compiler import Compiler, applied, named
from .conversions import Conversion, implicit
from .errors import NotCompiled
from .expr import Argument, Expr, MethodGroup
from .lambdas import is_lambda, lambda_parameters, method_group_as_delegate, typed_lambda
from .members import Member, Parameter
from .operators import operation


@dataclass
class Match:
    """An overload that takes the arguments."""

    member: Member
    binding: dict[str, t.Type]
    given: list[Argument | list[Argument] | None]  # by parameter; None for a default, a list for `params`
    values: list[Any]  # Expr by parameter
    cost: tuple[int, ...]


def arguments(compiler: Compiler, node: Node) -> list[Argument]:
    """The arguments of a call or an indexer."""
    return [_argument(compiler, child) for child in named(node) if child.type == "argument"]


def _argument(compiler: Compiler, node: Node) -> Argument:
    name_node = node.child_by_field_name("name")
    name = compiler.text(name_node) if name_node else ""
    value = named(node)[-1]
    out = any(child.type == "out" for child in node.children)
    if value.type == "declaration_expression" and not out:
        return Argument(value, _product(compiler, value), name)
    if out:
        return Argument(value, None, name, out=True)
    if any(child.type in ("ref", "in") for child in node.children):
        raise compiler.error(node, "'ref' is not supported in policy expressions by the twin")
    if is_lambda(value):
        return Argument(value, None, name, is_lambda=True)
    found = compiler.operand(value)
    if isinstance(found, MethodGroup):
        return Argument(value, None, name, group=found)
    return Argument(value, compiler.value(found, value), name)


def _product(compiler: Compiler, node: Node) -> Expr:
    """`f(a * b)`, which the grammar takes for the declaration of a pointer."""
    type_node, name_node = named(node)[0], named(node)[-1]
    if type_node.type != "pointer_type":
        raise compiler.error(node, "Syntax error: a declaration needs 'out' here")
    left, right = compiler.expression(named(type_node)[0]), compiler.expression(name_node)
    found = operation("*", left, right)
    if found is None:
        message = f"Operator '*' cannot be applied to operands of type '{left.type}' and '{right.type}'"
        raise compiler.error(node, message)
    return found


def _no_overload(group: MethodGroup, candidates: Sequence[Member], args: list[Argument]) -> str:
    fitting = [c for c in candidates if _placed(c, args) is not None]
    if not fitting:
        return f"No overload for method '{group.name}' takes {len(args)} arguments"
    if len(fitting) == 1:
        placed = _placed(fitting[0], args) or []
        for number, (parameter, given) in enumerate(zip(fitting[0].parameters, placed, strict=True), 1):
            if isinstance(given, Argument) and given.expr and not implicit(given.expr.type, parameter.type):
                return f"Argument {number}: cannot convert from '{given.expr.type}' to '{parameter.type}'"
    shown = ", ".join(str(arg.expr.type) if arg.expr else "lambda expression" for arg in args)
    return f"The best overloaded method match for '{group.name}' has some invalid arguments: ({shown})"


def _matched(compiler: Compiler, group: MethodGroup, member: Member, args: list[Argument]) -> Match | None:
    """The overload with its parameters filled, in its normal form or with loose arguments."""
    binding: dict[str, t.Type] = {}
    if (group.receiver is not None or member.kind == "new" or member.owner.args) and not t.unify(
        member.owner, group.type, binding
    ):
        return None
    if group.type_arguments and not _bound(member, group.type_arguments, binding):
        return None
    best = None
    for loose in (False, True):
        placed = _placed(member, args, loose=loose)
        if placed is None:
            continue
        match = _filled(compiler, member, placed, dict(binding), loose=loose)
        if match and (best is None or match.cost < best.cost):
            best = match
    return best


def _bound(member: Member, given: tuple[t.Type, ...], binding: dict[str, t.Type]) -> bool:
    """Whether the type arguments that are written fit. LINQ's methods are static in truth: the type of the elements
    comes first (`ToArray<string>()`)."""
    names = member.generics
    if len(given) != len(names) and member.owner.name == "IEnumerable":
        names = (*t.parameters_of(member.owner), *names)
    if len(given) != len(names):
        return False
    fits = all(binding.get(name, wanted) is wanted for name, wanted in zip(names, given, strict=True))
    binding.update(zip(names, given, strict=True))
    return fits


def _placed(member: Member, args: list[Argument], *, loose: bool = False) -> list[Any] | None:
    """The arguments by parameter; None if they do not fit in number or name."""
    parameters = member.parameters
    if loose and not (parameters and parameters[-1].rest):
        return None
    names = [parameter.name for parameter in parameters]
    placed: list[Any] = [None] * len(parameters)
    rest: list[Argument] = []
    fixed = len(parameters) - loose
    for index, arg in enumerate(args):
        if arg.name:
            if arg.name not in names or placed[names.index(arg.name)] is not None:
                return None
            placed[names.index(arg.name)] = arg
        elif index < fixed:
            placed[index] = arg
        elif loose:
            rest.append(arg)
        else:
            return None
    if loose:
        placed[-1] = rest
    for parameter, given in zip(parameters, placed, strict=True):
        if given is None and not parameter.optional:
            return None
        if isinstance(given, Argument) and given.out != parameter.out:
            return None
    return placed


def _filled(
    compiler: Compiler, member: Member, placed: list[Any], binding: dict[str, t.Type], *, loose: bool
) -> Match | None:
    pairs = _pairs(member, placed)
    for wanted, arg in pairs:
        if arg.expr is not None:
            _infer(wanted, arg.expr.type, binding)
    costs: list[int] = []
    values: dict[int, Expr] = {}
    for wanted, arg in pairs:
        found = _argument_value(compiler, member, wanted, arg, binding)
        if found is None:
            return None
        cost, value = found
        costs.append(cost)
        if value is not None:
            values[id(arg)] = value
    if any(name not in binding for name in member.generics):
        return None
    filled = [
        _parameter_value(parameter, given, values, binding)
        for parameter, given in zip(member.parameters, placed, strict=True)
    ]
    preference = (loose, bool(member.generics), member.extension)
    return Match(member, binding, placed, filled, (sum(costs), max(costs, default=0), *map(int, preference)))


def _pairs(member: Member, placed: list[Any]) -> list[tuple[t.Type, Argument]]:
    pairs = []
    for parameter, given in zip(member.parameters, placed, strict=True):
        if isinstance(given, Argument):
            pairs.append((parameter.type, given))
        elif given:
            pairs.extend((parameter.type.args[0], arg) for arg in given)
    return pairs


def _infer(wanted: t.Type, actual: t.Type, binding: dict[str, t.Type]) -> None:
    """Learns type parameters from an argument; what is known already may be widened to the argument's type."""
    if t.is_parameter(wanted):
        known = binding.get(wanted.name)
        if (known is None and actual is not t.NULL) or (
            known is not None and implicit(actual, known) is None and implicit(known, actual)
        ):
            binding[wanted.name] = actual
        return
    t.unify(wanted, actual, binding)


def _argument_value(
    compiler: Compiler, member: Member, wanted: t.Type, arg: Argument, binding: dict[str, t.Type]
) -> tuple[int, Expr | None] | None:
    """What an argument costs as a parameter, and its converted value; None if it does not fit."""
    if arg.out:
        return 0, None
    if arg.is_lambda or arg.group:
        return _function_value(compiler, wanted, arg, binding)
    closed = t.substitute(wanted, binding)
    expr = arg.expr
    assert expr is not None
    if any(name in member.generics for name in t.parameters_of(closed)):
        return None
    found: Conversion | None = implicit(expr.type, closed, expr.constant)
    return None if found is None else (found.cost, applied(expr, closed, found.apply))


def _function_value(
    compiler: Compiler, wanted: t.Type, arg: Argument, binding: dict[str, t.Type]
) -> tuple[int, Expr] | None:
    """A lambda or a method's name as a delegate: its parameters are known, its result may teach a type parameter."""
    wanted = t.substitute(wanted, binding)
    if not t.is_delegate(wanted):
        return None
    if arg.is_lambda and len(lambda_parameters(compiler, arg.node)) != _arity(wanted):
        return None
    open_delegate = t.substitute(wanted, binding)
    make = typed_lambda if arg.is_lambda else method_group_as_delegate
    return make(compiler, arg, open_delegate, binding)


def _arity(delegate: t.Type) -> int:
    return len(delegate.args) - (delegate.name == "Func") if delegate.name != "Comparison" else 2


def _parameter_value(parameter: Parameter, given: Any, values: dict[int, Expr], binding: dict[str, t.Type]) -> Any:
    if isinstance(given, Argument):
        return None if given.out else values[id(given)]
    if isinstance(given, list):
        element = t.substitute(parameter.type.args[0], binding)
        return ArrayLiteral([values[id(arg)] for arg in given], element)
    return Expr(t.substitute(parameter.type, binding), constant_code(parameter.default))


def best_match(
    compiler: Compiler, node: Node, group: MethodGroup, candidates: Sequence[Member], args: list[Argument]
) -> Match:
    """The overload that is called, or the reason why there is none."""
    matches, complaint = [], None
    for candidate in candidates:
        try:
            match = _matched(compiler, group, candidate, args)
        except NotCompiled as refusal:
            complaint = complaint or refusal
            continue
        if match:
            matches.append(match)
    if not matches:
        raise complaint or compiler.error(node, _no_overload(group, candidates, args))
    best = min(matches, key=lambda match: match.cost)
    for other in matches:
        if _as_good(best.member, other.member):
            both = " and ".join(
                f"'{one.owner}.{one.signature.partition('.')[2]}'" for one in (best.member, other.member)
            )
            raise compiler.error(node, f"The call is ambiguous between the following methods or properties: {both}")
    return best


def _as_good(one: Member, other: Member) -> bool:
    """Whether two overloads differ in nothing but double and decimal: an int becomes either, neither is better."""
    pairs = zip(one.parameters, other.parameters, strict=False)
    different = [{left.type, right.type} for left, right in pairs if left.type is not right.type]
    same_length = len(one.parameters) == len(other.parameters)
    return bool(different) and same_length and all(pair == {t.DOUBLE, t.DECIMAL} for pair in different)
