"""Hashes: MD5, SHA and their keyed forms."""

import hashlib
import hmac
from functools import partial
from typing import Any

from ...context import Context
from .. import types as t
from ..values import Array
from .signature import Ambient

_NAMES = ("MD5", "SHA1", "SHA256", "SHA384", "SHA512")


class Hash:
    __slots__ = ("key", "name")

    def __init__(self, name: str, key: bytes | None = None) -> None:
        self.name = name
        self.key = key

    @property
    def net_type(self) -> t.Type:
        return t.make(self.name if self.key is None else f"HMAC{self.name}")

    def compute(self, data: list[int]) -> Array:
        algorithm = self.name.lower()
        if self.key is None:
            return Array(hashlib.new(algorithm, bytes(data), usedforsecurity=False).digest(), t.BYTE)
        return Array(hmac.new(self.key, bytes(data), algorithm).digest(), t.BYTE)


def _table() -> dict[str, Any]:
    table: dict[str, Any] = {
        "byte[] HashAlgorithm.ComputeHash(byte[]! buffer)": Hash.compute,
        "byte[] HashAlgorithm.ComputeHash(byte[]! buffer, int offset, int count)": (
            lambda made, data, offset, count: made.compute(data[offset : offset + count])
        ),
        "int HashAlgorithm.HashSize": lambda made: len(made.compute([])) * 8,
        "void HashAlgorithm.Dispose()": lambda _hash: None,
    }
    for name in _NAMES:
        table[f"static {name} {name}.Create()"] = lambda name=name: Hash(name)
        table[f"new HMAC{name}(byte[]! key)"] = lambda key, name=name: Hash(name, bytes(key))
        table[f"new HMAC{name}()"] = Ambient(partial(_random_key, name))
        table[f"byte[] HMAC{name}.Key"] = lambda keyed: Array(keyed.key, t.BYTE)
        if name != "MD5":
            table[f"new {name}Managed()"] = lambda name=name: Hash(name)
    return table


def _random_key(name: str, context: Context) -> Hash:
    """As long as the blocks that the hash works on."""
    size = 128 if name in ("SHA384", "SHA512") else 64
    return Hash(name, context.chance.getrandbits(8 * size).to_bytes(size, "big"))


def _put_key(keyed: Hash, key: list[int]) -> None:
    keyed.key = bytes(key)


MEMBERS: dict[str, Any] = _table()
SETTERS: dict[str, Any] = {f"byte[] HMAC{name}.Key": _put_key for name in _NAMES}
