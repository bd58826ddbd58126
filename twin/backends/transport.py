"""Requests over real sockets, to simulated accounts on this machine and nowhere else."""

from collections.abc import Callable, Iterable
from io import BytesIO

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from ..messages import Broken, Headers, Lost, Request, Response, Stream

_LARGE = 1024**2  # bytes from which aiohttp wants a body in pieces, so that others get their turn

# Gives the address on this machine, `http://127.0.0.1:8490`, that a request is to go to. Raises Lost where no
# connection can be made.
Locate = Callable[[Request], str]


class SocketTransport:
    """Keeps connections open between requests, and knows no time limit of its own: whoever sends has one."""

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self._session: aiohttp.ClientSession | None = None

    async def send(self, request: Request) -> Response:
        """The head of the answer, with its body as a stream. The account's own host goes in the header Host."""
        address = self._locate(request)
        headers = request.headers.copy()
        headers.set("Host", request.url.host)
        query = f"?{request.url.query_string}" if request.url.query else ""
        url = URL(f"{address}{request.url.path}{query}", encoded=True)
        try:
            answer = await self._open().request(
                request.method, url, headers=headers.fields, data=_body(request.body), allow_redirects=False
            )
        except (aiohttp.ClientError, OSError) as error:
            raise Lost(f"no answer from {request.url.host}: {type(error).__name__}") from error
        response = Response(answer.status, answer.reason or "", Headers(answer.headers).end_to_end())
        if answer.content.is_eof() and answer.content.total_bytes == answer.content_length:
            response.body = answer.content.read_nowait()  # it came with its head, as most do
        else:
            response.stream = _chunks(answer)
            await anext(response.stream)
        return response

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                middlewares=(_once,),
                request_class=_AsGiven,
            )
        return self._session


def _body(body: bytes) -> bytes | BytesIO | None:
    return BytesIO(body) if len(body) > _LARGE else body or None


class _AsGiven(aiohttp.ClientRequest):
    """A request with the header fields that it is given: by itself aiohttp adds User-Agent, Accept and others."""

    # Of these it asks again where it looks at the body.
    _skip_auto_headers: CIMultiDict[None] | None = CIMultiDict({"Content-Type": None})

    def update_auto_headers(self, skip_auto_headers: Iterable[str] | None) -> None:
        pass


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """By itself aiohttp sends GET, PUT and others again when the connection is lost, unseen by breaker and journal."""
    try:
        return await send(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise Lost(f"no answer from {request.headers['Host']}: {type(error).__name__}") from error


async def _chunks(answer: aiohttp.ClientResponse) -> Stream:
    """The body as it comes. Closing it before its end closes the connection, which tells the account."""
    try:
        yield b""  # so that it has begun
        async for chunk in answer.content.iter_any():
            yield chunk
    except (aiohttp.ClientError, OSError) as error:
        raise Broken(str(error)) from error
    finally:
        answer.release()  # with a rest that nobody has read, that closes the connection
