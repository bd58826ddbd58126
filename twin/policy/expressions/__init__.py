"""C# policy expressions, compiled once to Python code with .NET's semantics."""

from .compile import Compiled, compile_expression
from .errors import ExpressionError, ExpressionFault

__all__ = ["Compiled", "ExpressionError", "ExpressionFault", "compile_expression"]
