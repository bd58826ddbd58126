"""The plugin's process: it serves until the engine says stop, or is gone."""

import os
import signal
import sys
import threading
from concurrent import futures
from typing import Final

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from .arm import Pace
from .engine_log import EngineLog
from .servicer import Provider

# The engine works on many resources at once, and each may wait for Azure.
_THREADS: Final = 64
_OPTIONS: Final = [("grpc.max_receive_message_length", 400 << 20), ("grpc.so_reuseport", 0)]
_LOOK_FOR_ENGINE: Final = 0.5  # seconds


def main() -> None:
    """Serves the provider on a free port of this machine and writes that port to standard output, as the engine wants.

    The engine's address is the last argument.
    """
    parent = os.getppid()  # before anybody could know of this process and end its parent
    engine = next((argument for argument in sys.argv[:0:-1] if not argument.startswith("-")), "")
    stop = threading.Event()
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=_OPTIONS)
    provider = Provider(Pace(stop.wait), os.environ, EngineLog(engine), stop.set)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop(0))
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while server.wait_for_termination(_LOOK_FOR_ENGINE) and os.getppid() == parent:
        pass
    provider.close()
    # Not sys.exit: that would wait for calls which still wait for Azure, and nobody wants their answers any more.
    os._exit(0)


if __name__ == "__main__":
    main()
