"""The HTTP client: Azure Resource Manager on this machine, and nothing else.

It retries and polls as the real provider does (pulumi-azure-native on Azure's azcore: provider/pkg/azure/
client_azcore.go, sdk/azcore/runtime), except that it does not wait 20 seconds before the first retry of a call that
names no time.
"""

import contextlib
import http.client
import ipaddress
import json
import re
import urllib.parse
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..azure.shapes import Json
from .refusal import ArmError, CancelledError, Refusal, RefusedError, UnreachableError, refusal_in

_RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
_RETRIES: Final = 3
_FAILED: Final = frozenset({"failed", "canceled"})
_TERMINAL: Final = _FAILED | {"succeeded"}

# Between two polls of an answer that says "at once", not to spin.
_SHORTEST: Final = 0.02

_AS_IT_IS: Final = "/%!$&'()*+,;=:@"
_SOCKET_TIMEOUT: Final = 120
_METADATA: Final = "/metadata/endpoints?api-version=2022-09-01"


@dataclass(frozen=True)
class Pace:
    """How to wait. All times in seconds.

    `wait` waits and says whether the engine asked to stop meanwhile (`threading.Event.wait`). A call that names no
    time is retried after 1, 3 and 7 times `retry_delay` (the real provider: 20). An answer that asks for more than
    `longest` is final. `poll_interval` is for long-running operations that name none (the real provider: 10; 30 for
    deletes).
    """

    wait: Callable[[float], bool]
    retry_delay: float = 0.1
    longest: float = 120
    poll_interval: float = 0.5


@dataclass(frozen=True)
class Answer:
    method: str
    path: str
    status: int
    body: Json
    headers: http.client.HTTPMessage


class Arm:
    """The ARM endpoint that the metadata host names. May be used from many threads at once."""

    def __init__(self, metadata_host: str, pace: Pace, log: Callable[[str], None] = lambda _: None) -> None:
        self._pace = pace
        self._log = log
        self._idle: deque[http.client.HTTPConnection] = deque()  # kept alive between calls
        self._root = _local(metadata_host if "://" in metadata_host else f"https://{metadata_host}")
        try:
            clouds = _accepted(self._call("GET", _METADATA), 200).body
        finally:
            self.close()  # what comes next may be at another port
        if not isinstance(clouds, dict) or "resourceManager" not in clouds:
            raise ArmError(f"{metadata_host} does not say where Azure Resource Manager is: it is not the twin")
        self._root = _local(clouds["resourceManager"])

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def get(self, path: str, api_version: str) -> Json:
        """Raises RefusedError for anything but 200 and 204; the body of a 204 is None."""
        return _accepted(self._call("GET", _target(path, api_version)), 200, 204).body

    def post(self, path: str, api_version: str) -> Json:
        return _accepted(self._call("POST", _target(path, api_version), {}), 200, 201).body

    def put(self, path: str, api_version: str, body: Json, query: Mapping[str, Json]) -> Answer:
        """The first answer; `settle` follows it to the end."""
        return _accepted(self._call("PUT", _target(path, api_version, query), body), 200, 201, 202)

    def delete(self, path: str, api_version: str) -> Answer | None:
        """The first answer; None when there was nothing to delete."""
        answer = self._call("DELETE", _target(path, api_version))
        return None if answer.status == 404 else _accepted(answer, 200, 202, 204)

    def settle(self, answer: Answer, timeout: float) -> Json:
        """Waits until the operation behind an answer is done: the resource's body where ARM gave one, else None.

        Azure says in one of three ways where to look: `Azure-AsyncOperation` is a resource of its own with a status;
        `Location` answers 202 until the result is there, each time perhaps with another Location; without either, the
        resource itself shows its provisioningState.

        Raises RefusedError when the operation fails, ArmError when it is not done after `timeout` seconds of waiting.
        """
        operation = answer.headers.get("Azure-AsyncOperation")
        location = answer.headers.get("Location")
        latest, waited = answer, 0.0
        done = not operation and not location and _done(answer, operation)
        while not done:
            delay = max(_asked(latest, self._pace.poll_interval), _SHORTEST)
            waited += delay
            if waited > timeout:
                raise ArmError(f"operation timed out: {answer.method} {answer.path} is not done after {timeout:g} s")
            self._pause(delay)
            location = latest.headers.get("Location") or location
            latest = self._call("GET", _path(operation or location or answer.path, answer.path))
            gone = answer.method == "DELETE" and latest.status == 404
            done = gone or _done(_accepted(latest, 200, 201, 202, 204), operation)
        if _status(latest, operation) in _FAILED:
            raise RefusedError(_refusal(latest))
        return latest.body if not operation and isinstance(latest.body, dict) else None

    def _call(self, method: str, path: str, body: Json = None) -> Answer:
        """One request with its retries."""
        for attempt in range(_RETRIES + 1):
            answer, why = self._try(method, path, body)
            delay = self._pace.retry_delay * (2 ** (attempt + 1) - 1)
            if answer is not None:
                if not _worth_retrying(answer):
                    return answer
                delay = _asked(answer, 0) or delay
                if attempt == _RETRIES or delay > self._pace.longest:
                    return answer
            elif attempt == _RETRIES:
                raise UnreachableError(f"no answer to {method} {self._root.geturl()}{path}: {why}")
            self._log(f"{method} {_short(path)}: {why}, next try in {delay:g} s")
            self._pause(delay)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _try(self, method: str, path: str, body: Json) -> tuple[Answer | None, str]:
        """One request: the answer, or None; and in words what happened."""
        link = self._link()
        try:
            answer = self._send(link, method, path, body)
        except (http.client.HTTPException, OSError) as error:
            link.close()
            return None, f"{type(error).__name__}: {error}"
        self._idle.append(link)
        return answer, f"Azure answered {answer.status}"

    def _link(self) -> http.client.HTTPConnection:
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        kind = http.client.HTTPSConnection if self._root.scheme == "https" else http.client.HTTPConnection
        return kind(self._root.hostname or "", self._root.port, timeout=_SOCKET_TIMEOUT)

    def _send(self, link: http.client.HTTPConnection, method: str, path: str, body: Json) -> Answer:
        headers = {"Accept": "application/json", "Authorization": "Bearer twin"}
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        link.request(method, path, None if body is None else json.dumps(body), headers)
        response = link.getresponse()
        text = response.read()
        return Answer(method, path, response.status, _json(text), response.headers)

    def _pause(self, seconds: float) -> None:
        if self._pace.wait(seconds):
            raise CancelledError("the engine asked to stop")


def _local(url: str) -> urllib.parse.SplitResult:
    """The endpoint at a URL. Raises ArmError unless it is on this machine."""
    root = urllib.parse.urlsplit(url.rstrip("/"))
    host = root.hostname or ""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ArmError(
            f"the twin's azure-native provider only talks to this machine, not to {url!r}: it is not the real one. "
            "To deploy to Azure, run `pulumi` outside the twin, with the real provider."
        )
    return root


def _target(path: str, api_version: str, query: Mapping[str, Json] = MappingProxyType({})) -> str:
    # JSON's spelling: a query says `false`, not Python's `False`.
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
    # What is escaped already stays as it is; an id that a person typed for an import may hold anything.
    return f"{urllib.parse.quote(path, safe=_AS_IT_IS)}?{urllib.parse.urlencode({'api-version': api_version, **texts})}"


def _short(path: str) -> str:
    """For people: the last type and name of a path."""
    return "…/" + "/".join(path.partition("?")[0].split("/")[-2:])


def _path(url: str, first: str) -> str:
    """Path and query of a URL to poll, with the first request's API version where it names none."""
    parts = urllib.parse.urlsplit(url)
    if parts.netloc:
        _local(url)
    query = parts.query
    if "api-version=" not in query:
        version = urllib.parse.parse_qs(urllib.parse.urlsplit(first).query)["api-version"][0]
        query = f"{query}&api-version={version}".lstrip("&")
    return f"{parts.path}?{query}"


def _accepted(answer: Answer, *statuses: int) -> Answer:
    if answer.status not in statuses:
        raise RefusedError(_refusal(answer))
    return answer


def _refusal(answer: Answer) -> Refusal:
    return refusal_in(answer.status, answer.body, answer.headers.get("x-ms-correlation-request-id", ""))


def _worth_retrying(answer: Answer) -> bool:
    if answer.status == 409:
        return _refusal(answer).code == "AnotherOperationInProgress"
    return answer.status in _RETRIED


def _asked(answer: Answer, otherwise: float) -> float:
    """How long the answer asks to wait. A date is not understood, for want of a clock, and counts as nothing."""
    for name, unit in (("retry-after-ms", 0.001), ("x-ms-retry-after-ms", 0.001), ("retry-after", 1)):
        if re.fullmatch(r"\d+(\.\d+)?", answer.headers.get(name, "")):
            return float(answer.headers[name]) * unit
    return otherwise


def _status(answer: Answer, operation: str | None) -> str:
    """The state of a long-running operation, in lower case; "" where the answer names none."""
    body = answer.body if isinstance(answer.body, dict) else {}
    if operation is not None:
        return str(body.get("status") or "").lower()
    properties = body.get("properties")
    return str(properties.get("provisioningState") or "").lower() if isinstance(properties, dict) else ""


def _done(answer: Answer, operation: str | None) -> bool:
    status = _status(answer, operation)
    if operation is not None:
        return status in _TERMINAL
    return answer.status != 202 and (not status or status in _TERMINAL)


def _json(text: bytes) -> Json:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text.decode(errors="replace")
