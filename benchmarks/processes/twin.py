"""The whole twin with the reference deployment, whose calls may take five seconds; no CLI is asked.

Its first line holds its URLs and the key, as JSON. For each line that it reads it writes one with the numbers of its
asyncio tasks, of the blocks of memory that Python has allocated and of the objects that it collects; it ends with its
input.
"""

import asyncio
import gc
import json
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tests.support.simulated import reference_store
from twin.azure.listener import STATE_FILE
from twin.azure.store import Store
from twin.server import Setup, start
from twin.simulation import Simulation

LONGEST_CALL = 5  # seconds, so that a silent account does not outlast what is measured


async def main(store: Store, state: Path) -> None:
    (state / STATE_FILE).write_text(store.text())
    loop, lines = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with AsyncExitStack() as servers:
        urls = await start(servers, state, Setup(0, 0, 0))
        print(json.dumps({**urls, "key": Simulation(store).door.key}), flush=True)
        while await lines.readline():
            gc.collect()
            held = {"tasks": len(asyncio.all_tasks()), "objects": len(gc.get_objects())}
            print(json.dumps({**held, "blocks": sys.getallocatedblocks()}), flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(reference_store(policy={"requestTimeout": LONGEST_CALL}), Path(folder)))
