"""HTTP calls of the command to the Azure of a twin that runs."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from ..azure.estate import BadEstate, read_estate
from ..engine.errors import CommandError
from .running import Running

API_VERSION = "2024-05-01"
SECONDS_TO_ANSWER = 30


class RefusedError(CommandError):
    """The twin answered that it will not; the advice is its reasons, one line each."""


def call(twin: Running, method: str, path: str, body: object = None) -> Any:
    """The JSON that the twin answers. Raises RefusedError, or CommandError when there is no answer."""
    request = urllib.request.Request(f"{twin.arm}{path}?api-version={API_VERSION}", method=method)
    request.add_header("Authorization", "Bearer twin")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    # No proxy of the user's has any business between two processes of one machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=SECONDS_TO_ANSWER) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            raise RefusedError(f"The twin refused {method} {path}:", *_reason(error)) from error
    except urllib.error.URLError as error:
        raise CommandError(f"The twin did not answer {method} {path}: {error}") from error


def add_estate(twin: Running, file: Path) -> None:
    """See to it that what an estate file describes exists. Raises CommandError with all that is wrong with it."""
    try:
        estate = read_estate(file)
        call(twin, "PUT", "/_twin/estate", {} if estate is None else estate)
    except BadEstate as error:
        raise CommandError(*str(error).splitlines()) from error
    except RefusedError as error:
        raise CommandError(*str(BadEstate(file, list(error.advice))).splitlines()) from error


def _reason(error: urllib.error.HTTPError) -> list[str]:
    text = error.read().decode(errors="replace")
    try:
        return str(json.loads(text)["error"]["message"]).splitlines()
    except (ValueError, KeyError, TypeError):
        return [text or str(error)]
