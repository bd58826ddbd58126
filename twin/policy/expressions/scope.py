"""Local variables while an expression is compiled: which slot of which frame holds them."""

from dataclasses import dataclass, field

from .code import Code, Frame, Run
from .expr import Expr
from .types import Type

FIRST_SLOT = 1  # 0 leads outwards


@dataclass
class Variable:
    name: str
    type: Type
    slot: int
    function: "Function"
    constant: bool = False


@dataclass
class Function:
    """The expression itself or a lambda: what has a frame of its own."""

    around: "Function | None" = None
    returns: Type | None = None  # None while it is being inferred
    slots: int = FIRST_SLOT
    scopes: list[dict[str, Variable]] = field(default_factory=lambda: [{}])
    inferred: list[Type] = field(default_factory=list)
    loops: int = 0  # how many loops are around what is being compiled
    breakable: int = 0  # the same with switches

    def declare(self, name: str, type: Type) -> Variable:
        variable = Variable(name, type, self.slots, self)
        self.slots += 1
        self.scopes[-1][name] = variable
        return variable

    def find(self, name: str) -> Variable | None:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None


def find(function: Function, name: str) -> tuple[Variable, int] | None:
    """A variable by name, and how many frames outwards it lives."""
    depth, here = 0, function
    while True:
        variable = here.find(name)
        if variable is not None:
            return variable, depth
        if here.around is None:
            return None
        here, depth = here.around, depth + 1


def load(slot: int, depth: int) -> Code:
    """What reads a variable."""
    return Code(f"frame{'[0]' * depth}[{slot}]")


def store(slot: int, depth: int, value: Run) -> Run:
    """What assigns a variable and yields the value."""
    if depth == 0:

        def near(frame: Frame) -> object:
            frame[slot] = result = value(frame)
            return result

        return near

    def far(frame: Frame) -> object:
        result = value(frame)
        for _ in range(depth):
            frame = frame[0]
        frame[slot] = result
        return result

    return far


def context_of(function: Function) -> Code:
    """What yields the context: slot 0 of the outermost frame."""
    depth, here = 0, function
    while here.around is not None:
        here, depth = here.around, depth + 1
    return load(0, depth)


def variable_expr(variable: Variable, depth: int) -> Expr:
    return Expr(variable.type, load(variable.slot, depth))
