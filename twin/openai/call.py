"""A request as an account reads it: its operation, its deployment, its body, checked as far as Azure checks it."""

import json
import zlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from ..messages import Request
from . import errors
from .operations import INFERENCE, Kind, find
from .settings import Deployment

Body = Mapping[str, Any]

_REQUIRED: Final = {Kind.CHAT: "messages", Kind.COMPLETION: "prompt", Kind.EMBEDDING: "input", Kind.RESPONSE: "input"}
_EMBEDDING_MODELS: Final = "text-embedding-"
_LARGEST: Final = 256 * 1024 * 1024  # bytes that a compressed body may unpack to
_GZIP: Final = 16 + zlib.MAX_WBITS


class Call:
    """One request."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.operation = find(request.method, request.url.path)

    @property
    def deployment(self) -> str:
        """The name of the deployment that is asked, "" where none can be told."""
        if self.operation is None or self.operation.kind not in INFERENCE:
            return ""
        if self.operation.deployment:
            return self.operation.deployment
        try:
            return str(self.body.get("model") or "")
        except errors.Refused:
            return ""

    @property
    def version(self) -> str:
        return self.request.url.parameter("api-version") or "v1"

    @cached_property
    def body(self) -> Body:
        """The JSON object that was sent. Raises Refused."""
        try:
            body = json.loads(_unpacked(self.request))
        except ValueError:
            raise errors.invalid_request(
                "We could not parse the JSON body of your request. The Azure OpenAI API expects a JSON payload."
            ) from None
        if not isinstance(body, dict):
            raise errors.invalid_request("The request body must be a JSON object.")
        return body


def check(kind: Kind, body: Body, deployment: Deployment) -> None:
    """Refuse what never reaches the model. Raises Refused.

    A null in place of the messages is answered 500, each time and by every account: Azure/azure-sdk-for-python#40812.
    """
    embeds = deployment.model.startswith(_EMBEDDING_MODELS)
    if not deployment.any_model and embeds != (kind is Kind.EMBEDDING):
        raise errors.wrong_model(kind.operation, deployment.model)
    name = _REQUIRED[kind]
    if name not in body:
        raise errors.invalid_request(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")
    if body[name] is None:
        raise errors.usual_error(500, None)
    if kind is Kind.CHAT and not isinstance(body[name], list):
        message = f"Invalid type for '{name}': expected an array of objects."
        raise errors.invalid_request(message, name, "invalid_type")
    if kind is Kind.CHAT and not body[name]:
        raise errors.invalid_request(f"[] is too short - '{name}'", name)


def _unpacked(request: Request) -> bytes:
    if request.headers.get("Content-Encoding").lower() != "gzip":
        return request.body
    unpacking = zlib.decompressobj(_GZIP)
    try:
        raw = unpacking.decompress(request.body, _LARGEST)
    except zlib.error:
        raise errors.invalid_request("The request body is not gzip, as its Content-Encoding says.") from None
    if not unpacking.eof:
        raise errors.invalid_request("The compressed request body is incomplete or too large.")
    return raw
