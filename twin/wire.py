"""Our messages on a socket: what a server of ours receives as a Request, and a Response as what it sends."""

import socket
import struct

from aiohttp import web

from .messages import Broken, Headers, Request, Response, Stream, Url

# The server decides about these itself.
_OF_THE_CONNECTION = ("connection", "keep-alive", "transfer-encoding", "date", "server")


async def received(request: web.BaseRequest) -> Request:
    """A request with its whole body, and its path and query as they were sent."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await request.read() if request.can_read_body else b""
    return Request(request.method, _target(request.raw_path), Headers(request.headers), body)


def _target(written: str) -> Url:
    # Behind an empty host, two slashes at the beginning are part of the path.
    return Url.parse(f"//{written}" if written.startswith("/") else written)


async def sent(request: web.BaseRequest, answer: Response) -> web.StreamResponse:
    """Send the answer on. A body that breaks off ends in a reset of the connection: it must never look complete.

    So does one whose caller goes while it is sent.
    """
    headers = answer.headers.copy_without(_OF_THE_CONNECTION)
    if answer.stream is not None:
        return await _in_pieces(request, answer, answer.stream, headers)
    headers.remove("Content-Length")  # that of a body which a policy may have replaced
    return web.Response(status=answer.status, reason=answer.reason or None, headers=headers.fields, body=answer.body)


async def _in_pieces(
    request: web.BaseRequest, answer: Response, stream: Stream, headers: Headers
) -> web.StreamResponse:
    """Send a body as it comes."""
    try:
        response = web.StreamResponse(status=answer.status, reason=answer.reason or None, headers=headers.fields)
        await response.prepare(request)
        async for chunk in stream:
            await response.write(chunk)
        await response.write_eof()
    except (Broken, ConnectionResetError):
        abort(request)
        return web.Response()
    finally:
        await answer.close()
    return response


def abort(request: web.BaseRequest) -> None:
    """Reset the connection. An ordinary end would look like that of an answer whose length nobody gave."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
