"""The answers that an operation's definition gives as examples, for mock-response."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Example:
    """What an operation says of one status and one media type; `body` is empty where it has no example of one."""

    status: int
    content_type: str
    body: bytes = b""


def operation_examples(responses: Iterable[Mapping[str, Any]]) -> tuple[Example, ...]:
    """The `responses` of an operation's ARM resource; each representation's first example.

    https://learn.microsoft.com/rest/api/apimanagement/api-operation/create-or-update#responsecontract
    """
    return tuple(
        Example(int(response["statusCode"]), str(one.get("contentType", "")), _body(one.get("examples") or {}))
        for response in responses
        for one in response.get("representations") or ()
    )


def _body(examples: Mapping[str, Mapping[str, Any]]) -> bytes:
    value = next((example.get("value") for example in examples.values()), None)
    if value is None:
        return b""
    return (value if isinstance(value, str) else json.dumps(value)).encode()
