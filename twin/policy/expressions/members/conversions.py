"""System.Convert and BitConverter."""

import base64
import binascii
import re
import struct
from collections.abc import Iterable
from typing import Any

from .. import types as t
from ..change import DEFAULTS, change
from ..errors import argument, bad_format, out_of_range, overflow
from ..json_casts import from_token
from ..json_tokens import Value
from ..numbers import parse_integer
from ..texts import to_string
from ..times import DateTime
from ..values import Array, boxer, wrap

_NAMES = {
    "Int32": t.INT,
    "Int64": t.LONG,
    "Int16": t.SHORT,
    "UInt32": t.UINT,
    "UInt64": t.ULONG,
    "UInt16": t.USHORT,
    "Byte": t.BYTE,
    "SByte": t.SBYTE,
    "Double": t.DOUBLE,
    "Single": t.FLOAT,
    "Decimal": t.DECIMAL,
    "Boolean": t.BOOL,
}


def _table() -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, target in _NAMES.items():
        empty = DEFAULTS[target]
        for source_name, source in {**_NAMES, "Char": t.CHAR}.items():
            box = boxer(source)

            def convert(value: Any, box: Any = box, target: t.Type = target) -> Any:
                return change(box(value) if box else value, target)

            table[f"static {name} Convert.To{name}({source_name} value)"] = convert

        def from_object(value: Any, target: t.Type = target, empty: Any = empty) -> Any:
            return empty if value is None else _changed(value, target)

        table[f"static {name} Convert.To{name}(string value)\nstatic {name} Convert.To{name}(object value)"] = (
            from_object
        )
    return table


def _changed(value: Any, target: t.Type) -> Any:
    """A JValue converts itself, by the cast that JToken has for the type."""
    cast = from_token(target) if isinstance(value, Value) else None
    return cast(value) if cast else change(value, target)


def _byte_with_base(text: str | None, base: int) -> int:
    value = _with_base(text, base, 32)
    if not 0 <= value < 256:
        raise overflow("Value was either too large or too small for an unsigned byte.")
    return value


def _with_base(text: str | None, base: int, bits: int, *, signed: bool = True) -> int:
    if base not in (2, 8, 10, 16):
        raise argument("Invalid Base.")
    if text is None:
        return 0
    if base == 10:
        return parse_integer(text, bits, signed=signed, name=f"{'' if signed else 'U'}Int{bits}")
    if not text:
        raise out_of_range("Index was out of range. Must be non-negative and less than the size of the collection.")
    digits = text[2:] if base == 16 and text[:2].lower() == "0x" else text
    if not re.fullmatch({2: "[01]+", 8: "[0-7]+", 16: "[0-9a-fA-F]+"}[base], digits):
        raise bad_format("Could not find any recognizable digits.")
    value = int(digits, base)
    if value >> bits:
        raise overflow(f"Value was either too large or too small for a {'' if signed else 'U'}Int{bits}.")
    return wrap(value, bits, signed=signed)


def _in_base(value: int, base: int, bits: int = 32) -> str:
    number = value if base == 10 else wrap(value, bits, signed=False)
    return {2: f"{number:b}", 8: f"{number:o}", 10: str(number), 16: f"{number:x}"}.get(base) or _no_base()


def _no_base() -> str:
    raise argument("Invalid Base.")


def from_base64(text: str) -> Array:
    """Convert.FromBase64String: white space is skipped, anything else must be right."""
    stripped = re.sub(r"\s", "", text)
    try:
        return Array(base64.b64decode(stripped, validate=True), t.BYTE)
    except (binascii.Error, ValueError):
        message = (
            "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding "
            "characters, or an illegal character among the padding characters. "
        )
        length = "Invalid length for a Base-64 char array or string."
        raise bad_format(message if re.search("[^A-Za-z0-9+/=]", stripped) else length) from None


def _hexadecimal(data: Iterable[int]) -> str:
    return "-".join(f"{byte:02X}" for byte in data)


def _unpacked(layout: str) -> Any:
    size = struct.calcsize(layout)

    def unpack(data: list[int], start: int) -> Any:
        if start < 0 or start + size > len(data):
            raise argument("Destination array is not long enough to copy all the items in the collection.")
        return struct.unpack(layout, bytes(data[start : start + size]))[0]

    return unpack


def _packed(layout: str) -> Any:
    return lambda value: Array(struct.pack(layout, value), t.BYTE)


MEMBERS: dict[str, Any] = {
    **_table(),
    "static byte Convert.ToByte(string value, int fromBase)": _byte_with_base,
    "static short Convert.ToInt16(string value, int fromBase)": lambda text, base: _with_base(text, base, 16),
    "static int Convert.ToInt32(string value, int fromBase)": lambda text, base: _with_base(text, base, 32),
    "static uint Convert.ToUInt32(string value, int fromBase)": (
        lambda text, base: _with_base(text, base, 32, signed=False)
    ),
    "static ulong Convert.ToUInt64(string value, int fromBase)": (
        lambda text, base: _with_base(text, base, 64, signed=False)
    ),
    "static long Convert.ToInt64(string value, int fromBase)": lambda text, base: _with_base(text, base, 64),
    "static string Convert.ToString(int value, int toBase)": _in_base,
    "static string Convert.ToString(long value, int toBase)": lambda value, base: _in_base(value, base, 64),
    "static string Convert.ToString(object value)": to_string,
    "static string Convert.ToString(string value)": lambda text: text,
    "static DateTime Convert.ToDateTime(object value)\nstatic DateTime Convert.ToDateTime(string value)": (
        lambda value: DateTime(0) if value is None else _changed(value, t.DATE_TIME)
    ),
    "static char Convert.ToChar(int value)": lambda value: change(value, t.CHAR),
    "static char Convert.ToChar(string! value)": lambda value: change(value, t.CHAR),
    "static string Convert.ToBase64String(byte[]! inArray)": lambda data: base64.b64encode(bytes(data)).decode(),
    "static byte[] Convert.FromBase64String(string! s)": from_base64,
    # BitConverter, on a little-endian machine
    "static string BitConverter.ToString(byte[]! value)": _hexadecimal,
    "static string BitConverter.ToString(byte[]! value, int startIndex)": lambda data, at: _hexadecimal(data[at:]),
    "static string BitConverter.ToString(byte[]! value, int startIndex, int length)": (
        lambda data, at, length: _hexadecimal(data[at : at + length])
    ),
    "static int BitConverter.ToInt32(byte[]! value, int startIndex)": _unpacked("<i"),
    "static long BitConverter.ToInt64(byte[]! value, int startIndex)": _unpacked("<q"),
    "static uint BitConverter.ToUInt32(byte[]! value, int startIndex)": _unpacked("<I"),
    "static ulong BitConverter.ToUInt64(byte[]! value, int startIndex)": _unpacked("<Q"),
    "static short BitConverter.ToInt16(byte[]! value, int startIndex)": _unpacked("<h"),
    "static double BitConverter.ToDouble(byte[]! value, int startIndex)": _unpacked("<d"),
    "static byte[] BitConverter.GetBytes(int value)": _packed("<i"),
    "static byte[] BitConverter.GetBytes(long value)": _packed("<q"),
    "static byte[] BitConverter.GetBytes(double value)": _packed("<d"),
    "static byte[] BitConverter.GetBytes(bool value)": _packed("<?"),
    "static bool BitConverter.IsLittleEndian": lambda: True,
}
