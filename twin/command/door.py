"""How an API of the twin is called: address, key and body of a chat completion, as a line for a shell and as a request.

Which deployment it asks for is tried out: an account may have deployments that embed and do not chat.
"""

import json
import shlex
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .calls import call
from .look import Api, Backend, Look, Pool, Service
from .running import Running

API_VERSION: Final = "2024-10-21"
_ANY_DEPLOYMENT: Final = "gpt-4o"  # asked for where accounts have deployments of every name
_SECONDS_TO_ANSWER: Final = 30
_TRIED: Final = 5  # deployments, at most
_QUESTION: Final = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 5}


@dataclass(frozen=True)
class Door:
    """One call of one API. `key` is that of `subscription`; both are empty where the API needs none."""

    api: str
    url: str
    body: str
    subscription: str = ""
    key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def curl(self, proxies: Mapping[str, str]) -> str:
        """A command for a shell; `proxies` as urllib.request.getproxies gives them: curl heeds the same ones."""
        around = ["--noproxy", "127.0.0.1"] if proxies.keys() & {"http", "all"} else []
        headers = [shlex.quote(f"{name}: {value}") for name, value in self.headers.items()]
        lines = [
            " ".join(["curl", *around, shlex.quote(self.url)]),
            " ".join(f"-H {header}" for header in headers),
            f"-d {shlex.quote(self.body)}",
        ]
        return " \\\n  ".join(lines)


@dataclass(frozen=True)
class Tried:
    """A door, and how it was answered when it was tried: `complaint` is empty where the answer was 200."""

    door: Door
    complaint: str = ""


def api_to_call(service: Service) -> tuple[Api, Pool | None] | None:
    """The first API with a catch for POST over a pool; failing that, over any backend."""
    callable_ = [api for api in service.apis if api.backends and {"POST", "*"} & set(api.methods)]
    with_pools = [(api, pool) for api in callable_ if (pool := service.pool_behind(api))]
    if with_pools:
        return with_pools[0]
    return (callable_[0], None) if callable_ else None


def tried_door(twin: Running, look: Look, service: Service, api: Api, accounts: Sequence[Mapping[str, Any]]) -> Tried:
    """The first door behind which somebody answers with 200; failing that, the first one, and what it answered.

    Where the accounts have no deployment in common, a usual name is tried: the answer says what is missing.
    """
    subscription, key = _key(twin, service, api)
    host = service.hosts[0] if len(look.services) > 1 else ""
    first: Tried | None = None
    for deployment in (common_deployments(service, api, accounts) or [_ANY_DEPLOYMENT])[:_TRIED]:
        door = door_to(twin.gateway, service, api, deployment, subscription=subscription, key=key, host=host)
        tried = Tried(door, _complaint(door))
        if not tried.complaint:
            return tried
        first = first or tried
    assert first is not None
    return first


def door_to(
    gateway: str, service: Service, api: Api, deployment: str, *, subscription: str = "", key: str = "", host: str = ""
) -> Door:
    """What the address says behind the API's own path depends on where the backends' addresses end: in /openai, in
    /openai/v1, or before either."""
    ends = backends_behind(service, api)[0].path.strip("/").lower()
    if ends.endswith("v1"):
        path, question = "chat/completions", {"model": deployment, **_QUESTION}
    else:
        inner = f"deployments/{deployment}/chat/completions?api-version={API_VERSION}"
        path, question = inner if ends.endswith("openai") else f"openai/{inner}", _QUESTION
    url = "/".join(part for part in (gateway, api.path.strip("/"), path) if part)
    given = {"host": host, api.key_header: key, "content-type": "application/json"}
    headers = {name: value for name, value in given.items() if value}
    return Door(api.name, url, json.dumps(question), subscription, key, headers)


def backends_behind(service: Service, api: Api) -> list[Backend]:
    """Those that an API's calls may reach: the members of the pool that it names first, else the first backend."""
    pool = service.pool_behind(api)
    names = [member.backend for member in pool.members] if pool else api.backends[:1]
    return [service.backends[name] for name in names if name in service.backends]


def common_deployments(service: Service, api: Api, accounts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names of deployments that all accounts behind an API have, in the order of the first account."""
    hosts = {backend.host.lower() for backend in backends_behind(service, api)}
    lists = [one["deployments"] for one in accounts if one["host"].lower() in hosts]
    named = [names for names in lists if "*" not in names]
    if not named:
        return [_ANY_DEPLOYMENT] if lists else []
    return [name for name in named[0] if all(name in names for names in named)]


def _key(twin: Running, service: Service, api: Api) -> tuple[str, str]:
    """The first subscription that opens the API, and its key, as ARM tells it to whoever may know."""
    if not api.subscriptions:
        return "", ""
    path = f"/subscriptions/{twin.subscription_id}/providers/Microsoft.ApiManagement/service"
    id = next(one["id"] for one in call(twin, "GET", path)["value"] if one["name"] == service.name)
    name = api.subscriptions[0]
    return name, call(twin, "POST", f"{id}/subscriptions/{name}/listSecrets")["primaryKey"]


def _complaint(door: Door) -> str:
    """Empty where a call is answered with 200, else the status and what the answer says."""
    request = urllib.request.Request(door.url, door.body.encode(), dict(door.headers), method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS_TO_ANSWER):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            return f"{error.code} {_message(error.read())}".strip()
    except OSError as error:
        return f"nothing ({error})"


def _message(body: bytes) -> str:
    """The message of an error, in Azure OpenAI's shape or in API Management's own."""
    try:
        told = json.loads(body)
        return str(told["error"]["message"] if "error" in told else told["message"])
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace")[:200]
