"""Numbers: their own members, Math, and Nullable."""

import math
import operator
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from .. import types as t
from ..change import change
from ..errors import Thrown, invalid_operation, out_of_range, overflow
from ..json_casts import default_of
from ..numbers import divide, formatted, parse_decimal, parse_double, parse_integer, remainder, single
from ..texts import stringer
from ..values import wrap
from .signature import Typed


def _attempt(parse: Callable[[str], Any], empty: Any) -> Callable[[str | None], tuple[bool, Any]]:
    """TryParse from Parse."""

    def attempt(text: str | None) -> tuple[bool, Any]:
        if text is None:
            return False, empty
        try:
            return True, parse(text)
        except Thrown:
            return False, empty

    return attempt


def _integers() -> dict[str, Any]:
    table: dict[str, Any] = {}
    for kind, bits in t.INTEGERS.items():
        signed = kind not in t.UNSIGNED
        name = t.full_name(kind).removeprefix("System.")
        high = (1 << (bits - signed)) - 1
        low = -high - 1 if signed else 0

        def parse(text: str, bits: int = bits, signed: bool = signed, name: str = name) -> int:
            return parse_integer(text, bits, signed=signed, name=name)

        table |= {
            f"static {name} {name}.MaxValue": lambda high=high: high,
            f"static {name} {name}.MinValue": lambda low=low: low,
            f"static {name} {name}.Parse(string! s)": parse,
            f"static bool {name}.TryParse(string s, out {name} result)": _attempt(parse, 0),
            f"string {name}.ToString()": int.__repr__,
            f"string {name}.ToString(string format)": (
                lambda value, pattern, bits=bits: formatted(value, pattern or "G", bits)
            ),
            f"int {name}.CompareTo({name} value)": _order,
            f"bool {name}.Equals({name} obj)": lambda left, right: left == right,
        }
        if bits >= 32:
            table[f"int {name}.GetHashCode()"] = lambda value, high=bits - 32: wrap(
                value ^ value >> 32 if high else value, 32, signed=True
            )
    return table


def _order(left: Any, right: Any) -> int:
    return (left > right) - (left < right)


def _reals() -> dict[str, Any]:
    table: dict[str, Any] = {}
    for kind, name, parse in (
        (t.DOUBLE, "Double", parse_double),
        (t.FLOAT, "Single", parse_double),
        (t.DECIMAL, "Decimal", parse_decimal),
    ):
        table |= {
            f"static {name} {name}.Parse(string! s)": parse,
            f"static bool {name}.TryParse(string s, out {name} result)": _attempt(parse, default_of(kind)),
            f"string {name}.ToString()": stringer(kind),
            f"string {name}.ToString(string format)": (lambda value, pattern: formatted(value, pattern or "G")),
            f"int {name}.CompareTo({name} value)": _order,
            f"bool {name}.Equals({name} obj)": lambda left, right: left == right or (left != left and right != right),
        }
    return table


_MODES = (ROUND_HALF_EVEN, ROUND_HALF_UP)


def _round(value: float, digits: int = 0, mode: int = 0) -> float:
    """Math.Round of a double: it is scaled, rounded and scaled back, as .NET does it."""
    if not 0 <= digits <= 15:
        raise out_of_range("digits", "Rounding digits must be between 0 and 15, inclusive.")
    if not math.isfinite(value) or abs(value) >= 1e16:
        return value
    power = 10.0**digits
    scaled = value * power
    if mode == 1:
        whole = math.trunc(scaled)
        rounded = whole + math.copysign(1, scaled) if abs(scaled - whole) >= 0.5 else float(whole)
    else:
        rounded = float(round(scaled))
    return rounded / power


def _round_decimal(value: Decimal, digits: int = 0, mode: int = 0) -> Decimal:
    if not 0 <= digits <= 28:
        raise out_of_range("decimals", "Decimal can only round to between 0 and 28 digits of precision.")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return value
    return value.quantize(Decimal(1).scaleb(-digits), _MODES[mode])


def _sign(value: float | Decimal) -> int:
    if value != value:
        raise Thrown("System.ArithmeticException", "Function does not accept floating point Not-a-Number values.")
    return (value > 0) - (value < 0)


def _power(base: float, exponent: float) -> float:
    try:
        result = math.pow(base, exponent)
    except OverflowError:
        negative = base < 0 and exponent % 2 == 1
        return -math.inf if negative else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan
    return result


def _quiet(function: Callable[[float], float]) -> Callable[[float], float]:
    def quiet(value: float) -> float:
        try:
            return function(value)
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return quiet


def _log(value: float) -> float:
    return -math.inf if value == 0 else math.log(value)


def _or_nan(choose: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: left if left != left else right if right != right else choose(left, right)


def _math() -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name in ("Int32", "UInt32", "Int64", "UInt64", "Double", "Decimal", "Single", "Int16", "Byte"):
        for choose in (max, min):
            function = _or_nan(choose) if name in ("Double", "Single") else choose
            table[f"static {name} Math.{choose.__name__.title()}({name} val1, {name} val2)"] = function
    for name, bits in (
        ("Int32", 32),
        ("Int64", 64),
        ("Int16", 16),
        ("SByte", 8),
        ("Double", 0),
        ("Decimal", 0),
        ("Single", 0),
    ):
        table[f"static {name} Math.Abs({name} value)"] = _absolute(bits)
        table[f"static int Math.Sign({name} value)"] = _sign
    for name in ("Sqrt", "Exp", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan"):
        table[f"static double Math.{name}(double d)"] = _quiet(getattr(math, name.lower()))
    return table


def _absolute(bits: int) -> Callable[[Any], Any]:
    def absolute(value: Any) -> Any:
        if bits and value == -(1 << (bits - 1)):
            raise overflow("Negating the minimum value of a twos complement number is invalid.")
        return abs(value)

    return absolute


def _parse_bool(text: str) -> bool:
    return change(text, t.BOOL)


def _value_of(value: Any) -> Any:
    if value is None:
        raise invalid_operation("Nullable object must have a value.")
    return value


def _or_default(kind: t.Type, value: Any) -> Any:
    return default_of(kind) if value is None else value


def _cut(value: float) -> float:
    return float(math.trunc(value)) if math.isfinite(value) else value


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    return lambda value: float(function(value)) if math.isfinite(value) else value


MEMBERS: dict[str, Any] = {
    **_integers(),
    **_reals(),
    **_math(),
    "static float Single.MaxValue": lambda: single(3.4028234663852886e38),
    "static float Single.MinValue": lambda: single(-3.4028234663852886e38),
    "static float Single.NaN": lambda: math.nan,
    "static bool Single.IsNaN(float f)": math.isnan,
    "static double Double.MaxValue": lambda: 1.7976931348623157e308,
    "static double Double.MinValue": lambda: -1.7976931348623157e308,
    "static double Double.NaN": lambda: math.nan,
    "static double Double.PositiveInfinity": lambda: math.inf,
    "static double Double.NegativeInfinity": lambda: -math.inf,
    "static double Double.Epsilon": lambda: 5e-324,
    "static bool Double.IsNaN(double d)": math.isnan,
    "static bool Double.IsInfinity(double d)": math.isinf,
    "static bool Double.IsPositiveInfinity(double d)": lambda value: value == math.inf,
    "static bool Double.IsNegativeInfinity(double d)": lambda value: value == -math.inf,
    "static decimal Decimal.MaxValue": lambda: Decimal(2**96 - 1),
    "static decimal Decimal.MinValue": lambda: -Decimal(2**96 - 1),
    "static decimal Decimal.Zero": lambda: Decimal(0),
    "static decimal Decimal.One": lambda: Decimal(1),
    "static decimal Decimal.Round(decimal d)\nstatic decimal Decimal.Round(decimal d, int decimals)": _round_decimal,
    "static decimal Decimal.Round(decimal d, int decimals, MidpointRounding mode)": _round_decimal,
    "static decimal Decimal.Ceiling(decimal d)": lambda value: value.to_integral_value(ROUND_CEILING),
    "static int Decimal.Compare(decimal d1, decimal d2)": _order,
    "static int Decimal.ToInt32(decimal d)": lambda value: change(value.to_integral_value(ROUND_DOWN), t.INT),
    "static decimal Decimal.Floor(decimal d)": lambda value: value.to_integral_value(ROUND_FLOOR),
    "static decimal Decimal.Truncate(decimal d)": lambda value: value.to_integral_value(ROUND_DOWN),
    # Boolean
    "static string Boolean.TrueString": lambda: "True",
    "static string Boolean.FalseString": lambda: "False",
    "static bool Boolean.Parse(string! value)": _parse_bool,
    "static bool Boolean.TryParse(string value, out bool result)": _attempt(_parse_bool, False),
    "bool Boolean.Equals(bool obj)": lambda left, right: left == right,
    "int Boolean.CompareTo(bool value)": _order,
    # Math
    "static double Math.PI": lambda: math.pi,
    "static double Math.E": lambda: math.e,
    "static double Math.Round(double a)\nstatic double Math.Round(double value, int digits)": _round,
    "static double Math.Round(double value, int digits, MidpointRounding mode)": _round,
    "static double Math.Round(double value, MidpointRounding mode)": lambda value, mode: _round(value, 0, mode),
    "static decimal Math.Round(decimal d)\nstatic decimal Math.Round(decimal d, int decimals)": _round_decimal,
    "static decimal Math.Round(decimal d, int decimals, MidpointRounding mode)": _round_decimal,
    "static decimal Math.Round(decimal d, MidpointRounding mode)": lambda value, mode: _round_decimal(value, 0, mode),
    "static double Math.Floor(double d)": _whole(math.floor),
    "static decimal Math.Floor(decimal d)": lambda value: value.to_integral_value(ROUND_FLOOR),
    "static double Math.Ceiling(double a)": _whole(math.ceil),
    "static decimal Math.Ceiling(decimal d)": lambda value: value.to_integral_value(ROUND_CEILING),
    "static double Math.Truncate(double d)": _cut,
    "static decimal Math.Truncate(decimal d)": lambda value: value.to_integral_value(ROUND_DOWN),
    "static double Math.Pow(double x, double y)": _power,
    "static double Math.Log(double d)": _quiet(_log),
    "static double Math.Log(double a, double newBase)": lambda value, base: _quiet(_log)(value) / _quiet(_log)(base),
    "static double Math.Log10(double d)": _quiet(lambda value: -math.inf if value == 0 else math.log10(value)),
    "static double Math.Atan2(double y, double x)": math.atan2,
    "static double Math.IEEERemainder(double x, double y)": lambda x, y: math.remainder(x, y) if y else math.nan,
    "static int Math.DivRem(int a, int b, out int result)\nstatic long Math.DivRem(long a, long b, out long result)": (
        lambda a, b: (divide(a, b), remainder(a, b))
    ),
    "static long Math.BigMul(int a, int b)": operator.mul,
}
EXTENSIONS: dict[str, Any] = {
    "bool T?.HasValue": lambda value: value is not None,
    "T T?.Value": _value_of,
    "T T?.GetValueOrDefault()": Typed(_or_default),
    "T T?.GetValueOrDefault(T defaultValue)": lambda value, default: default if value is None else value,
}
