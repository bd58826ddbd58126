"""Numbers as text: ToString with formats, and Parse, under the invariant culture.

https://learn.microsoft.com/dotnet/standard/base-types/standard-numeric-format-strings
"""

import math
import re
import struct
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal

from .custom_numbers import custom_text, fixed
from .errors import Thrown, bad_format, overflow
from .values import wrap

_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+)[ \t\n\v\f\r]*\0*", re.ASCII)
_REAL = re.compile(r"[ \t\n\v\f\r]*([+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[ \t\n\v\f\r]*", re.ASCII)
_PLAIN = re.compile(r"[ \t\n\v\f\r]*([+-]?(?:\d[\d,]*\.?\d*|\.\d+))[ \t\n\v\f\r]*", re.ASCII)
_STANDARD = re.compile(r"([A-Za-z])(\d{0,2})")
LARGEST_DECIMAL = Decimal(2**96 - 1)
_WIDE = Context(prec=80)
_SPECIAL = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}


def double_text(value: float, digits: int = 15) -> str:
    """Double.ToString() of the .NET Framework: 15 significant digits."""
    if value != value:
        return "NaN"
    if value in (math.inf, -math.inf):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    text = f"{value:.{digits}g}"
    return text.upper()


def single_text(value: float) -> str:
    return double_text(value, 7)


def decimal_text(value: Decimal) -> str:
    return f"{value:f}"


def parse_integer(text: str, bits: int, *, signed: bool, name: str) -> int:
    """Int32.Parse and its like."""
    match = _INTEGER.fullmatch(text)
    if match is None:
        raise bad_format()
    value = int(match.group(1))
    if not in_range(value, bits, signed=signed):
        kind = "a signed byte" if name == "SByte" else "an unsigned byte" if name == "Byte" else f"an {name}"
        raise overflow(f"Value was either too large or too small for {kind}.")
    return value


def in_range(value: int, bits: int, *, signed: bool) -> bool:
    low, high = (-(1 << (bits - 1)), 1 << (bits - 1)) if signed else (0, 1 << bits)
    return low <= value < high


def parse_double(text: str) -> float:
    stripped = text.strip()
    if stripped in _SPECIAL:
        return _SPECIAL[stripped]
    match = _REAL.fullmatch(text)
    if match is None:
        raise bad_format()
    value = float(match.group(1).replace(",", ""))
    if math.isinf(value):
        raise overflow("Value was either too large or too small for a Double.")
    return value


def parse_decimal(text: str) -> Decimal:
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise bad_format()
    return fit(Decimal(match.group(1).replace(",", "")))


def fit(value: Decimal) -> Decimal:
    """A decimal within 96 bits of digits and 28 places, or an OverflowException."""
    if not value.is_finite() or value.copy_abs() > LARGEST_DECIMAL:
        raise overflow("Value was either too large or too small for a Decimal.")
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent > 0:
        return value.quantize(Decimal(1), context=_WIDE)
    places = -exponent
    while places > 28 or (places + value.adjusted() >= 28 and value.scaleb(places, _WIDE).copy_abs() > LARGEST_DECIMAL):
        places = min(places - 1, 28)
        value = value.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    return value


def formatted(value: float | Decimal, pattern: str, bits: int = 0) -> str:
    """`value.ToString(pattern)` for a standard or a custom numeric pattern; `bits` is the size of an integer's type."""
    match = _STANDARD.fullmatch(pattern)
    if match:
        return _standard(value, match.group(1), match.group(2), bits)
    return custom_text(_exact(value), pattern)


def _exact(value: float | Decimal) -> Decimal:
    """The digits that .NET works with: 15 of a double, all of the others."""
    return Decimal(double_text(value)) if isinstance(value, float) else Decimal(value)


def _standard(value: float | Decimal, letter: str, precision: str, bits: int) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return double_text(value)
    places = int(precision) if precision else None
    match letter.upper():
        case "D" if bits:
            return ("-" if value < 0 else "") + str(abs(int(value))).rjust(places or 0, "0")
        case "X" if bits:
            return format(wrap(int(value), bits, signed=False), letter).rjust(places or 0, "0")
        case "F":
            return fixed(_exact(value), 2 if places is None else places)
        case "N":
            return _grouped(fixed(_exact(value), 2 if places is None else places))
        case "P":
            return _grouped(fixed(_exact(value) * 100, 2 if places is None else places)) + " %"
        case "C":
            text = _grouped(fixed(abs(_exact(value)), 2 if places is None else places))
            return f"(¤{text})" if value < 0 else f"¤{text}"
        case "E":
            return _scientific(_exact(value), 6 if places is None else places, letter)
        case "G":
            return _general(value, places, letter, integer=bool(bits))
        case "R" if isinstance(value, float):
            return _general(value, places, letter, integer=False)
    raise bad_format("Format specifier was invalid.")


def _general(value: float | Decimal, places: int | None, letter: str, *, integer: bool) -> str:
    if isinstance(value, float):
        if letter.upper() == "R":
            short = double_text(value)
            return short if float(short) == value else double_text(value, 17)
        if places and places < 15:
            return double_text(float(_significant(_exact(value), places)), places)
        return double_text(value, places or 15)
    if not places:
        return str(int(value)) if integer else decimal_text(Decimal(value))
    text = f"{_significant(Decimal(value), places):.{places}g}"
    return text.replace("e", letter.replace("G", "E").replace("g", "e")).replace("E+", "E+0") if "e" in text else text


def _significant(value: Decimal, digits: int) -> Decimal:
    """Rounded to so many digits, halves away from zero."""
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(value)


def _grouped(text: str) -> str:
    sign = "-" if text.startswith("-") else ""
    whole, dot, fraction = text.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{dot}{fraction}"


def _scientific(value: Decimal, places: int, letter: str) -> str:
    exponent = value.adjusted() if value else 0
    mantissa = fixed(value.scaleb(-exponent), places)
    if abs(Decimal(mantissa)) >= 10:
        exponent, mantissa = exponent + 1, fixed(value.scaleb(-exponent - 1), places)
    return f"{mantissa}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):03d}"


def integer_cast(bits: int, *, signed: bool) -> Callable[[float], int]:
    """The cast of a floating-point number in unchecked code: cut off; beyond the range the lowest number, as on x64."""
    below, beyond = (-(1 << (bits - 1)) - 1, 1 << (bits - 1)) if signed else (-1, 1 << bits)
    lowest = wrap(1 << (max(bits, 32) - 1), bits, signed=signed)

    def cast(value: float) -> int:
        if below < value < beyond:
            return int(value)
        return wrap(int(value), bits, signed=signed) if bits < 32 and math.isfinite(value) else lowest

    return cast


def single(value: float) -> float:
    """The nearest number of single precision."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def divide(left: int, right: int) -> int:
    """Integer division, towards zero."""
    if right == 0:
        raise Thrown("System.DivideByZeroException", "Attempted to divide by zero.")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def remainder(left: int, right: int) -> int:
    """The sign is that of the left side."""
    if right == 0:
        raise Thrown("System.DivideByZeroException", "Attempted to divide by zero.")
    return left - right * divide(left, right)
