"""DateTime, DateTimeOffset and TimeSpan: counted in ticks of 100 ns, in a gateway whose local time is UTC."""

from datetime import date
from functools import total_ordering

from . import types as t
from .errors import argument, out_of_range, overflow

TICKS = {"day": 864_000_000_000, "hour": 36_000_000_000, "minute": 600_000_000, "second": 10_000_000, "ms": 10_000}
UNIX_EPOCH = date(1970, 1, 1).toordinal() - 1  # days since 0001-01-01
EPOCH_TICKS = UNIX_EPOCH * TICKS["day"]
LARGEST_TICKS = 3_155_378_975_999_999_999
UNSPECIFIED, UTC, LOCAL = 0, 1, 2


@total_ordering
class TimeSpan:
    """A span of `ticks`, negative ones too."""

    __slots__ = ("ticks",)
    net_type = t.TIME_SPAN

    def __init__(self, ticks: int) -> None:
        if not -(2**63) <= ticks < 2**63:
            raise overflow("TimeSpan overflowed because the duration is too long.")
        self.ticks = ticks

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TimeSpan) and self.ticks == other.ticks

    def __lt__(self, other: "TimeSpan") -> bool:
        return self.ticks < other.ticks

    def __hash__(self) -> int:
        return hash(self.ticks)

    def part(self, unit: str, per: int) -> int:
        """Days, Hours, …: the whole units, those that make up the next larger unit taken off; the sign is kept."""
        units = abs(self.ticks) // TICKS[unit]
        units = units % per if per else units
        return -units if self.ticks < 0 else units


@total_ordering
class DateTime:
    """`ticks` since 0001-01-01; `kind` is unspecified, UTC or local. Comparisons look at the ticks alone."""

    __slots__ = ("kind", "ticks")
    net_type = t.DATE_TIME

    def __init__(self, ticks: int, kind: int = UNSPECIFIED) -> None:
        if not 0 <= ticks <= LARGEST_TICKS:
            raise out_of_range("value", "The added or subtracted value results in an un-representable DateTime.")
        self.ticks = ticks
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DateTime) and self.ticks == other.ticks

    def __lt__(self, other: "DateTime") -> bool:
        return self.ticks < other.ticks

    def __hash__(self) -> int:
        return hash(self.ticks)

    def add(self, ticks: int) -> "DateTime":
        return DateTime(self.ticks + ticks, self.kind)

    def date(self) -> date:
        return date.fromordinal(self.ticks // TICKS["day"] + 1)

    def clock(self, unit: str, per: int) -> int:
        """Hour, Minute, Second, Millisecond."""
        return self.ticks // TICKS[unit] % per


@total_ordering
class DateTimeOffset:
    """`moment` is the time on the clock there, `offset` that clock's distance from UTC in ticks."""

    __slots__ = ("moment", "offset")
    net_type = t.DATE_TIME_OFFSET

    def __init__(self, moment: DateTime, offset: int) -> None:
        if abs(offset) > 14 * TICKS["hour"]:
            raise out_of_range("offset", "Offset must be within plus or minus 14 hours.")
        self.moment = DateTime(moment.ticks)
        self.offset = offset

    @property
    def utc_ticks(self) -> int:
        return self.moment.ticks - self.offset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DateTimeOffset) and self.utc_ticks == other.utc_ticks

    def __lt__(self, other: "DateTimeOffset") -> bool:
        return self.utc_ticks < other.utc_ticks

    def __hash__(self) -> int:
        return hash(self.utc_ticks)

    def to(self, offset: int) -> "DateTimeOffset":
        return DateTimeOffset(DateTime(self.utc_ticks + offset), offset)


def from_unix(seconds: float) -> DateTime:
    """A moment of the twin's clock as .NET's UTC time, to the microsecond."""
    return DateTime(EPOCH_TICKS + round(seconds * 1_000_000) * 10, UTC)


def days_of(year: int, month: int, day: int) -> int:
    """Days since 0001-01-01."""
    try:
        return date(year, month, day).toordinal() - 1
    except ValueError:
        message = "Year, Month, and Day parameters describe an un-representable DateTime."
        raise out_of_range("", message) from None


def clock_ticks(hour: int, minute: int, second: int, millisecond: int = 0) -> int:
    """The ticks of a time of day."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and 0 <= millisecond < 1000):
        raise out_of_range("", "Hour, Minute, and Second parameters describe an un-representable DateTime.")
    return ((hour * 60 + minute) * 60 + second) * TICKS["second"] + millisecond * TICKS["ms"]


def add_months(moment: DateTime, months: int) -> DateTime:
    """The same day of another month, or that month's last one."""
    day = moment.date()
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    if not 1 <= year <= 9999:
        raise out_of_range("months", "The added or subtracted value results in an un-representable DateTime.")
    last = days_in_month(year, month + 1)
    days = days_of(year, month + 1, min(day.day, last))
    return DateTime(days * TICKS["day"] + moment.ticks % TICKS["day"], moment.kind)


def days_in_month(year: int, month: int) -> int:
    if not 1 <= month <= 12:
        raise out_of_range("month", "Month must be between one and twelve.")
    following = (
        days_of(year + month // 12, month % 12 + 1, 1) if year < 9999 or month < 12 else days_of(9999, 12, 31) + 1
    )
    return following - days_of(year, month, 1)


def at_offset(moment: DateTime, offset: int | None = None) -> DateTimeOffset:
    """DateTimeOffset's constructors: a UTC time takes no other offset than zero."""
    if offset is not None and moment.kind != UNSPECIFIED and offset != 0:
        raise argument("The UTC Offset for Utc DateTime instances must be 0.\nParameter name: offset")
    return DateTimeOffset(moment, offset or 0)


def span(value: float, unit: str) -> TimeSpan:
    """TimeSpan.FromSeconds and its like: .NET Framework rounds to whole milliseconds."""
    if value != value:
        raise argument("TimeSpan does not accept floating point Not-a-Number values.")
    milliseconds = value * (TICKS[unit] // TICKS["ms"])
    rounded = int(milliseconds + (0.5 if milliseconds >= 0 else -0.5))
    return TimeSpan(rounded * TICKS["ms"])
