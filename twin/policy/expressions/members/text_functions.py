"""What String and Char do, as functions on Python's texts."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from .. import types as t
from ..errors import Thrown, argument, argument_null, bad_format, out_of_range
from ..texts import format_value, stringer
from ..values import Array

WHITE = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


IGNORE_CASE = (1, 3, 5)


_ORDINAL = (4, 5)


def fold(text: str) -> str:
    """A text for comparisons that ignore case: upper case letter by letter, as ordinal comparison does."""
    return "".join([char.upper() if len(char.upper()) == 1 else char for char in text])


def culture_key(text: str) -> tuple[Any, ...]:
    """The order of the invariant culture, near enough: letters, then accents, lower case first, at last hyphens."""
    plain = unicodedata.normalize("NFD", text).replace("-", "").replace("'", "")
    letters = [(_weight(char), char.lower()) for char in plain if not unicodedata.combining(char)]
    return (letters, plain.lower(), plain.swapcase(), len(text))


def _weight(char: str) -> int:
    return 2 if char.isalpha() else 1 if char.isdigit() else 0


def compare(left: str | None, right: str | None, comparison: int = 0) -> int:
    """-1, 0 or 1; null comes first."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if comparison in IGNORE_CASE:
        left, right = fold(left), fold(right)
    if comparison in _ORDINAL:
        return compare_ordinal(left, right)
    a, b = culture_key(left), culture_key(right)
    return (a > b) - (a < b)


def compare_ordinal(left: str | None, right: str | None) -> int:
    """The distance of the first letters that differ, as string.CompareOrdinal gives it."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    for a, b in zip(left, right, strict=False):
        if a != b:
            return ord(a) - ord(b)
    return len(left) - len(right)


def same(left: str | None, right: str | None, comparison: int) -> bool:
    if left is None or right is None:
        return left is right
    return fold(left) == fold(right) if comparison in IGNORE_CASE else left == right


def char_at(text: str, index: int) -> str:
    if not 0 <= index < len(text):
        raise Thrown("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return text[index]


def put_char(text: str, index: int, char: str) -> str:
    if not 0 <= index < len(text):
        raise out_of_range("index")
    return text[:index] + char + text[index + 1 :]


def substring(text: str, start: int, length: int | None = None) -> str:
    if start < 0:
        raise out_of_range("startIndex", "StartIndex cannot be less than zero.")
    if start > len(text):
        raise out_of_range("startIndex", "startIndex cannot be larger than length of string.")
    if length is None:
        return text[start:]
    if length < 0:
        raise out_of_range("length", "Length cannot be less than zero.")
    if start + length > len(text):
        raise out_of_range("length", "Index and length must refer to a location within the string.")
    return text[start : start + length]


def _position(text: str, start: int) -> int:
    if not 0 <= start <= len(text):
        raise out_of_range(
            "startIndex", "Index was out of range. Must be non-negative and less than the size of the collection."
        )
    return start


def find(text: str, value: str, comparison: int = 4, start: int = 0) -> int:
    _position(text, start)
    return fold(text).find(fold(value), start) if comparison in IGNORE_CASE else text.find(value, start)


def find_last(text: str, value: str, comparison: int = 4) -> int:
    if comparison in IGNORE_CASE:
        text, value = fold(text), fold(value)
    return len(text) - 1 if not value and text else text.rfind(value)


def find_within(text: str, value: str, start: int, count: int) -> int:
    if count < 0 or _position(text, start) + count > len(text):
        raise out_of_range("count", "Count must be positive and count must refer to a location within the string.")
    return text.find(value, start, start + count)


def find_before(text: str, value: str, start: int) -> int:
    """LastIndexOf with a start: the search goes backwards from there."""
    if text and not 0 <= start <= len(text):
        raise out_of_range("startIndex")
    return text.rfind(value, 0, start + 1)


def find_any(text: str, chars: Iterable[str], start: int = 0) -> int:
    wanted = set(chars)
    return next((index for index in range(start, len(text)) if text[index] in wanted), -1)


def starts(text: str, value: str, comparison: int = 4) -> bool:
    return fold(text).startswith(fold(value)) if comparison in IGNORE_CASE else text.startswith(value)


def ends(text: str, value: str, comparison: int = 4) -> bool:
    return fold(text).endswith(fold(value)) if comparison in IGNORE_CASE else text.endswith(value)


def replace(text: str, old: str, new: str | None) -> str:
    if not old:
        raise argument("String cannot be of zero length.\nParameter name: oldValue")
    return text.replace(old, new or "")


def remove(text: str, start: int, count: int | None = None) -> str:
    if start < 0 or (count is None and start >= len(text)):
        raise out_of_range("startIndex", "startIndex must be less than length of string.")
    if count is not None and (count < 0 or start + count > len(text)):
        raise out_of_range("count", "Index and count must refer to a location within the string.")
    return text[:start] + ("" if count is None else text[start + count :])


def insert(text: str, at: int, value: str) -> str:
    if not 0 <= at <= len(text):
        raise out_of_range("startIndex")
    return text[:at] + value + text[at:]


def split(text: str, separators: Iterable[str] | None, count: int = 2**31 - 1, options: int = 0) -> Array:
    """Split at characters or texts; without any at white space. At most `count` parts, empty ones left out if asked."""
    marks = [mark for mark in separators or () if mark] or list(WHITE)
    if count < 0:
        raise out_of_range("count", "Count cannot be less than zero.")
    parts: list[str] = []
    if count == 0 or (options == 1 and not text):
        return Array([], t.STRING)
    start = position = 0
    while position < len(text) and len(parts) < count - 1:
        mark = next((mark for mark in marks if text.startswith(mark, position)), None)
        if mark is None:
            position += 1
            continue
        if options == 0 or position > start:
            parts.append(text[start:position])
        start = position = position + len(mark)
    rest = text[start:]
    if options == 1:
        while (mark := next((mark for mark in marks if rest.startswith(mark)), None)) and len(parts) == count - 1:
            rest = rest[len(mark) :]
    if rest or options == 0:
        parts.append(rest)
    return Array(parts, t.STRING)


def split_char(text: str, separators: Iterable[str] | None, count: int = 2**31 - 1, options: int = 0) -> Array:
    chars = list(separators or ())
    if count == 2**31 - 1 and len(chars) == 1:
        found = text.split(chars[0])
        return Array([part for part in found if part] if options else found, t.STRING)
    return split(text, chars, count, options)


def pad(text: str, width: int, char: str, *, left: bool) -> str:
    if width < 0:
        raise out_of_range("totalWidth", "Non-negative number required.")
    return text.rjust(width, char) if left else text.ljust(width, char)


def net_format(pattern: str, args: Iterable[Any]) -> str:
    """string.Format: `{index,alignment:format}`."""
    values, out, position = list(args), [], 0
    while position < len(pattern):
        char = pattern[position]
        if char in "{}" and pattern[position : position + 2] == char * 2:
            out.append(char)
            position += 2
        elif char in "{}":
            item = _ITEM.match(pattern, position)
            if item is None:
                raise bad_format()
            out.append(_item(item, values))
            position = item.end()
        else:
            out.append(char)
            position += 1
    return "".join(out)


_ITEM = re.compile(r"\{(\d+) *(?:, *(-?\d+) *)?(?::((?:[^{}]|\{\{|\}\})*+))?\}", re.ASCII)


def _item(item: re.Match[str], values: list[Any]) -> str:
    index, width, pattern = item.groups()
    if int(index) >= len(values):
        raise bad_format(
            "Index (zero based) must be greater than or equal to zero and less than the size of the argument list."
        )
    shown = format_value(values[int(index)], (pattern or "").replace("{{", "{").replace("}}", "}"))
    if not width:
        return shown
    return shown.rjust(int(width)) if int(width) > 0 else shown.ljust(-int(width))


def part(values: Array, start: int, count: int) -> list[Any]:
    if start < 0 or count < 0 or start + count > len(values):
        raise out_of_range("startIndex", "Index and count must refer to a location within the buffer.")
    return values[start : start + count]


def join_sequence(separator: str | None, values: Any, element: t.Type) -> str:
    """string.Join over a sequence of any type."""
    if values is None:
        raise argument_null("values")
    text = stringer(element)
    return (separator or "").join([text(value) for value in values])


def lower(text: str) -> str:
    return "".join([char.lower() if len(char.lower()) == 1 else char for char in text])


def hash_code(text: str) -> int:
    """The hash that .NET Framework gives a string in a process of 64 bits; .NET Core's differs with every start."""
    even = odd = 5381
    for index, char in enumerate(text.partition("\0")[0]):
        if index % 2:
            odd = (odd * 33 ^ ord(char)) & 0xFFFFFFFF
        else:
            even = (even * 33 ^ ord(char)) & 0xFFFFFFFF
    return ((even + odd * 1566083941 + 0x80000000) & 0xFFFFFFFF) - 0x80000000
