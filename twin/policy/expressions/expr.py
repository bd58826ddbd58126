"""What the compiler hands around: code with a type, and the names that are not values."""

from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from .code import Code, Run, called, constant_code
from .types import Type, is_value_type

NOT_CONSTANT = object()
SHORT = object()  # what a chain yields from the `?.` on that met null


class Expr(Code):
    """A compiled expression: its static type, and the code (or a function of the frame) that computes its value.

    `constant` is the value of a literal. `short` says that the code may yield SHORT: part of a chain with `?.` in it.
    `never_null` says that no check is needed where null would be refused.
    A frame is a list: at 0 the context (in a lambda the frame around it), then the local variables.
    """

    __slots__ = ("constant", "never_null", "short", "type")

    def __init__(
        self,
        type: Type,
        value: Code | Run,
        constant: Any = NOT_CONSTANT,
        *,
        short: bool = False,
        never_null: bool = False,
    ) -> None:
        made = value if isinstance(value, Code) else called(value)
        super().__init__(made.text, made.names, made.depth, made._run)
        self.type = type
        self.constant = constant
        self.short = short
        self.never_null = never_null or is_value_type(type) or not (constant is NOT_CONSTANT or constant is None)

    @property
    def is_constant(self) -> bool:
        return self.constant is not NOT_CONSTANT


def constant(type: Type, value: Any) -> Expr:
    return Expr(type, constant_code(value), value)


@dataclass(frozen=True)
class TypeName:
    """A name that stands for a type, as in `Math.Max`."""

    type: Type


@dataclass(frozen=True)
class Namespace:
    """The beginning of a full name, as `System` in `System.Math`."""

    name: str


@dataclass(frozen=True)
class MethodGroup:
    """A method's name before it is called; `receiver` is None for static methods. `conditional` came after `?.`."""

    name: str
    type: Type
    receiver: Expr | None
    type_arguments: tuple[Type, ...] = ()
    conditional: bool = False


@dataclass
class Argument:
    """One argument as it is written. Lambdas have no type of their own; `expr` is None for them, and for `out`."""

    node: Node
    expr: Expr | None = None
    name: str = ""
    out: bool = False
    is_lambda: bool = False
    group: MethodGroup | None = None


Operand = Expr | TypeName | Namespace | MethodGroup
