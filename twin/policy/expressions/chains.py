"""One step of a chain `a.b?.c[d]`: what happens when the value before it is null, or was cut short further back."""

from collections.abc import Callable
from typing import Any

from . import types as t
from .code import Code, Continuation, code
from .compiler import applied
from .conversions import implicit
from .errors import Thrown, null_reference, throw
from .expr import SHORT, Expr
from .members import Member


def received(receiver: Expr, member: Member, binding: dict[str, t.Type]) -> Expr:
    """A receiver as the member wants it: some enumerate differently under another type."""
    wanted = t.substitute(member.owner, binding)
    found = implicit(receiver.type, wanted)
    if found is None or found.apply is None:
        return receiver
    if not receiver.short:
        return applied(receiver, wanted, found.apply)
    converted = code("(it if (it := {}) is {} or it is None else {}(it))", receiver, SHORT, found.apply)
    return Expr(wanted, converted, short=True)


def step(
    receiver: Expr,
    further: Callable[[Code], Code],
    *,
    conditional: bool,
    refusal: Callable[[], Thrown] = null_reference,
) -> Code:
    """One step of a chain: what `further` makes of the value of the receiver, after the check that it is not null."""
    if not (conditional or receiver.short):
        return further(receiver if receiver.never_null else present(receiver, refusal))
    rest = further(_IT if conditional else present(_IT, refusal))
    rest = Continuation(rest.text, rest.names, rest.depth)
    if not receiver.short:
        return code("({} if (it := {}) is None else {})", SHORT, receiver, rest)
    if not conditional:
        return code("(it if (it := {}) is {} else {})", receiver, SHORT, rest)
    return code("({0} if (it := {1}) is None or it is {0} else {2})", SHORT, receiver, rest)


_IT = Code("it")


def present(value: Code, refusal: Callable[[], Thrown] = null_reference) -> Code:
    """A value that must not be null."""
    if value is _IT:
        return code("(it if it is not None else {}({}))", throw, refusal)
    return code("(it if (it := {}) is not None else {}({}))", value, throw, refusal)


def not_null(value: Any) -> Any:
    if value is None:
        raise null_reference()
    return value
