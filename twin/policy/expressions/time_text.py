"""Times as text and back, under the invariant culture.

https://learn.microsoft.com/dotnet/standard/base-types/standard-date-and-time-format-strings
"""

import re
from collections.abc import Callable

from .errors import Thrown, bad_format
from .times import (
    LOCAL,
    TICKS,
    UNSPECIFIED,
    UTC,
    DateTime,
    DateTimeOffset,
    TimeSpan,
    clock_ticks,
    days_of,
)

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "O": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
_CUSTOM = re.compile(r"'[^']*'|\"[^\"]*\"|\\.|%|([dfFghHKmMstyz])\1*|.", re.DOTALL)
_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,}))?)?)?\s*(Z|GMT|[+-]\d\d:?\d\d)?"
)
_AMERICAN = re.compile(
    r"(\d\d?)/(\d\d?)/(\d{4})(?:\s+(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(AM|PM)?)?\s*(Z|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:(\d\d?)[ -]([A-Za-z]{3,9})|([A-Za-z]{3,9})\s+(\d\d?)),?[ -]\s*(\d{4})"
    r"(?:\s+(\d\d?):(\d\d)(?::(\d\d))?\s*(AM|PM)?)?\s*(Z|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\s*(-)?(?:(\d+)\.)?(\d\d?):(\d\d?)(?::(\d\d?)(?:\.(\d{1,7}))?)?\s*|\s*(-)?(\d+)\s*")


def date_time_text(moment: DateTime, pattern: str = "G") -> str:
    """`moment.ToString(pattern)`."""
    return _written(moment, pattern or "G", None)


def offset_text(moment: DateTimeOffset, pattern: str = "") -> str:
    """`moment.ToString(pattern)`; without one the general form with the offset behind it."""
    if not pattern:
        return _written(moment.moment, "MM/dd/yyyy HH:mm:ss zzz", moment.offset)
    if pattern in ("r", "R", "u"):
        return _written(moment.to(0).moment, pattern, 0)
    return _written(moment.moment, pattern, moment.offset)


def span_text(value: TimeSpan, pattern: str = "c") -> str:
    """`value.ToString(pattern)`: c, g, G or a custom pattern."""
    if pattern in ("", "c", "t", "T"):
        days, fraction = abs(value.part("day", 0)), abs(value.ticks) % TICKS["second"]
        text = f"{_clock(value, '02d')}"
        text = f"{days}.{text}" if days else text
        text = f"{text}.{fraction:07d}" if fraction else text
        return f"-{text}" if value.ticks < 0 else text
    if pattern in ("g", "G"):
        return _general_span(value, pattern)
    if len(pattern) == 1:
        raise bad_format()
    return "".join(_span_piece(value, match.group()) for match in _CUSTOM.finditer(pattern))


def _clock(value: TimeSpan, hours: str) -> str:
    hour, minute, second = (abs(value.part(u, p)) for u, p in (("hour", 24), ("minute", 60), ("second", 60)))
    return f"{hour:{hours}}:{minute:02d}:{second:02d}"


def _general_span(value: TimeSpan, pattern: str) -> str:
    days, fraction = abs(value.part("day", 0)), f"{abs(value.ticks) % TICKS['second']:07d}"
    sign = "-" if value.ticks < 0 else ""
    if pattern == "G":
        return f"{sign}{days}:{_clock(value, '02d')}.{fraction}"
    text = _clock(value, "d")
    text = f"{days}:{text}" if days else text
    return f"{sign}{text}.{fraction.rstrip('0')}" if fraction.strip("0") else sign + text


def _span_piece(value: TimeSpan, token: str) -> str:
    units = {"d": ("day", 0), "h": ("hour", 24), "m": ("minute", 60), "s": ("second", 60)}
    letter = token[0]
    if letter in units:
        return str(abs(value.part(*units[letter]))).rjust(len(token), "0")
    if letter in "fF":
        digits = f"{abs(value.ticks) % TICKS['second']:07d}"[: len(token)]
        return digits.rstrip("0") if letter == "F" else digits
    if letter in "'\"\\":
        return token.strip("'\"") if letter != "\\" else token[1:]
    if letter == "%":
        return ""
    raise bad_format()


def _written(moment: DateTime, pattern: str, offset: int | None) -> str:
    if pattern == "U":
        pattern = "F"
    if len(pattern) == 1:
        if pattern not in _STANDARD:
            raise bad_format()
        pattern = _STANDARD[pattern]
    out: list[str] = []
    for match in _CUSTOM.finditer(pattern):
        piece = _piece(moment, match.group(), offset)
        if not piece and match.group()[0] == "F" and out and out[-1] == ".":
            out.pop()  # no fraction, no point before it
        out.append(piece)
    return "".join(out)


def _piece(moment: DateTime, token: str, offset: int | None) -> str:
    letter, width = token[0], len(token)
    if letter in "'\"":
        return token[1:-1] if width > 1 else ""
    if letter == "\\":
        return token[1:]
    if letter == "%":
        return ""
    writer = _PIECES.get(letter)
    if writer is not None:
        return writer(moment, width)
    if letter == "K":
        if offset is None:
            return {UNSPECIFIED: "", UTC: "Z", LOCAL: "+00:00"}[moment.kind]
        return _zone(offset, 3)
    if letter == "z":
        return _zone(offset or 0, width)
    return token


def _zone(offset: int, width: int) -> str:
    sign, minutes = "-" if offset < 0 else "+", abs(offset) // TICKS["minute"]
    if width == 1:
        return f"{sign}{minutes // 60}"
    return f"{sign}{minutes // 60:02d}" + (f":{minutes % 60:02d}" if width > 2 else "")


def _two(number: int, width: int) -> str:
    return str(number).rjust(min(width, 2), "0")


def _day(moment: DateTime, width: int) -> str:
    name = DAYS[moment.date().isoweekday() % 7]
    return _two(moment.date().day, width) if width < 3 else name[:3] if width == 3 else name


def _month(moment: DateTime, width: int) -> str:
    name = MONTHS[moment.date().month - 1]
    return _two(moment.date().month, width) if width < 3 else name[:3] if width == 3 else name


def _year(moment: DateTime, width: int) -> str:
    year = moment.date().year
    return _two(year % 100, width) if width < 3 else str(year).rjust(width, "0")


def _fraction(moment: DateTime, width: int) -> str:
    if width > 7:
        raise bad_format()
    return f"{moment.ticks % TICKS['second']:07d}"[:width]


_PIECES: dict[str, Callable[[DateTime, int], str]] = {
    "d": _day,
    "M": _month,
    "y": _year,
    "H": lambda moment, width: _two(moment.clock("hour", 24), width),
    "h": lambda moment, width: _two((moment.clock("hour", 24) + 11) % 12 + 1, width),
    "m": lambda moment, width: _two(moment.clock("minute", 60), width),
    "s": lambda moment, width: _two(moment.clock("second", 60), width),
    "f": _fraction,
    "F": lambda moment, width: _fraction(moment, width).rstrip("0"),
    "t": lambda moment, width: ("AM", "PM")[moment.clock("hour", 24) >= 12][:width],
    "g": lambda _moment, _width: "A.D.",
}


def parse_offset(text: str) -> DateTimeOffset:
    """DateTimeOffset.Parse; a text without an offset is local time, which is UTC here."""
    moment, offset = _read(text)
    return DateTimeOffset(moment, offset or 0)


def parse_date_time(text: str) -> DateTime:
    """DateTime.Parse: with an offset in the text the local time, without one a time of no kind."""
    moment, offset = _read(text)
    return moment if offset is None else DateTime(moment.ticks - offset, LOCAL)


def _read(text: str) -> tuple[DateTime, int | None]:
    stripped = text.strip()
    for pattern, order in ((_ISO, _iso_order), (_AMERICAN, _american_order), (_NAMED, _named_order)):
        match = pattern.fullmatch(stripped)
        if match:
            try:
                return order(match)
            except Thrown:
                break
    raise bad_format("String was not recognized as a valid DateTime.")


def _iso_order(match: re.Match[str]) -> tuple[DateTime, int | None]:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    return _moment((year, month, day), (hour, minute, second), fraction), _offset(zone)


def _american_order(match: re.Match[str]) -> tuple[DateTime, int | None]:
    month, day, year, hour, minute, second, fraction, half, zone = match.groups()
    return _moment((year, month, day), (_of_day(hour, half), minute, second), fraction), _offset(zone)


def _of_day(hour: str | None, half: str | None) -> str | None:
    """The hour of 24, of one of 12 with AM or PM."""
    return str(int(hour) % 12 + (12 if half.upper() == "PM" else 0)) if hour and half else hour


def _named_order(match: re.Match[str]) -> tuple[DateTime, int | None]:
    day_first, month_last, month_first, day_last, year, hour, minute, second, half, zone = match.groups()
    day, wanted = day_first or day_last, (month_last or month_first).lower()
    numbers = [n for n, name in enumerate(MONTHS, 1) if wanted in (name.lower(), name[:3].lower())]
    if not numbers:
        raise bad_format()
    return _moment((year, str(numbers[0]), day), (_of_day(hour, half), minute, second), None), _offset(zone)


def _moment(
    day: tuple[str, str, str], clock: tuple[str | None, str | None, str | None], fraction: str | None
) -> DateTime:
    year, month, of_month = map(int, day)
    hour, minute, second = (int(part or 0) for part in clock)
    ticks = days_of(year, month, of_month) * TICKS["day"] + clock_ticks(hour, minute, second)
    return DateTime(ticks + int((fraction or "")[:7].ljust(7, "0")))


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone.upper() in ("Z", "GMT"):
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (-minutes if zone[0] == "-" else minutes) * TICKS["minute"]


def parse_span(text: str) -> TimeSpan:
    """TimeSpan.Parse."""
    match = _SPAN.fullmatch(text)
    if match is None:
        raise bad_format("String was not recognized as a valid TimeSpan.")
    sign, days, hours, minutes, seconds, fraction, day_sign, only_days = match.groups()
    if only_days is not None:
        ticks = int(only_days) * TICKS["day"]
        return TimeSpan(-ticks if day_sign else ticks)
    hour, minute, second = int(hours), int(minutes), int(seconds or 0)
    if hour > 23 and days is None and seconds is not None and fraction is None:
        days, hour, minute, second = hours, minute, second, 0  # too many hours: then they are days
    if hour > 23 or minute > 59 or second > 59:
        message = "The TimeSpan could not be parsed because at least one of the numeric components is out of range"
        raise Thrown("System.OverflowException", f"{message} or contains too many digits.")
    ticks = int(days or 0) * TICKS["day"] + clock_ticks(hour, minute, second) + int((fraction or "").ljust(7, "0"))
    return TimeSpan(-ticks if sign else ticks)
