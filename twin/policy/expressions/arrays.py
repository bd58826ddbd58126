"""Arrays whose elements are written out: `new[] { 1, 2 }`, and the loose arguments of a `params` parameter."""

from . import types as t
from .code import Code, code, list_code
from .expr import Expr
from .values import Array


class ArrayLiteral(Expr):
    """`shared` serves who only looks into it: one array for all evaluations where each element is a constant."""

    __slots__ = ("shared",)

    def __init__(self, values: list[Expr], element: t.Type) -> None:
        super().__init__(t.array(element), code("{}({}, {})", Array, list_code(values), element))
        fixed = all(value.is_constant for value in values)
        self.shared: Code = code("{}", Array([value.constant for value in values], element)) if fixed else self
