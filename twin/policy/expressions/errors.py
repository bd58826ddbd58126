"""What can go wrong with an expression: when it is compiled, and when it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn


class NotCompiled(Exception):
    """The expression is refused. `offset` counts characters from the beginning of its source (the `@`)."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class ExpressionError(Exception):
    """The expression is refused, with its place in the policy. Raised by `compile_expression`."""

    def __init__(self, message: str, line: int, column: int, offset: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column
        self.offset = offset


class Thrown(Exception):
    """A .NET exception that travels through running C# code; `catch` clauses see it."""

    def __init__(self, kind: str, message: str, inner: "Thrown | None" = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.inner = inner


@dataclass
class ExpressionFault(Exception):
    """A .NET exception that left an expression: the pipeline goes to on-error with this reason.

    `kind` is the exception's full name ("System.NullReferenceException"), `source` the expression that threw it.
    """

    kind: str
    message: str
    source: str
    line: int
    column: int
    reason: str = "ExpressionValueEvaluationFailure"

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}"
        return f"Expression evaluation failed. {self.message} ({self.kind} in {self.source} at {where})"


def throw(make: Callable[[], Thrown]) -> NoReturn:
    """Raises within an expression of Python."""
    raise make()


def null_reference() -> Thrown:
    return Thrown("System.NullReferenceException", "Object reference not set to an instance of an object.")


def argument_null(name: str) -> Thrown:
    return Thrown("System.ArgumentNullException", f"Value cannot be null.\nParameter name: {name}")


def argument(message: str) -> Thrown:
    return Thrown("System.ArgumentException", message)


def out_of_range(name: str, message: str = "Specified argument was out of the range of valid values.") -> Thrown:
    named = f"\nParameter name: {name}" if name else ""
    return Thrown("System.ArgumentOutOfRangeException", message + named)


def invalid_cast(message: str = "Specified cast is not valid.") -> Thrown:
    return Thrown("System.InvalidCastException", message)


def invalid_operation(message: str) -> Thrown:
    return Thrown("System.InvalidOperationException", message)


def bad_format(message: str = "Input string was not in a correct format.") -> Thrown:
    return Thrown("System.FormatException", message)


def overflow(message: str) -> Thrown:
    return Thrown("System.OverflowException", message)
