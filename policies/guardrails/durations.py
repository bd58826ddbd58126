"""ISO 8601 durations, as Azure writes intervals and trip durations."""

import re

_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_SECONDS = (365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1)


def seconds(duration: str) -> float | None:
    """The duration in seconds (a month is 30 days); None when it is none."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return None
    return sum(float(number) * unit for number, unit in zip(found.groups(), _SECONDS, strict=True) if number)
