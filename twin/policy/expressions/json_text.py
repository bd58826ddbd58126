"""JSON as text and back, as Newtonsoft writes and reads it."""

import base64
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from . import types as t
from .dictionaries import Dictionary
from .errors import Thrown
from .json_tokens import Items, Object, Property, Token, Value, wrapped
from .numbers import double_text, single
from .time_text import date_time_text, offset_text, span_text
from .times import DateTime, DateTimeOffset, TimeSpan
from .values import Anonymous, Array, EnumValue, NetList, Pair, Single

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile('["\\\\\x00-\x1f\x85\u2028\u2029]')


def parse(text: str) -> Token:
    """JToken.Parse."""
    return wrapped(loads(text), None)


def loads(text: str) -> Any:
    """A text as raw Python values. Strict JSON is read fast; what else Newtonsoft takes, by hand."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _Reader(text).document()


def quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}", text) + '"'


def number_text(value: float) -> str:
    """A double: the shortest of 15 or 17 digits that reads back, and never without a point."""
    if not math.isfinite(value):
        return f'"{double_text(value)}"'
    if isinstance(value, Single):
        short = double_text(value, 7)
        text = short if single(float(short)) == value else double_text(value, 9)
        return text if any(char in ".eE" for char in text) else f"{text}.0"
    text = double_text(value)
    text = text if float(text) == value else double_text(value, 17)
    return text if any(char in ".eE" for char in text) else f"{text}.0"


def dumps(value: Any, *, indented: bool = False) -> str:
    """JsonConvert.SerializeObject and JToken.ToString(Formatting)."""
    out: list[str] = []
    _write(value, out, "\n" if indented else "")
    return "".join(out)


def _write(value: Any, out: list[str], line: str) -> None:
    """`line` is the line break with the indentation of this depth; empty when nothing is indented."""
    if isinstance(value, Value):
        out.append(scalar(value.value))
    elif isinstance(value, (Object, Mapping, Anonymous, Dictionary)):
        _write_members(_members(value), out, line)
    elif isinstance(value, Property):
        out.append(f"{quoted(value.name)}:{' ' if line else ''}")
        _write(value.value, out, line)
    elif isinstance(value, Pair):
        _write_members([("Key", value.key), ("Value", value.value)], out, line)
    elif isinstance(value, (str, int, float, Decimal, type(None))) or _is_scalar(value):
        out.append(scalar(value))
    else:
        _write_items(_items(value), out, line)


def _items(value: Any) -> list[Any]:
    if isinstance(value, (Array, NetList)):
        return [_boxed(item, value.element) for item in value]
    if not isinstance(value, Items):
        return list(value)
    return [value.at(n) if isinstance(item, str) and item[10:11] == "T" else item for n, item in enumerate(value.items)]


def _members(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Object):
        return [(name, _dated(value, name, entry)) for name, entry in value.entries.items()]
    if isinstance(value, Anonymous):
        kinds = value.types.items()
        return [(name, _boxed(part, kind)) for (name, kind), part in zip(kinds, value.values, strict=True)]
    pairs = (
        ((pair.key, _boxed(pair.value, value.types[1])) for pair in value)
        if isinstance(value, Dictionary)
        else value.items()
    )
    return [(_key_text(key), member) for key, member in pairs]


def _boxed(value: Any, kind: t.Type) -> Any:
    """A value with its type, where JSON looks different for it."""
    return Single(value) if kind is t.FLOAT else value


def _dated(owner: Object, name: str, entry: Any) -> Any:
    """A text as it was read may be a date, which is written anew."""
    return owner.get(name) if isinstance(entry, str) and entry[10:11] == "T" else entry


def _key_text(key: Any) -> str:
    text = scalar(key)
    return json.loads(text) if text.startswith('"') else text


def _write_members(members: list[tuple[str, Any]], out: list[str], line: str) -> None:
    deeper = f"{line}  " if line else ""
    separator = "{"
    for name, member in members:
        out.append(f"{separator}{deeper}{quoted(name)}:{' ' if line else ''}")
        _write(member, out, deeper)
        separator = ","
    out.append(f"{line}}}" if members else "{}")


def _write_items(items: list[Any], out: list[str], line: str) -> None:
    deeper = f"{line}  " if line else ""
    separator = "["
    for item in items:
        out.append(separator + deeper)
        _write(item, out, deeper)
        separator = ","
    out.append(f"{line}]" if items else "[]")


def _is_scalar(value: Any) -> bool:
    if isinstance(value, Array):
        return value.element is t.BYTE
    net_type = getattr(value, "net_type", None)
    return net_type in (t.DATE_TIME, t.DATE_TIME_OFFSET, t.TIME_SPAN, t.GUID) or getattr(net_type, "name", "") == "Uri"


def scalar(value: Any) -> str:
    """One value as JSON."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case EnumValue() | int():
            return str(int(value))
        case float():
            return number_text(value)
        case Decimal():
            text = f"{value:f}"
            return text if "." in text else f"{text}.0"
        case DateTime():
            return quoted(_iso(date_time_text(value, "o")))
        case DateTimeOffset():
            return quoted(_iso(offset_text(value, "o")))
        case TimeSpan():
            return quoted(span_text(value))
        case Array():
            return quoted(base64.b64encode(bytes(value)).decode())
    return quoted(value.net_string())


def _iso(text: str) -> str:
    """Newtonsoft leaves out what is zero at the end of the fraction."""
    return re.sub(r"\.(\d*?)0+(?=\D|$)", lambda match: f".{match[1]}" if match[1] else "", text)


class _Reader:
    """Newtonsoft's dialect: single quotes, names without quotes, comments, a comma too many."""

    _SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
    _NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)")
    _NAME = re.compile(r"[A-Za-z_$][\w$]*")
    _WORDS: ClassVar[dict[str, Any]] = {
        "true": True,
        "false": False,
        "null": None,
        "NaN": math.nan,
        "Infinity": math.inf,
        "undefined": None,
    }

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0

    def document(self) -> Any:
        value = self._value()
        self._space()
        if self.position < len(self.text):
            shown = self.text[self.position]
            raise self._error(f"Additional text encountered after finished reading JSON content: {shown}.")
        return value

    def _space(self) -> str:
        match = self._SPACE.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return self.text[self.position : self.position + 1]

    def _error(self, message: str) -> Thrown:
        line = self.text.count("\n", 0, self.position) + 1
        column = self.position - self.text.rfind("\n", 0, self.position) - 1
        return Thrown("Newtonsoft.Json.JsonReaderException", f"{message} Path '', line {line}, position {column}.")

    def _value(self) -> Any:
        char = self._space()
        if not char:
            raise self._error("Error reading JToken from JsonReader.")
        if char in "{[":
            self.depth += 1
            if self.depth > 500:
                raise self._error("The reader's MaxDepth has been exceeded.")
            self.position += 1
            value = self._object() if char == "{" else self._array()
            self.depth -= 1
            return value
        if char in "\"'":
            return self._string(char)
        if number := self._NUMBER.match(self.text, self.position):
            self.position = number.end()
            word = number.group()
            if "x" in word.lower():
                return int(word, 16)
            return float(word) if any(mark in word for mark in ".eE") else int(word)
        if (name := self._NAME.match(self.text, self.position)) and name.group() in self._WORDS:
            self.position = name.end()
            return self._WORDS[name.group()]
        raise self._error(f"Unexpected character encountered while parsing value: {char}.")

    def _object(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (char := self._space()) != "}":
            if not char:
                raise self._error("Unexpected end when reading JSON.")
            if char in "\"'":
                name = self._string(char)
            elif match := self._NAME.match(self.text, self.position):
                name, self.position = match.group(), match.end()
            else:
                raise self._error(f"Invalid property identifier character: {char}.")
            if self._space() != ":":
                raise self._error(
                    f"Invalid character after parsing property name. Expected ':' but got: {self._space()}."
                )
            self.position += 1
            found[name] = self._value()
            self._separator("}")
        self.position += 1
        return found

    def _array(self) -> list[Any]:
        found: list[Any] = []
        while self._space() != "]":
            found.append(self._value())
            self._separator("]")
        self.position += 1
        return found

    def _separator(self, closing: str) -> None:
        char = self._space()
        if char == ",":
            self.position += 1
        elif char != closing:
            shown = f"After parsing a value an unexpected character was encountered: {char}."
            raise self._error(shown if char else "Unexpected end of content while loading JObject.")

    def _string(self, quote: str) -> str:
        out, self.position = [], self.position + 1
        while self.position < len(self.text):
            char = self.text[self.position]
            self.position += 1
            if char == quote:
                return "".join(out)
            out.append(self._escape() if char == "\\" else char)
        raise self._error(f"Unterminated string. Expected delimiter: {quote}.")

    def _escape(self) -> str:
        char = self.text[self.position : self.position + 1]
        self.position += 1
        if char == "u":
            digits = self.text[self.position : self.position + 4]
            self.position += 4
            if re.fullmatch("[0-9a-fA-F]{4}", digits):
                return chr(int(digits, 16))
            raise self._error(f"Could not convert Unicode escape sequence \\u{digits}.")
        known = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "\\": "\\", "/": "/", '"': '"', "'": "'"}
        if char not in known:
            raise self._error(f"Bad JSON escape sequence: \\{char}.")
        return known[char]
