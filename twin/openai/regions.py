"""The names of regions as people and response headers write them: `East US 2` for `eastus2`."""

import re
from functools import cache

_DIRECTIONS = "north|south|east|west|central"
_WORDS = re.compile(rf"southeast|northeast|{_DIRECTIONS}|us|uk|uae|\d+|[a-z]+?(?={_DIRECTIONS}|\d|$)")
_CAPITALS = ("us", "uk", "uae")


@cache
def displayed(region: str) -> str:
    """The display name of a region, from its name in either spelling."""
    words = _WORDS.findall(region.lower().replace(" ", ""))
    return " ".join(word.upper() if word in _CAPITALS else word.capitalize() for word in words)
