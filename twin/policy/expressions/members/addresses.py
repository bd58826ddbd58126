"""IPAddress."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from .. import types as t
from ..errors import Thrown
from ..values import Array


@dataclass(frozen=True, slots=True)
class Address:
    value: ipaddress.IPv4Address | ipaddress.IPv6Address

    @property
    def net_type(self) -> t.Type:
        return t.make("IPAddress")

    def net_string(self) -> str:
        return str(self.value)


def _parse(text: str) -> Address:
    read, address = _try_parse(text)
    if not read or address is None:
        raise Thrown("System.FormatException", "An invalid IP address was specified.")
    return address


def _try_parse(text: str | None) -> tuple[bool, Address | None]:
    try:
        return True, Address(ipaddress.ip_address((text or "").strip("[]")))
    except ValueError:
        return False, None


MEMBERS: dict[str, Any] = {
    "static IPAddress IPAddress.Parse(string! ipString)": _parse,
    "static bool IPAddress.TryParse(string ipString, out IPAddress address)": _try_parse,
    "byte[] IPAddress.GetAddressBytes()": lambda address: Array(address.value.packed, t.BYTE),
    "static bool IPAddress.IsLoopback(IPAddress! address)": lambda address: address.value.is_loopback,
}
