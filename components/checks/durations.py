"""ISO 8601 durations: how long a circuit breaker counts, and how long it stays open."""

import re
from collections.abc import Iterator

from .place import Place, quoted, write

# Years and months have no fixed length, and .NET, which reads these texts in Azure, does not know weeks.
DURATION = re.compile(r"P(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?", re.ASCII)
CLOCK = re.compile(r"(\d{1,4}):(\d{1,2}):(\d{1,2})", re.ASCII)
PLAIN = re.compile(r"(\d{1,9})\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)?", re.ASCII | re.IGNORECASE)

# Azure documents no limits. P1D is the longest duration known to be accepted.
LONGEST = 24 * 60 * 60


def duration(value: str, place: Place) -> Iterator[str]:
    length = seconds(value)
    if length is None:
        allowed = "an ISO 8601 duration in days, hours, minutes and whole seconds is needed"
        yield place.refuse(quoted(value), allowed, write(_meant(value), 'Write for instance "PT10S" or "PT1M30S".'))
    elif not 1 <= length <= LONGEST:
        advice = 'Write at least "PT1S".' if length < 1 else 'Write at most "P1D".'
        yield place.refuse(quoted(value), "one second to one day is allowed", advice)


def seconds(value: str) -> int | None:
    """The length of a duration in seconds; None for a text that is no duration."""
    match = DURATION.fullmatch(value)
    if not match or value == "P":
        return None
    days, hours, minutes, rest = (int(group or 0) for group in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def canonical(value: str) -> str:
    """The form in which .NET writes the same duration: PT60S is PT1M. So what Azure gives back is what was sent."""
    length = seconds(value)
    if length is None:
        return value
    minutes, rest = divmod(length, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    date = f"{days}D" if days else ""
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number)
    return f"P{date}T{time}" if time else f"P{date}" if date else "PT0S"


def _meant(value: str) -> str:
    """What somebody meant who wrote `pt10s`, `10s`, `10` or `00:00:10`."""
    upper = value.strip().upper()
    if clock := CLOCK.fullmatch(upper):
        hours, minutes, rest = clock.groups()
        upper = f"PT{hours}H{minutes}M{rest}S"
    elif plain := PLAIN.fullmatch(upper):
        number, unit = plain.groups()
        upper = f"P{number}D" if unit and unit[0] == "D" else f"PT{number}{unit[0] if unit else 'S'}"
    length = seconds(upper)
    return canonical(upper) if length and length <= LONGEST else ""
