"""Listening, on this machine only: what the twin's servers have in common."""

import errno
from typing import Final

from aiohttp import web

HOST: Final = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} on {HOST} is in use by another program: stop it, or choose another port.")
        self.port = port


async def listen(runner: web.BaseRunner, port: int) -> int:
    """Serve on a port, 0 for any free one, and return it. Raises PortTaken, with nothing left to stop."""
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from error
        raise
    return int(runner.addresses[0][1])
