"""StringBuilder, Encoding and StringComparer."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from .. import types as t
from ..errors import Thrown
from ..texts import to_string
from ..values import Array
from .text_functions import IGNORE_CASE, compare, fold


class Builder:
    """A StringBuilder."""

    __slots__ = ("text",)
    net_type = t.make("StringBuilder")

    def __init__(self, text: str | None = "") -> None:
        self.text = text or ""

    def append(self, piece: Any) -> "Builder":
        self.text += to_string(piece)
        return self

    def net_string(self) -> str:
        return self.text


def changing(change: Callable[..., str]) -> Callable[..., Builder]:
    def changed(builder: Builder, *args: Any) -> Builder:
        builder.text = change(builder.text, *args)
        return builder

    return changed


class NetEncoding:
    """A System.Text.Encoding."""

    __slots__ = ("codec",)
    net_type = t.make("Encoding")

    def __init__(self, codec: str) -> None:
        self.codec = codec

    def encode(self, text: str) -> Array:
        return Array(text.encode(self.codec, "replace"), t.BYTE)

    def decode(self, data: Iterable[int]) -> str:
        text = bytes(data).decode(self.codec, "replace")
        return text.replace("\ufffd", "?") if self.codec == "ascii" else text


def named_encoding(name: str) -> NetEncoding:
    """Encoding.GetEncoding, of the names that web traffic has."""
    codecs = {"utf-16": "utf-16-le", "unicode": "utf-16-le", "windows-1252": "cp1252", "utf-32": "utf-32-le"}
    plain = {"utf-8", "ascii", "us-ascii", "iso-8859-1", "latin1", "utf-16be", "iso-8859-15", "cp1252"}
    codec = codecs.get(name.lower(), name.lower())
    if codec not in {*codecs.values(), *plain}:
        raise Thrown("System.ArgumentException", f"'{name}' is not a supported encoding name.")
    return NetEncoding(codec)


class Comparer:
    """A StringComparer; `normal` makes keys that are equal when the texts are."""

    __slots__ = ("comparison",)
    net_type = t.make("StringComparer")

    def __init__(self, comparison: int) -> None:
        self.comparison = comparison

    @property
    def normal(self) -> Callable[[str], str] | None:
        return fold if self.comparison in IGNORE_CASE else None

    def sort_key(self, text: str | None) -> Any:
        def order(left: str | None, right: str | None) -> int:
            return compare(left, right, self.comparison)

        return functools.cmp_to_key(order)(text)
