import asyncio

from twin.messages import Stream
from twin.policy.elements.forward_request import LUMP, in_lumps


async def pieces(*sizes: int) -> Stream:
    for number, size in enumerate(sizes):
        yield bytes([number]) * size


def test_a_buffered_answer_is_given_out_in_lumps_of_eight_kilobytes_and_the_rest() -> None:
    async def sizes(*sent: int) -> list[int]:
        return [len(lump) async for lump in in_lumps(pieces(*sent))]

    assert asyncio.run(sizes(100, LUMP - 100)) == [LUMP]
    assert asyncio.run(sizes(LUMP * 2 + 1, 9)) == [LUMP, LUMP, 10]
    assert asyncio.run(sizes(1, 2)) == [3]
    assert asyncio.run(sizes()) == []
