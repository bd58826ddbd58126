"""Literals: numbers, characters, strings, interpolated strings."""

import re
import sys
from decimal import Decimal

from tree_sitter import Node

from . import types as t
from .code import Code, code, constant_code, list_code
from .compiler import Compiler, expression, named
from .conversions import numeric
from .expr import Expr, constant
from .json_casts import default_of
from .numbers import fit
from .parse import BRACE
from .texts import format_value, stringer
from .values import boxer

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{1,4})|(.))", re.DOTALL)


@expression("integer_literal")
def integer(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    digits = compiler.text(node).replace("_", "").lower()
    suffix = "".join(sorted(char for char in digits[-2:] if char in "ul"))
    digits = digits.rstrip("ul")
    base = 16 if digits.startswith("0x") else 2 if digits.startswith("0b") else 10
    value = int(digits, base)
    candidates = {
        "": (t.INT, t.UINT, t.LONG, t.ULONG),
        "u": (t.UINT, t.ULONG),
        "l": (t.LONG, t.ULONG),
        "lu": (t.ULONG,),
    }
    for kind in candidates[suffix]:
        if value < 1 << (t.INTEGERS[kind] - (kind not in t.UNSIGNED)):
            return constant(kind, value)
    raise compiler.error(node, "Integral constant is too large")


@expression("real_literal")
def real(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    digits = compiler.text(node).replace("_", "").lower()
    if digits.endswith("m"):
        return constant(t.DECIMAL, fit(Decimal(digits[:-1])))
    value = float(digits.rstrip("fd"))
    if digits.endswith("f"):
        single = numeric(t.DOUBLE, t.FLOAT)
        return constant(t.FLOAT, single(value) if single else value)
    return constant(t.DOUBLE, value)


@expression("boolean_literal")
def boolean(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    return constant(t.BOOL, compiler.text(node) == "true")


@expression("null_literal")
def null(_compiler: Compiler, _node: Node, _target: t.Type | None) -> Expr:
    return constant(t.NULL, None)


@expression("character_literal")
def character(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    value = _unescaped(compiler, node, compiler.text(node)[1:-1])
    if len(value) != 1:
        many = "Too many characters in character literal" if value else "Empty character literal"
        raise compiler.error(node, many)
    return constant(t.CHAR, value)


@expression("string_literal")
def string(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    # Interned, because C# says of equal literals that they are one object.
    return constant(t.STRING, sys.intern(_unescaped(compiler, node, compiler.text(node)[1:-1])))


@expression("verbatim_string_literal")
def verbatim(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    return constant(t.STRING, sys.intern(compiler.text(node)[2:-1].replace('""', '"')))


def _unescaped(compiler: Compiler, node: Node, text: str) -> str:
    if "\n" in text:
        raise compiler.error(node, "Newline in constant")
    if "\\" not in text:
        return text

    def decode(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            return chr(int(code, 16))
        char = match[4]
        if char in "\\\"'":
            return char
        if char not in _ESCAPES:
            raise compiler.error(node, "Unrecognized escape sequence")
        return _ESCAPES[char]

    return _SURROGATES.sub(_joined, _ESCAPE.sub(decode, text))


_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def _joined(pair: re.Match[str]) -> str:
    """A letter beyond the first 65,536, written as C# keeps it: in two halves."""
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


@expression("interpolated_string_expression")
def interpolated(compiler: Compiler, node: Node, _target: t.Type | None) -> Expr:
    is_verbatim = "@" in compiler.text(node)[:2]
    pieces: list[Code] = []
    for child in named(node):
        if child.type == "interpolation":
            pieces.append(_hole(compiler, child, is_verbatim=is_verbatim))
        elif child.type in ("string_content", "escape_sequence"):
            pieces.append(constant_code(_content(compiler, child, is_verbatim=is_verbatim)))
    return Expr(t.STRING, code("''.join({})", list_code(pieces)))


def _content(compiler: Compiler, node: Node, *, is_verbatim: bool) -> str:
    text = compiler.text(node).replace("{{", "{").replace("}}", "}").replace(BRACE, "{")
    return text.replace('""', '"') if is_verbatim else _unescaped(compiler, node, text)


def _hole(compiler: Compiler, node: Node, *, is_verbatim: bool) -> Code:
    value_node, *clauses = [child for child in named(node) if child.type != "interpolation_brace"]
    value = compiler.expression(value_node)
    width, pattern = 0, ""
    for clause in clauses:
        if clause.type == "interpolation_alignment_clause":
            aligned = compiler.expression(named(clause)[0])
            if not (aligned.is_constant and aligned.type is t.INT):
                raise compiler.error(clause, "A constant value is expected")
            width = aligned.constant
        else:
            written = compiler.text(clause)[1:]
            pattern = written if is_verbatim else _unescaped(compiler, clause, written)
    text = _formatted(value, pattern) if pattern else _plain(value)
    return _padded(text, width) if width else text


def _plain(value: Expr) -> Code:
    return code("{}({})", stringer(value.type), value)


def _formatted(value: Expr, pattern: str) -> Code:
    box = boxer(value.type)
    return code("{}({}, {})", format_value, code("{}({})", box, value) if box else value, pattern)


def _padded(text: Code, width: int) -> Code:
    return code("{}({}, {})", str.rjust if width > 0 else str.ljust, text, abs(width))


@expression("parenthesized_expression")
def parenthesized(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    return compiler.expression(named(node)[0], target)


@expression("default_expression")
def default(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    type_node = node.child_by_field_name("type")
    wanted = compiler.type(type_node) if type_node else target
    if wanted is None:
        raise compiler.error(node, "There is no target type for the default literal")
    return constant(wanted, default_of(wanted))


@expression("checked_expression")
def checked(compiler: Compiler, node: Node, target: t.Type | None) -> Expr:
    if compiler.text(node).startswith("checked"):
        raise compiler.error(node, "'checked' is not supported in policy expressions by the twin")
    return compiler.expression(named(node)[0], target)
