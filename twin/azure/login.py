"""What a client asks before it talks to Azure Resource Manager: where things are, and a token.

`GET /metadata/endpoints` is the document that every Azure client reads for a custom cloud; the token endpoint answers
any caller, for the twin checks no credentials.
"""

import base64
import json
import re
from datetime import datetime
from typing import Any, Final

from .identity import CLIENT, DEPLOYER, TENANT
from .messages import Answer, Call

TOKEN_PATH: Final = re.compile(r"/(?P<tenant>[^/]+)/oauth2(/v2\.0)?/token")
_VALID_FOR: Final = 3600


def login_answer(call: Call, now: datetime) -> Answer | None:
    """The answer to a question of that kind, or None when the call is another one."""
    if call.path == "/metadata/endpoints" and call.method == "GET":
        return Answer(200, _endpoints(call.base))
    found = TOKEN_PATH.fullmatch(call.path)
    if found and call.method == "POST":
        return Answer(200, _token(call.base, now))
    return None


def _endpoints(base: str) -> dict[str, Any]:
    return {
        "name": "LocalAzure",
        "resourceManager": base,
        "portal": base,
        "authentication": {
            "loginEndpoint": base,
            "audiences": [base],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "graph": base,
        "graphAudience": base,
        "media": base,
        "batch": base,
        "suffixes": {},
    }


def _token(base: str, now: datetime) -> dict[str, Any]:
    """A token that names the deployer, as those of Microsoft Entra do, but signed by nobody."""
    issued = int(now.timestamp())
    claims = {"aud": base, "iss": base, "tid": TENANT, "appid": CLIENT, "oid": DEPLOYER, "iat": issued}
    claims["exp"] = issued + _VALID_FOR
    parts = [_encoded({"alg": "none", "typ": "JWT"}), _encoded(claims), ""]
    return {
        "token_type": "Bearer",
        "expires_in": _VALID_FOR,
        "ext_expires_in": _VALID_FOR,
        "access_token": ".".join(parts),
    }


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
