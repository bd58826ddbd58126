"""A tiny ARM endpoint that keeps what it is given and answers from a script where a test wrote one."""

import json
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Request(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    body: Any


class Scripted(NamedTuple):
    """One answer to one request. Status 0 cuts the connection. `keeps`: whether a PUT is carried out nevertheless."""

    method: str
    path: str
    status: int
    body: Any
    headers: Mapping[str, str]
    keeps: bool


@dataclass
class ScriptedArm:
    url: str = ""
    resources: dict[str, Any] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    _script: list[Scripted] = field(default_factory=list)

    def next(self, method: str, path: str, status: int, body: Any = None, keeps: bool = False, **headers: str) -> None:
        """The answer to the next such request whose path ends like this. Headers: `retry_after="1"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._script.append(Scripted(method, path, status, body, named, keeps))

    def log(self) -> list[str]:
        """What was asked, without what every test asks: `PUT …/backends/b`."""
        return [f"{request.method} {request.path}" for request in self.requests if "metadata" not in request.path]

    def answer(self, request: Request) -> tuple[int, Any, Mapping[str, str]]:
        self.requests.append(request)
        for scripted in self._script:
            if scripted.method == request.method and request.path.endswith(scripted.path):
                self._script.remove(scripted)
                if scripted.keeps:
                    self._kept(request)
                return scripted.status, scripted.body, scripted.headers
        return (*self._kept(request), {})

    def _kept(self, request: Request) -> tuple[int, Any]:
        known = self.resources.get(request.path)
        match request.method:
            case "GET" if request.path == "/metadata/endpoints":
                return 200, {"resourceManager": f"{self.url}/"}
            case "PUT":
                named = {"id": request.path, "name": request.path.rpartition("/")[2]}
                self.resources[request.path] = {**request.body, **named}
                return 200 if known else 201, self.resources[request.path]
            case "DELETE":
                self.resources.pop(request.path, None)
                return 200 if known else 204, None
            case "GET" if known is not None:
                return 200, known
            case _:
                return 404, {"error": {"code": "ResourceNotFound", "message": f"{request.path} was not found."}}


@contextmanager
def scripted_arm() -> Iterator[ScriptedArm]:
    arm = ScriptedArm()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            url = urllib.parse.urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(urllib.parse.parse_qsl(url.query))
            request = Request(self.command, url.path, query, json.loads(sent) if sent else None)
            status, body, headers = arm.answer(request)
            if status == 0:
                self.close_connection = True
                return
            text = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(text)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_PUT = do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    arm.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield arm
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
