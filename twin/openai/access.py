"""Who may call an account: by a key, or as an identity that holds a role with the right that the operation needs."""

from fnmatch import fnmatchcase
from functools import cache
from typing import Final

from ..bearer import Issuer
from ..messages import Request
from . import errors
from .operations import Operation
from .settings import Settings

# The v1 API also takes tokens for Microsoft Foundry. Both are written with a trailing slash too.
# https://learn.microsoft.com/azure/ai-foundry/openai/how-to/managed-identity
AUDIENCE: Final = "https://cognitiveservices.azure.com"
_AUDIENCE_V1: Final = "https://ai.azure.com"
_KEY_HEADERS: Final = ("api-key", "Ocp-Apim-Subscription-Key")

# The data actions of the built-in roles, below Microsoft.CognitiveServices/accounts/OpenAI/. Roles that are not named
# here, such as Owner and Contributor, manage an account but call none of its models.
# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/ai-machine-learning
_USER: Final = (
    "*/read",
    "assistants/*",
    "deployments/audio/action",
    "deployments/chat/completions/action",
    "deployments/completions/action",
    "deployments/embeddings/action",
    "images/generations/action",
    "responses/*",
)
RIGHTS: Final = {
    "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd": _USER,  # Cognitive Services OpenAI User
    "a001fd3d-188f-4b5d-821b-7da978bf7442": ("*",),  # Cognitive Services OpenAI Contributor
    "a97b65f3-24c7-4388-baec-2e87135dc908": ("*",),  # Cognitive Services User
}


def check_key(request: Request, operation: Operation, settings: Settings, issuer: Issuer) -> bool:
    """Whether the caller has a key, which stands for every right. Raises Refused for a key that is wrong.

    An identity's token goes before: API Management passes its own callers' keys on, and policies that do not remove
    them and add a token work (Azure-Samples/AI-Gateway and openai-apim-lb, with accounts that take keys).
    """
    token = _bearer(request) or ""
    if issuer.read(token) is not None:
        return False
    key = next((request.headers.get(name) for name in _KEY_HEADERS if name in request.headers), "")
    if not key:
        # OpenAI's own clients send a key as a token, and the v1 API takes it.
        return operation.v1 and token in settings.keys
    if not settings.keys:
        raise errors.keys_disabled()
    if key not in settings.keys:
        raise errors.wrong_key()
    return True


def check_token(request: Request, operation: Operation, settings: Settings, issuer: Issuer, now: float) -> None:
    """Let an identity pass that holds the right. Raises Refused."""
    token = _bearer(request)
    if token is None:
        raise errors.wrong_key()
    claims = issuer.read(token)
    audiences = (AUDIENCE, _AUDIENCE_V1) if operation.v1 else (AUDIENCE,)
    if claims is None or not claims.holds(now) or claims.audience.rstrip("/") not in audiences:
        raise errors.wrong_token()
    if not _may(claims.principal_id, operation.right, settings.grants):
        raise errors.permission_denied()


def _bearer(request: Request) -> str | None:
    """The token of the Authorization header; None where that is missing or of another scheme."""
    scheme, _, token = request.headers.get("Authorization").partition(" ")
    return token if scheme.lower() == "bearer" else None


def _may(principal: str, right: str, grants: frozenset[tuple[str, str]]) -> bool:
    return any((principal.lower(), role) in grants and _gives(role, right) for role in RIGHTS)


@cache
def _gives(role: str, right: str) -> bool:
    return any(fnmatchcase(right, pattern) for pattern in RIGHTS[role])
