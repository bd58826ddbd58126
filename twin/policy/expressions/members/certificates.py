"""X509Certificate2: what a caller shows, and what the service keeps.

The gateway of the twin speaks HTTP, so no caller shows one, and nobody can give its service any: policies that ask find
null and an empty list. The members are here so that such policies compile.
"""

from collections.abc import Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any

_NONE: Mapping[str, Any] = MappingProxyType({})

MEMBERS: dict[str, Any] = {
    "X509Certificate2 IRequest.Certificate": lambda _request: None,
    "IReadOnlyDictionary<string, X509Certificate2> IDeployment.Certificates": lambda _deployment: _NONE,
    **{
        f"string X509Certificate2.{name}": attrgetter(name)
        for name in ("Thumbprint", "Subject", "Issuer", "SerialNumber", "FriendlyName")
    },
    "DateTime X509Certificate2.NotBefore\nDateTime X509Certificate2.NotAfter": attrgetter("moment"),
    "byte[] X509Certificate2.RawData": attrgetter("raw"),
    "bool X509Certificate2.Verify()\nbool X509Certificate2.VerifyNoRevocation()": attrgetter("verified"),
}
