"""Regex, Match, Group, and their collections."""

import functools
import re
from collections.abc import Callable
from typing import Any

from .. import types as t
from ..errors import Thrown, argument, argument_null
from ..values import Array

_FLAGS = {1: re.IGNORECASE, 2: re.MULTILINE, 16: re.DOTALL, 32: re.VERBOSE}
_REPLACEMENT = re.compile(r"\$(?:(\$)|(&)|(\d+)|\{(\w+)\}|(`)|('))")


class Found:
    """A Match or a Group: `index` and `value` are those of an empty one when nothing was found."""

    __slots__ = ("index", "match", "success", "value")
    net_type = t.make("Match")

    def __init__(self, match: re.Match[str] | None, group: int | str = 0) -> None:
        value = match.group(group) if match else None
        self.match = match
        self.success = value is not None
        self.value = value or ""
        self.index = match.start(group) if match and value is not None else 0

    def net_string(self) -> str:
        return self.value


class FoundGroup(Found):
    __slots__ = ()
    net_type = t.make("Group")


class Groups:
    """A GroupCollection."""

    __slots__ = ("match",)
    net_type = t.make("GroupCollection")

    def __init__(self, match: re.Match[str] | None) -> None:
        self.match = match

    def at(self, key: int | str) -> FoundGroup:
        match = self.match
        if match is None:
            return FoundGroup(None)
        known = key in match.re.groupindex if isinstance(key, str) else 0 <= key <= match.re.groups
        if not known and isinstance(key, str) and key.isdigit():
            return self.at(int(key))
        return FoundGroup(match, key) if known else FoundGroup(None)

    def __iter__(self) -> Any:
        return iter([self.at(n) for n in range(len(self))])

    def __len__(self) -> int:
        return self.match.re.groups + 1 if self.match else 1


class NetRegex:
    __slots__ = ("compiled",)
    net_type = t.make("Regex")

    def __init__(self, pattern: str, options: int = 0) -> None:
        self.compiled = translated(pattern, options)


@functools.lru_cache(maxsize=512)
def translated(pattern: str, options: int = 0) -> re.Pattern[str]:
    """A .NET pattern as one of Python's: named groups are written differently, `$` and `\\z` mean different ends."""
    if pattern is None:
        raise argument_null("pattern")
    text = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", pattern)
    text = re.sub(r"\(\?'([A-Za-z_]\w*)'", r"(?P<\1>", text)
    text = re.sub(r"\\k<(\w+)>", r"(?P=\1)", text)
    text = _CATEGORY.sub(_category, text)
    text = re.sub(r"(?<!\\)((?:\\\\)*)\\Z", r"\1(?=\\n?\\Z)", text)
    text = re.sub(r"(?<!\\)((?:\\\\)*)\\z", r"\1\\Z", text)
    flags = functools.reduce(lambda known, bit: known | (_FLAGS[bit] if options & bit else 0), _FLAGS, 0)
    try:
        return re.compile(text, flags | (re.ASCII if options & 256 else 0))
    except re.error as error:
        raise argument(f'parsing "{pattern}" - {error}') from None


_CATEGORY = re.compile(r"\\p\{(L|Lu|Ll|N|Nd)\}")


def _category(match: re.Match[str]) -> str:
    return {"L": r"[^\W\d_]", "Lu": "[A-ZÀ-ÖØ-Þ]", "Ll": "[a-zß-öø-ÿ]", "N": r"\d", "Nd": r"\d"}[match[1]]


def _text(value: str | None) -> str:
    if value is None:
        raise argument_null("input")
    return value


def _match(regex: NetRegex, text: str, start: int = 0) -> Found:
    return Found(regex.compiled.search(_text(text), start))


def _matches(regex: NetRegex, text: str) -> list[Found]:
    return [Found(match) for match in regex.compiled.finditer(_text(text))]


def _is_match(regex: NetRegex, text: str) -> bool:
    return regex.compiled.search(_text(text)) is not None


def expand(match: re.Match[str], replacement: str) -> str:
    """Match.Result: `$1`, `${name}`, `$&`, `$$`."""

    def piece(mark: re.Match[str]) -> str:
        if mark[1]:
            return "$"
        if mark[2]:
            return match.group()
        if mark[5]:
            return match.string[: match.start()]
        if mark[6]:
            return match.string[match.end() :]
        name = int(mark[3]) if mark[3] else int(mark[4]) if mark[4].isdigit() else mark[4]
        known = name <= match.re.groups if isinstance(name, int) else name in match.re.groupindex
        return (match.group(name) or "") if known else mark.group()

    return _REPLACEMENT.sub(piece, replacement)


def _replace(regex: NetRegex, text: str, replacement: str, count: int = 0) -> str:
    if replacement is None:
        raise argument_null("replacement")
    return regex.compiled.sub(lambda match: expand(match, replacement), _text(text), max(count, 0))


def _replace_by(regex: NetRegex, text: str, evaluator: Callable[[Found], str]) -> str:
    return regex.compiled.sub(lambda match: evaluator(Found(match)) or "", _text(text))


def _split(regex: NetRegex, text: str) -> Array:
    return Array([part or "" for part in regex.compiled.split(_text(text)) if part is not None], t.STRING)


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
    return Found(match.re.search(match.string, start)) if start <= len(match.string) else Found(None)


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
    "bool Regex.IsMatch(string! input)": _is_match,
    "Match Regex.Match(string! input)\nMatch Regex.Match(string! input, int startat)": _match,
    "MatchCollection Regex.Matches(string! input)": _matches,
    "string Regex.Replace(string! input, string! replacement)": _replace,
    "string Regex.Replace(string! input, string! replacement, int count)": _replace,
    "string Regex.Replace(string! input, Func<Match, string> evaluator)": _replace_by,
    "string[] Regex.Split(string! input)": _split,
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
    "static string[] Regex.Split(string! input, string! pattern)": _static(_split),
    "static string Regex.Unescape(string! str)": _unescape,
    "bool Group.Success": lambda found: found.success,
    "string Capture.Value": lambda found: found.value,
    "int Capture.Index": lambda found: found.index,
    "int Capture.Length": lambda found: len(found.value),
    "CaptureCollection Group.Captures": lambda found: [found] if found.success else [],
    "GroupCollection Match.Groups": lambda found: Groups(found.match),
    "static Match Match.Empty": lambda: Found(None),
    "string Match.Result(string! replacement)": lambda found, pattern: expand(found.match, pattern),
    "Match Match.NextMatch()": _next,
    "Group GroupCollection[string groupname]\nGroup GroupCollection[int groupnum]": Groups.at,
    "int GroupCollection.Count\nint MatchCollection.Count\nint CaptureCollection.Count": len,
    "Match MatchCollection[int i]\nCapture CaptureCollection[int i]": _at,
}
