"""DateTime (as far as Microsoft's list goes), DateTimeOffset, TimeSpan."""

from collections.abc import Callable
from typing import Any

from ..errors import Thrown, out_of_range
from ..time_text import date_time_text, offset_text, parse_date_time, parse_offset, parse_span, span_text
from ..times import (
    EPOCH_TICKS,
    LARGEST_TICKS,
    LOCAL,
    TICKS,
    UTC,
    DateTime,
    DateTimeOffset,
    TimeSpan,
    add_months,
    at_offset,
    clock_ticks,
    days_in_month,
    days_of,
    from_unix,
    span,
)
from .signature import Ambient


def _moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, ms: int = 0) -> DateTime:
    return DateTime(days_of(year, month, day) * TICKS["day"] + clock_ticks(hour, minute, second, ms))


def _moment_of_kind(*args: int) -> DateTime:
    *parts, kind = args
    return DateTime(_moment(*parts).ticks, kind)


def _offset_moment(*args: Any) -> DateTimeOffset:
    *parts, offset = args
    return DateTimeOffset(_moment(*parts), offset.ticks)


def _added(unit: str) -> Callable[[DateTime, float], DateTime]:
    """AddDays and its like round to whole milliseconds, as .NET Framework does."""

    def added(moment: DateTime, value: float) -> DateTime:
        milliseconds = value * (TICKS[unit] / TICKS["ms"]) + (0.5 if value >= 0 else -0.5)
        if not abs(milliseconds) < 315537897600000:
            raise out_of_range("value", "Value to add was out of range.")
        return moment.add(int(milliseconds) * TICKS["ms"])

    return added


def _attempt(parse: Callable[[str], Any], empty: Any) -> Callable[[str | None], tuple[bool, Any]]:
    def attempt(text: str | None) -> tuple[bool, Any]:
        try:
            return (False, empty) if text is None else (True, parse(text))
        except Thrown:
            return False, empty

    return attempt


def _add_years(moment: DateTime, years: int) -> DateTime:
    return add_months(moment, years * 12)


def _order(left: Any, right: Any) -> int:
    return (left > right) - (left < right)


def _local(context: Any) -> DateTime:
    return DateTime(from_unix(context.now()).ticks, LOCAL)


def _today(context: Any) -> DateTime:
    now = _local(context)
    return DateTime(now.ticks - now.ticks % TICKS["day"], LOCAL)


def _fields() -> dict[str, Any]:
    """The parts that DateTime and DateTimeOffset share."""
    table: dict[str, Any] = {}
    parts: dict[str, Callable[[DateTime], Any]] = {
        "int {}.Year": lambda m: m.date().year,
        "int {}.Month": lambda m: m.date().month,
        "int {}.Day": lambda m: m.date().day,
        "int {}.DayOfYear": lambda m: m.date().timetuple().tm_yday,
        "DayOfWeek {}.DayOfWeek": lambda m: m.date().isoweekday() % 7,
        "int {}.Hour": lambda m: m.clock("hour", 24),
        "int {}.Minute": lambda m: m.clock("minute", 60),
        "int {}.Second": lambda m: m.clock("second", 60),
        "int {}.Millisecond": lambda m: m.clock("ms", 1000),
        "long {}.Ticks": lambda m: m.ticks,
        "TimeSpan {}.TimeOfDay": lambda m: TimeSpan(m.ticks % TICKS["day"]),
        "DateTime {}.Date": lambda m: DateTime(m.ticks - m.ticks % TICKS["day"], m.kind),
    }
    changes: dict[str, Callable[..., DateTime]] = {
        "{0} {0}.AddYears(int value)": _add_years,
        "{0} {0}.AddMonths(int value)": add_months,
        "{0} {0}.AddDays(double value)": _added("day"),
        "{0} {0}.AddHours(double value)": _added("hour"),
        "{0} {0}.AddMinutes(double value)": _added("minute"),
        "{0} {0}.AddSeconds(double value)": _added("second"),
        "{0} {0}.AddMilliseconds(double value)": _added("ms"),
        "{0} {0}.AddTicks(long value)": DateTime.add,
        "{0} {0}.Add(TimeSpan value)": lambda m, value: m.add(value.ticks),
        "{0} {0}.Subtract(TimeSpan value)": lambda m, value: m.add(-value.ticks),
    }
    for signature, function in parts.items():
        table[signature.format("DateTime")] = function
        table[signature.format("DateTimeOffset")] = lambda value, f=function: f(value.moment)
    for signature, change in changes.items():
        table[signature.format("DateTime")] = change
        table[signature.format("DateTimeOffset")] = lambda value, *args, f=change: DateTimeOffset(
            f(value.moment, *args), value.offset
        )
    return table


def _spans() -> dict[str, Any]:
    table: dict[str, Any] = {}
    units = {"Day": ("day", 0), "Hour": ("hour", 24), "Minute": ("minute", 60), "Second": ("second", 60)}
    for name, (unit, per) in {**units, "Millisecond": ("ms", 1000)}.items():
        table[f"int TimeSpan.{name}s"] = lambda value, unit=unit, per=per: value.part(unit, per)
        table[f"double TimeSpan.Total{name}s"] = lambda value, ticks=TICKS[unit]: value.ticks / ticks
        table[f"static TimeSpan TimeSpan.From{name}s(double value)"] = lambda value, unit=unit: span(value, unit)
        table[f"static long TimeSpan.TicksPer{name}"] = lambda unit=unit: TICKS[unit]
    return table


def _is_leap(year: int) -> bool:
    return days_of(year, 3, 1) - days_of(year, 2, 28) == 2


MEMBERS: dict[str, Any] = {
    **_fields(),
    **_spans(),
    # DateTime
    "static DateTime DateTime.UtcNow": Ambient(lambda context: from_unix(context.now())),
    "static DateTime DateTime.Now": Ambient(_local),
    "static DateTime DateTime.Today": Ambient(_today),
    "static DateTime DateTime.MinValue": lambda: DateTime(0),
    "static DateTime DateTime.MaxValue": lambda: DateTime(LARGEST_TICKS),
    "static DateTime DateTime.Parse(string! s)": parse_date_time,
    "static int DateTime.DaysInMonth(int year, int month)": days_in_month,
    "static bool DateTime.IsLeapYear(int year)": _is_leap,
    "bool DateTime.IsDaylightSavingTime()": lambda _moment: False,
    "TimeSpan DateTime.Subtract(DateTime value)": lambda left, right: TimeSpan(left.ticks - right.ticks),
    "string DateTime.ToString()": date_time_text,
    "string DateTime.ToString(string format)": lambda moment, pattern: date_time_text(moment, pattern or "G"),
    "new DateTime(int year, int month, int day)\n"
    "new DateTime(int year, int month, int day, int hour, int minute, int second)\n"
    "new DateTime(int year, int month, int day, int hour, int minute, int second, int millisecond)": _moment,
    "new DateTime(int year, int month, int day, int hour, int minute, int second, DateTimeKind kind)": _moment_of_kind,
    "new DateTime(long ticks)\nnew DateTime(long ticks, DateTimeKind kind)": DateTime,
    # DateTimeOffset
    "static DateTimeOffset DateTimeOffset.UtcNow\nstatic DateTimeOffset DateTimeOffset.Now": Ambient(
        lambda context: at_offset(from_unix(context.now()))
    ),
    "static DateTimeOffset DateTimeOffset.MinValue": lambda: DateTimeOffset(DateTime(0), 0),
    "static DateTimeOffset DateTimeOffset.MaxValue": lambda: DateTimeOffset(DateTime(LARGEST_TICKS), 0),
    "static DateTimeOffset DateTimeOffset.Parse(string! input)": parse_offset,
    "static bool DateTimeOffset.TryParse(string input, out DateTimeOffset result)": _attempt(
        parse_offset, DateTimeOffset(DateTime(0), 0)
    ),
    "static DateTimeOffset DateTimeOffset.FromUnixTimeSeconds(long seconds)": (
        lambda seconds: DateTimeOffset(DateTime(EPOCH_TICKS + seconds * TICKS["second"]), 0)
    ),
    "static DateTimeOffset DateTimeOffset.FromUnixTimeMilliseconds(long milliseconds)": (
        lambda ms: DateTimeOffset(DateTime(EPOCH_TICKS + ms * TICKS["ms"]), 0)
    ),
    "long DateTimeOffset.ToUnixTimeSeconds()": lambda value: (value.utc_ticks - EPOCH_TICKS) // TICKS["second"],
    "long DateTimeOffset.ToUnixTimeMilliseconds()": lambda value: (value.utc_ticks - EPOCH_TICKS) // TICKS["ms"],
    "TimeSpan DateTimeOffset.Offset": lambda value: TimeSpan(value.offset),
    "DateTime DateTimeOffset.DateTime": lambda value: value.moment,
    "DateTime DateTimeOffset.UtcDateTime": lambda value: DateTime(value.utc_ticks, UTC),
    "DateTime DateTimeOffset.LocalDateTime": lambda value: DateTime(value.utc_ticks, LOCAL),
    "long DateTimeOffset.UtcTicks": lambda value: value.utc_ticks,
    "DateTimeOffset DateTimeOffset.ToOffset(TimeSpan offset)": lambda value, offset: value.to(offset.ticks),
    "DateTimeOffset DateTimeOffset.ToUniversalTime()\nDateTimeOffset DateTimeOffset.ToLocalTime()": (
        lambda value: value.to(0)
    ),
    "TimeSpan DateTimeOffset.Subtract(DateTimeOffset value)": lambda a, b: TimeSpan(a.utc_ticks - b.utc_ticks),
    "int DateTimeOffset.CompareTo(DateTimeOffset other)": _order,
    "bool DateTimeOffset.Equals(DateTimeOffset other)": lambda left, right: left == right,
    "string DateTimeOffset.ToString()": offset_text,
    "string DateTimeOffset.ToString(string format)": lambda value, pattern: offset_text(value, pattern or ""),
    "new DateTimeOffset(DateTime dateTime)": at_offset,
    "new DateTimeOffset(DateTime dateTime, TimeSpan offset)": lambda moment, offset: at_offset(moment, offset.ticks),
    "new DateTimeOffset(int year, int month, int day, int hour, int minute, int second, TimeSpan offset)": (
        _offset_moment
    ),
    "new DateTimeOffset(long ticks, TimeSpan offset)": lambda ticks, offset: at_offset(DateTime(ticks), offset.ticks),
    # TimeSpan
    "static TimeSpan TimeSpan.Zero": lambda: TimeSpan(0),
    "static TimeSpan TimeSpan.MaxValue": lambda: TimeSpan(2**63 - 1),
    "static TimeSpan TimeSpan.MinValue": lambda: TimeSpan(-(2**63)),
    "static TimeSpan TimeSpan.FromTicks(long value)": TimeSpan,
    "static TimeSpan TimeSpan.Parse(string! s)": parse_span,
    "static bool TimeSpan.TryParse(string s, out TimeSpan result)": _attempt(parse_span, TimeSpan(0)),
    "long TimeSpan.Ticks": lambda value: value.ticks,
    "TimeSpan TimeSpan.Add(TimeSpan ts)": lambda left, right: TimeSpan(left.ticks + right.ticks),
    "TimeSpan TimeSpan.Subtract(TimeSpan ts)": lambda left, right: TimeSpan(left.ticks - right.ticks),
    "TimeSpan TimeSpan.Negate()": lambda value: TimeSpan(-value.ticks),
    "TimeSpan TimeSpan.Duration()": lambda value: TimeSpan(abs(value.ticks)),
    "int TimeSpan.CompareTo(TimeSpan value)": _order,
    "bool TimeSpan.Equals(TimeSpan obj)": lambda left, right: left == right,
    "string TimeSpan.ToString()": span_text,
    "string TimeSpan.ToString(string format)": lambda value, pattern: span_text(value, pattern or "c"),
    "new TimeSpan(int hours, int minutes, int seconds)": (
        lambda h, m, s: TimeSpan(((h * 60 + m) * 60 + s) * TICKS["second"])
    ),
    "new TimeSpan(int days, int hours, int minutes, int seconds)": (
        lambda d, h, m, s: TimeSpan((((d * 24 + h) * 60 + m) * 60 + s) * TICKS["second"])
    ),
    "new TimeSpan(int days, int hours, int minutes, int seconds, int milliseconds)": (
        lambda d, h, m, s, ms: TimeSpan(((((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms) * TICKS["ms"])
    ),
    "new TimeSpan(long ticks)": TimeSpan,
    "new TimeSpan()": lambda: TimeSpan(0),
    "new DateTime()": lambda: DateTime(0),
    "new DateTimeOffset()": lambda: DateTimeOffset(DateTime(0), 0),
}
