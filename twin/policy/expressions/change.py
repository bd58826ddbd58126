"""System.Convert: any scalar into any other, with checks. Arguments are boxed, results are not."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from . import types as t
from .errors import bad_format, invalid_cast, overflow
from .numbers import fit, in_range, parse_decimal, parse_double, parse_integer
from .texts import to_string
from .time_text import parse_date_time
from .times import DateTime
from .values import Char, is_instance, type_of

_TOO_LARGE = {
    t.SBYTE: "a signed byte",
    t.BYTE: "an unsigned byte",
    t.SHORT: "an Int16",
    t.USHORT: "a UInt16",
    t.INT: "an Int32",
    t.UINT: "a UInt32",
    t.LONG: "an Int64",
    t.ULONG: "a UInt64",
}
_NAMES = {kind: t.full_name(kind).removeprefix("System.") for kind in t.INTEGERS}


def change(value: Any, target: t.Type) -> Any:
    """Convert.ChangeType(value, target) for a value that is not null."""
    changer = _CHANGERS.get(target)
    if changer is not None:
        return changer(value)
    if is_instance(value, target):
        return value
    if target is t.STRING:
        return to_string(value)
    raise _refused(value, target)


def _refused(value: Any, target: t.Type) -> Exception:
    have, want = (t.full_name(one).removeprefix("System.") for one in (type_of(value), target))
    if have in ("Boolean", "Char", "DateTime", "String") or type_of(value) in t.NUMBERS:
        return invalid_cast(f"Invalid cast from '{have}' to '{want}'.")
    return invalid_cast("Object must implement IConvertible.")


def _integer(target: t.Type) -> Callable[[Any], int]:
    bits, signed = t.INTEGERS[target], target not in t.UNSIGNED

    def to_integer(value: Any) -> int:
        if isinstance(value, Char):
            number = ord(value)
        elif isinstance(value, str):
            return parse_integer(value, bits, signed=signed, name=_NAMES[target])
        elif isinstance(value, int):
            number = int(value)
        elif isinstance(value, (float, Decimal)):
            number = _rounded(value)
        else:
            raise _refused(value, target)
        if number is None or not in_range(number, bits, signed=signed):
            raise overflow(f"Value was either too large or too small for {_TOO_LARGE[target]}.")
        return number

    return to_integer


def _rounded(value: float | Decimal) -> int | None:
    """To the nearest whole number, halves to the even one."""
    if isinstance(value, Decimal):
        return int(value.to_integral_value(ROUND_HALF_EVEN))
    return round(value) if math.isfinite(value) else None


def _double(value: Any) -> float:
    if isinstance(value, Char):
        raise _refused(value, t.DOUBLE)
    if isinstance(value, str):
        return parse_double(value)
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    raise _refused(value, t.DOUBLE)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Char):
        raise _refused(value, t.DECIMAL)
    if isinstance(value, str):
        return parse_decimal(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise overflow("Value was either too large or too small for a Decimal.")
        return fit(Decimal(f"{value:.15g}"))
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    raise _refused(value, t.DECIMAL)


def _bool(value: Any) -> bool:
    if isinstance(value, Char):
        raise _refused(value, t.BOOL)
    if isinstance(value, str):
        word = value.strip(" \t\r\n\0").lower()
        if word not in ("true", "false"):
            raise bad_format("String was not recognized as a valid Boolean.")
        return word == "true"
    if isinstance(value, (int, float, Decimal)):
        return value != 0
    raise _refused(value, t.BOOL)


def _date_time(value: Any) -> DateTime:
    if isinstance(value, DateTime):
        return value
    if isinstance(value, str) and not isinstance(value, Char):
        return parse_date_time(value)
    raise _refused(value, t.DATE_TIME)


def _char(value: Any) -> str:
    if isinstance(value, str):
        if len(value) != 1:
            raise bad_format("String must be exactly one character long.")
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 0xFFFF:
        return chr(value)
    raise _refused(value, t.CHAR)


_CHANGERS: dict[t.Type, Callable[[Any], Any]] = {
    **{kind: _integer(kind) for kind in t.INTEGERS},
    t.DOUBLE: _double,
    t.FLOAT: _double,
    t.DECIMAL: _decimal,
    t.BOOL: _bool,
    t.DATE_TIME: _date_time,
    t.CHAR: _char,
    t.STRING: to_string,
}
DEFAULTS: dict[t.Type, Any] = {
    **dict.fromkeys(t.INTEGERS, 0),
    t.DOUBLE: 0.0,
    t.FLOAT: 0.0,
    t.DECIMAL: Decimal(0),
    t.BOOL: False,
    t.CHAR: "\0",
}
