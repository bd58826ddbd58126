"""System.Guid."""

import uuid
from functools import total_ordering

from . import types as t
from .errors import argument, bad_format


def _hexadecimal(value: uuid.UUID) -> str:
    first, second, third = value.hex[:8], value.hex[8:12], value.hex[12:16]
    rest = ",".join(f"0x{value.hex[at : at + 2]}" for at in range(16, 32, 2))
    return f"{{0x{first},0x{second},0x{third},{{{rest}}}}}"


_FORMS = {
    "N": lambda value: value.hex,
    "D": str,
    "B": lambda value: f"{{{value}}}",
    "P": lambda value: f"({value})",
    "X": _hexadecimal,
}


@total_ordering
class Guid:
    __slots__ = ("value",)
    net_type = t.GUID

    def __init__(self, value: uuid.UUID) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guid) and self.value == other.value

    def __lt__(self, other: "Guid") -> bool:
        return self.value < other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def net_string(self) -> str:
        return str(self.value)

    def hash_code(self) -> int:
        """The hash that .NET Framework gives a Guid, made of its first 64 bits and two of its bytes."""
        value = self.value
        low, middle, high, node = value.time_low, value.time_mid, value.time_hi_version, value.node
        mixed = low ^ (middle << 16 | high) ^ ((node >> 40) << 24 | node & 0xFF)
        return (mixed + 0x80000000 & 0xFFFFFFFF) - 0x80000000

    def net_format(self, pattern: str) -> str:
        form = _FORMS.get(pattern.upper())
        if form is None:
            raise bad_format('Format String can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".')
        return form(self.value)


EMPTY = Guid(uuid.UUID(int=0))


def guid_of_bytes(data: list[int]) -> Guid:
    """The first three groups are numbers, lowest byte first."""
    if len(data) != 16:
        raise argument("Byte array for GUID must be exactly 16 bytes long.")
    return Guid(uuid.UUID(bytes_le=bytes(data)))


def parse_guid(text: str) -> Guid:
    """Guid.Parse: 32 digits, or with hyphens, bare, in braces or in brackets."""
    stripped = text.strip()
    bare = stripped[1:-1] if stripped[:1] + stripped[-1:] in ("{}", "()") else stripped
    if len(bare) == 32 or (len(bare) == 36 and [bare[i] for i in (8, 13, 18, 23)] == ["-"] * 4):
        try:
            return Guid(uuid.UUID(bare))
        except ValueError:
            pass
    if len(bare) == 36:
        raise bad_format("Guid string should only contain hexadecimal characters.")
    raise bad_format("Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).")
