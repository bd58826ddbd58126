"""The twin's gateway with the reference deployment, as `python -m twin up` makes it, but for its accounts: whatever
account a call is for, it goes to the address given."""

import asyncio
import sys

from tests.support.simulated import reference_store
from twin.azure.identity import TENANT
from twin.azure.store import Store
from twin.backends.transport import SocketTransport
from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import RealClock
from twin.gateway.gateway import Gateway, Surroundings
from twin.gateway.listener import GatewayListener
from twin.gateway.watched import Watched
from twin.server import spare_the_collector


async def main(store: Store, upstream: str) -> None:
    watched = Watched()
    transport = SocketTransport(lambda _request: upstream)
    around = Surroundings(RealClock(), Chance(0), transport, Issuer(TENANT), watched.record)
    listener = GatewayListener(Gateway(lambda: store, around), port=0)
    await listener.start()
    spare_the_collector()
    print(listener.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(reference_store(), sys.argv[1]))
