"""One step of a chain `a.b?.c[d]`: what happens when the value before it is null, or was cut short further back."""

from collections.abc import Callable
from typing import Any

from . import types as t
from .compiler import applied
from .conversions import implicit
from .errors import null_reference
from .expr import SHORT, Expr, Frame, Run
from .members import Member


def received(receiver: Expr, member: Member, binding: dict[str, t.Type]) -> Expr:
    """A receiver as the member wants it: some enumerate differently under another type."""
    wanted = t.substitute(member.owner, binding)
    found = implicit(receiver.type, wanted)
    if found is None or found.apply is None:
        return receiver
    apply, run = found.apply, receiver.run
    if not receiver.short:
        return applied(receiver, wanted, apply)
    return Expr(wanted, lambda frame: v if (v := run(frame)) is SHORT or v is None else apply(v), short=True)


def step(receiver: Expr, function: Callable[..., Any], *, conditional: bool, framed: bool = False) -> Run:
    """One step of a chain: `function` of the receiver's value, after the check that it is not null."""
    run, short = receiver.run, receiver.short
    apply = function if framed else lambda _frame, value: function(value)
    if conditional or short:

        def linked(frame: Frame) -> Any:
            value = run(frame)
            if value is SHORT:
                return SHORT
            if value is None:
                if conditional:
                    return SHORT
                raise null_reference()
            return apply(frame, value)

        return linked
    if t.is_value_type(receiver.type):
        return (lambda frame: apply(frame, run(frame))) if framed else (lambda frame: function(run(frame)))
    if framed:
        return lambda frame: apply(frame, not_null(run(frame)))

    def checked(frame: Frame) -> Any:
        value = run(frame)
        if value is None:
            raise null_reference()
        return function(value)

    return checked


def not_null(value: Any) -> Any:
    if value is None:
        raise null_reference()
    return value
