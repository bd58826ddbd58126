"""Randomness, as named streams from one seed.

Each part of the twin that needs chance asks for a stream by a name of its own. Streams do not disturb each other: a
scenario that draws one more latency does not shift the arrivals, so two runs can be compared request by request.
"""

import random

Stream = random.Random


class Chance:
    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, name: str) -> Stream:
        """The stream of that name, from its beginning; the same seed and name give the same numbers on any machine."""
        return Stream(f"{self.seed}/{name}")
