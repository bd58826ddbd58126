"""Hashes: MD5, SHA and their keyed forms."""

import hashlib
import hmac
from typing import Any

from .. import types as t
from ..values import Array

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
    table: dict[str, Any] = {"byte[] HashAlgorithm.ComputeHash(byte[]! buffer)": Hash.compute}
    table["void HashAlgorithm.Dispose()"] = lambda _hash: None
    for name in _NAMES:
        table[f"static {name} {name}.Create()"] = lambda name=name: Hash(name)
        table[f"new HMAC{name}(byte[]! key)"] = lambda key, name=name: Hash(name, bytes(key))
    return table


MEMBERS: dict[str, Any] = _table()
