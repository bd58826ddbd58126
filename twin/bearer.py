"""Access tokens of the twin's managed identities, in the form of Microsoft Entra's: the gateway gets them, accounts
check them.

They are signed with a secret of this process alone, so that no token made elsewhere opens a simulated account, and a
token of the twin opens nothing else.
https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass

import jwt
from jwt.types import Options

VALID_FOR = 3600.0  # seconds
_ALGORITHM = "HS256"
_UNCHECKED: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
_REMEMBERED = 1000  # tokens whose signature has been checked already


@dataclass(frozen=True)
class Claims:
    """What a token says. `principal_id` is the identity's object id; times are seconds since the Unix epoch."""

    audience: str
    principal_id: str
    begins: float
    ends: float

    def holds(self, now: float) -> bool:
        return self.begins <= now < self.ends


class Issuer:
    """The one authority that identities get their tokens from. Without a `secret` it makes one up."""

    def __init__(self, tenant: str, secret: bytes | None = None) -> None:
        self._tenant = tenant
        self._secret = secret or secrets.token_bytes(32)
        self._read: OrderedDict[str, Claims] = OrderedDict()

    def issue(self, principal_id: str, audience: str, now: float) -> str:
        """A token that lets the identity call `audience` for an hour."""
        begins = int(now)
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self._tenant}/",
            "iat": begins,
            "nbf": begins,
            "exp": begins + int(VALID_FOR),
            "appid": principal_id,  # a managed identity's application has an id of its own, which nobody here looks at
            "idtyp": "app",
            "oid": principal_id,
            "sub": principal_id,
            "tid": self._tenant,
            "ver": "1.0",
        }
        return jwt.encode(claims, self._secret, _ALGORITHM)

    def read(self, token: str) -> Claims | None:
        """What a token of this issuer says; None for any other text. Whether it still holds is the reader's question.

        The library's own checks of time and audience are off: they would ask the machine's clock.
        """
        if token in self._read:
            return self._read[token]
        try:
            said = jwt.decode(token, self._secret, [_ALGORITHM], options=_UNCHECKED)
        except jwt.InvalidTokenError:
            return None
        claims = Claims(said["aud"], said["oid"], said["nbf"], said["exp"])
        self._read[token] = claims
        if len(self._read) > _REMEMBERED:
            self._read.popitem(last=False)
        return claims
