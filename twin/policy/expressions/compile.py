"""From the source of an expression to something that runs."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from . import types as t
from .code import Run
from .compiler import Compiler, applied
from .conversions import implicit
from .definite_assignment import Flow, Unassigned
from .errors import ExpressionError, ExpressionFault, NotCompiled, Thrown
from .expr import Expr
from .parse import Syntax, parse
from .scope import FIRST_SLOT, Function
from .statements import function_body, may_end
from .type_names import is_known
from .values import boxer

# Each of these declares the kinds of node that it compiles.
from . import (  # noqa: F401  isort: skip
    assignments,
    branches,
    casts,
    choices,
    creation,
    invocations,
    lambdas,
    literals,
    local_functions,
    loops,
    names,
    operators,
    patterns,
)

_EXPECTED = {bool: t.BOOL, int: t.INT, str: t.STRING, float: t.DOUBLE}


@dataclass(frozen=True)
class Compiled:
    """An expression that is ready to run; `type` is the static type of its result, as C# writes it (`int`).

    `full_type` is its full name (`System.Int32`).
    """

    source: str
    line: int
    column: int
    type: str
    full_type: str
    _run: Run
    _padding: tuple[None, ...]

    def run(self, context: Any) -> Any:
        """The value for one call, boxed (values.py says how .NET values look in Python).

        Raises ExpressionFault when a .NET exception leaves the expression.
        """
        try:
            return self._run([context, *self._padding])
        except Thrown as thrown:
            raise self._fault(thrown.kind, thrown.message) from None
        except RecursionError:
            kind = "System.InsufficientExecutionStackException"
            raise self._fault(kind, "Insufficient stack to continue executing the program safely.") from None

    def _fault(self, kind: str, message: str) -> ExpressionFault:
        return ExpressionFault(kind, message, self.source, self.line, self.column)


def compile_expression(source: str, line: int = 1, column: int = 1, *, expects: type | None = None) -> Compiled:
    """Compiles `@(…)` or `@{…}`, which stands at a line and column of a policy.

    `expects` is what the result must be (bool, int, str, float), None for anything. Raises ExpressionError with the
    place of what is wrong: syntax, types, names, or members that Azure does not allow or the twin does not know.
    """
    try:
        return Compiled(source, line, column, *_compiled(source, expects))
    except NotCompiled as refusal:
        offset = min(refusal.offset, len(source) - 1)
        at_line, at_column = place(source, line, column, offset)
        raise ExpressionError(refusal.message, at_line, at_column, offset) from None
    except RecursionError:
        raise ExpressionError("The expression is nested too deeply", line, column, 0) from None


def place(source: str, line: int, column: int, offset: int) -> tuple[int, int]:
    """The line and column of an offset in a source that begins at a line and column."""
    before = source[:offset]
    lines = before.count("\n")
    return (line + lines, offset - before.rfind("\n")) if lines else (line, column + offset)


@lru_cache(maxsize=2048)
def _compiled(source: str, expects: type | None) -> tuple[str, str, Run, tuple[None, ...]]:
    """What depends on the source alone: the check of a policy and its execution compile the same sources."""
    syntax = parse(source, is_known)
    wanted = _EXPECTED.get(expects) if expects else None
    result, function = _result(syntax, wanted, is_block=source[1] == "{")
    if result.type is t.VOID or (result.type is t.NULL and expects in (bool, int, float)):
        raise NotCompiled(f"Expression return type '{t.full_name(result.type)}' is not allowed.", 0)
    checked = _expected(result, wanted)
    box = boxer(checked.type)
    run = applied(Expr(checked.type, checked.run), t.OBJECT, box).run
    return str(checked.type), t.full_name(checked.type), run, (None,) * (function.slots - FIRST_SLOT)


def _result(syntax: Syntax, wanted: t.Type | None, *, is_block: bool) -> tuple[Expr, Function]:
    function = Function()
    compiler = Compiler(syntax, function)
    if not is_block:
        return compiler.expression(syntax.body, wanted), function
    body = function_body(compiler, syntax.body)
    types = list(dict.fromkeys(function.inferred))
    if may_end(syntax.body):
        raise compiler.error(syntax.body, "not all code paths return a value")
    try:
        Flow().after(syntax.body, frozenset())
    except Unassigned as early:
        name = compiler.text(early.node)
        raise compiler.error(early.node, f"Use of unassigned local variable '{name}'") from None
    best = wanted if wanted and all(implicit(one, wanted) for one in types) else _common(types)
    if types == [best]:
        return Expr(best, body), function
    function = Function(returns=best)
    compiler = Compiler(syntax, function)
    body = function_body(compiler, syntax.body)
    return Expr(best, body), function


def _common(types: list[t.Type]) -> t.Type:
    """The type of a block's result: what all returns give, an object where they differ (each is boxed as it is)."""
    given = [one for one in types if one is not t.NULL]
    if not given:
        return t.NULL
    may_be_null = len(given) == len(types) or not t.is_value_type(given[0])
    return given[0] if len(given) == 1 and may_be_null else t.OBJECT


def _expected(result: Expr, wanted: t.Type | None) -> Expr:
    if wanted is None:
        return result
    found = implicit(result.type, wanted, result.constant)
    if found is None:
        raise NotCompiled(f"Expression return type '{t.full_name(result.type)}' is not allowed.", 0)
    return applied(result, wanted, found.apply)
