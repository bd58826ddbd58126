"""Regex, Match, Group, and their collections."""

import functools
import re
from collections.abc import Callable
from typing import Any

from .. import types as t
from ..errors import Thrown, argument, argument_null, out_of_range
from ..values import Array
from .regex_syntax import python_pattern

_FLAGS = {1: re.IGNORECASE, 2: re.MULTILINE, 16: re.DOTALL, 32: re.VERBOSE}
_REPLACEMENT = re.compile(r"\$(?:(\$)|(&)|(\d+)|\{(\w+)\}|(`)|(')|(\+))")


class Found:
    """A Match or a Group: `index` and `value` are those of an empty one when nothing was found."""

    __slots__ = ("index", "match", "numbers", "success", "value")
    net_type = t.make("Match")

    def __init__(self, match: re.Match[str] | None, numbers: tuple[int, ...] = (0,), group: int | str = 0) -> None:
        value = match.group(group) if match else None
        self.match = match
        self.numbers = numbers
        self.success = value is not None
        self.value = value or ""
        self.index = match.start(group) if match and value is not None else 0

    def net_string(self) -> str:
        return self.value


class FoundGroup(Found):
    __slots__ = ()
    net_type = t.make("Group")


class Groups:
    """A GroupCollection; `numbers` are Python's numbers of the groups by their .NET numbers."""

    __slots__ = ("match", "numbers")
    net_type = t.make("GroupCollection")

    def __init__(self, match: re.Match[str] | None, numbers: tuple[int, ...]) -> None:
        self.match = match
        self.numbers = numbers

    def at(self, key: int | str) -> FoundGroup:
        place = _group(self.match, self.numbers, key) if self.match else None
        return FoundGroup(None) if place is None else FoundGroup(self.match, self.numbers, place)

    def __iter__(self) -> Any:
        return iter([self.at(n) for n in range(len(self))])

    def __len__(self) -> int:
        return len(self.numbers) if self.match else 1


def _group(match: re.Match[str], numbers: tuple[int, ...], key: int | str) -> int | None:
    """A group by its name or its .NET number, as Python's number."""
    if isinstance(key, str) and key in match.re.groupindex:
        return match.re.groupindex[key]
    if isinstance(key, str) and not key.isdigit():
        return None
    return numbers[int(key)] if 0 <= int(key) < len(numbers) else None


class NetRegex:
    __slots__ = ("compiled", "numbers")
    net_type = t.make("Regex")

    def __init__(self, pattern: str, options: int = 0) -> None:
        self.compiled, self.numbers = translated(pattern, options)


@functools.lru_cache(maxsize=512)
def translated(pattern: str, options: int = 0) -> tuple[re.Pattern[str], tuple[int, ...]]:
    """A .NET pattern compiled, and Python's number of each group by its .NET number."""
    if pattern is None:
        raise argument_null("pattern")
    text, numbers = python_pattern(pattern, options)
    flags = functools.reduce(lambda known, bit: known | (_FLAGS[bit] if options & bit else 0), _FLAGS, 0)
    try:
        return re.compile(text, flags | (re.ASCII if options & 256 else 0)), numbers
    except re.error as error:
        raise argument(f'parsing "{pattern}" - {error}') from None


def _text(value: str | None) -> str:
    if value is None:
        raise argument_null("input")
    return value


def _match(regex: NetRegex, text: str, start: int = 0) -> Found:
    return Found(regex.compiled.search(_text(text), _start(text, start)), regex.numbers)


def _start(text: str, start: int) -> int:
    if not 0 <= start <= len(text):
        raise out_of_range("startat", "Start index cannot be less than 0 or greater than input length.")
    return start


def _matches(regex: NetRegex, text: str, start: int = 0) -> list[Found]:
    found = regex.compiled.finditer(_text(text), _start(text, start))
    return [Found(match, regex.numbers) for match in found]


def _is_match(regex: NetRegex, text: str, start: int = 0) -> bool:
    return regex.compiled.search(_text(text), _start(text, start)) is not None


def expand(match: re.Match[str], numbers: tuple[int, ...], replacement: str) -> str:
    """Match.Result: `$1`, `${name}`, `$&`, `$$`."""

    def piece(mark: re.Match[str]) -> str:
        if mark[1]:
            return "$"
        if mark[2]:
            return match.group()
        if mark[7]:
            return match.group(numbers[-1]) or ""
        if mark[5]:
            return match.string[: match.start()]
        if mark[6]:
            return match.string[match.end() :]
        place = _group(match, numbers, mark[3] or mark[4])
        return mark.group() if place is None else match.group(place) or ""

    return _REPLACEMENT.sub(piece, replacement)


def _replace(regex: NetRegex, text: str, replacement: str, count: int = 0) -> str:
    if replacement is None:
        raise argument_null("replacement")
    return regex.compiled.sub(lambda match: expand(match, regex.numbers, replacement), _text(text), max(count, 0))


def _replace_by(regex: NetRegex, text: str, evaluator: Callable[[Found], str]) -> str:
    return regex.compiled.sub(lambda match: evaluator(Found(match, regex.numbers)) or "", _text(text))


def _split(regex: NetRegex, text: str, count: int = 0) -> Array:
    if count == 1:
        return Array([_text(text)], t.STRING)
    parts = regex.compiled.split(_text(text), max(count - 1, 0))
    return Array([part for part in parts if part is not None], t.STRING)


def _static(function: Callable[..., Any]) -> Callable[..., Any]:
    """The static form of an instance method: (input, pattern, …)."""
    return lambda text, pattern, *rest: function(NetRegex(pattern), text, *rest)


def _static_options(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda text, pattern, *rest: function(NetRegex(pattern, rest[-1]), text, *rest[:-1])


def _next(found: Found) -> Found:
    match = found.match
    if match is None:
        return Found(None)
    start = match.end() + (match.end() == match.start())
    following = match.re.search(match.string, start) if start <= len(match.string) else None
    return Found(following, found.numbers)


def _unescape(text: str) -> str:
    try:
        return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), text)
    except re.error:
        raise Thrown("System.ArgumentException", "Unrecognized escape sequence.") from None


def _at(items: list[Any], index: int) -> Any:
    if not 0 <= index < len(items):
        raise Thrown("System.ArgumentOutOfRangeException", "Specified argument was out of the range of valid values.")
    return items[index]


MEMBERS: dict[str, Any] = {
    "new Regex(string! pattern)\nnew Regex(string! pattern, RegexOptions options)": NetRegex,
    "bool Regex.IsMatch(string! input)\nbool Regex.IsMatch(string! input, int startat)": _is_match,
    "Match Regex.Match(string! input)\nMatch Regex.Match(string! input, int startat)": _match,
    "MatchCollection Regex.Matches(string! input)\nMatchCollection Regex.Matches(string! input, int startat)": _matches,
    "string Regex.Replace(string! input, string! replacement)": _replace,
    "string Regex.Replace(string! input, string! replacement, int count)": _replace,
    "string Regex.Replace(string! input, Func<Match, string> evaluator)": _replace_by,
    "string[] Regex.Split(string! input)\nstring[] Regex.Split(string! input, int count)": _split,
    "static bool Regex.IsMatch(string! input, string! pattern)": _static(_is_match),
    "static bool Regex.IsMatch(string! input, string! pattern, RegexOptions options)": _static_options(_is_match),
    "static Match Regex.Match(string! input, string! pattern)": _static(_match),
    "static Match Regex.Match(string! input, string! pattern, RegexOptions options)": _static_options(_match),
    "static MatchCollection Regex.Matches(string! input, string! pattern)": _static(_matches),
    "static MatchCollection Regex.Matches(string! input, string! pattern, RegexOptions options)": _static_options(
        _matches
    ),
    "static string Regex.Replace(string! input, string! pattern, string! replacement)": _static(_replace),
    "static string Regex.Replace(string! input, string! pattern, string! replacement, RegexOptions options)": (
        _static_options(_replace)
    ),
    "static string Regex.Replace(string! input, string! pattern, Func<Match, string> evaluator)": _static(_replace_by),
    "static string Regex.Replace("
    "string! input, string! pattern, Func<Match, string> evaluator, RegexOptions options)": _static_options(
        _replace_by
    ),
    "static string[] Regex.Split(string! input, string! pattern)": _static(_split),
    "static string[] Regex.Split(string! input, string! pattern, RegexOptions options)": _static_options(_split),
    "static string Regex.Unescape(string! str)": _unescape,
    "bool Group.Success": lambda found: found.success,
    "string Capture.Value": lambda found: found.value,
    "int Capture.Index": lambda found: found.index,
    "int Capture.Length": lambda found: len(found.value),
    "CaptureCollection Group.Captures": lambda found: [found] if found.success else [],
    "GroupCollection Match.Groups": lambda found: Groups(found.match, found.numbers),
    "static Match Match.Empty": lambda: Found(None),
    "string Match.Result(string! replacement)": (lambda found, pattern: expand(found.match, found.numbers, pattern)),
    "Match Match.NextMatch()": _next,
    "Group GroupCollection[string groupname]\nGroup GroupCollection[int groupnum]": Groups.at,
    "int GroupCollection.Count\nint MatchCollection.Count\nint CaptureCollection.Count": len,
    "Match MatchCollection[int i]\nCapture CaptureCollection[int i]": _at,
}
