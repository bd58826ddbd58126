"""The credentials that APIM reads from texts: `AsJwt()`, `TryParseJwt`, `AsBasic()`."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import types as t
from ..times import from_unix
from ..values import Array, register
from .signature import Attribute


@dataclass(frozen=True, slots=True)
class Jwt:
    """A token's claims, each as a list of texts; nothing is verified here."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]

    @property
    def claims(self) -> dict[str, Array]:
        return {name: _texts(value) for name, value in self.payload.items()}


@dataclass(frozen=True, slots=True)
class Basic:
    user_id: str
    password: str


register(Jwt, t.make("Jwt"))
register(Basic, t.make("BasicAuthCredentials"))


def _texts(value: Any) -> Array:
    items = value if isinstance(value, list) else [value]
    return Array([item if isinstance(item, str) else json.dumps(item) for item in items], t.STRING)


def _as_jwt(text: str) -> Jwt | None:
    parts = text.removeprefix("Bearer ").split(".")
    if len(parts) != 3:
        return None
    try:
        header, payload = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
    except (ValueError, binascii.Error):
        return None
    return Jwt(header, payload) if isinstance(header, dict) and isinstance(payload, dict) else None


def _as_basic(text: str) -> Basic | None:
    scheme, _, encoded = text.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        return None
    return Basic(user, password) if colon else None


def _moment(name: str) -> Any:
    def read(token: Jwt) -> Any:
        value = token.payload.get(name)
        return from_unix(value) if isinstance(value, (int, float)) else None

    return read


EXTENSIONS: dict[str, Any] = {
    "Jwt String.AsJwt()": _as_jwt,
    "bool String.TryParseJwt(out Jwt result)": lambda text: ((found := _as_jwt(text)) is not None, found),
    "BasicAuthCredentials String.AsBasic()": _as_basic,
    "bool String.TryParseBasic(out BasicAuthCredentials result)": (
        lambda text: ((found := _as_basic(text)) is not None, found)
    ),
}
MEMBERS: dict[str, Any] = {
    "string BasicAuthCredentials.UserId": Attribute("user_id"),
    "string BasicAuthCredentials.Password": Attribute("password"),
    "string Jwt.Algorithm": lambda token: token.header.get("alg"),
    "string Jwt.Type": lambda token: token.header.get("typ"),
    "string Jwt.Id": lambda token: token.payload.get("jti"),
    "string Jwt.Issuer": lambda token: token.payload.get("iss"),
    "string Jwt.Subject": lambda token: token.payload.get("sub"),
    "IEnumerable<string> Jwt.Audiences": lambda token: _texts(token.payload.get("aud", [])),
    "IReadOnlyDictionary<string, string[]> Jwt.Claims": lambda token: token.claims,
    "DateTime? Jwt.ExpirationTime": _moment("exp"),
    "DateTime? Jwt.NotBefore": _moment("nbf"),
}
