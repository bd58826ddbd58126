"""A .NET regular expression in Python's syntax.

https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference

What differs: the names of groups and their numbers (.NET counts those without a name first), options that hold from the
middle of a pattern on, classes with something subtracted, Unicode categories, the ends `\\z` and `\\Z`.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from ..errors import argument

EXPLICIT_CAPTURE = 4
_TOKEN = re.compile(
    r"""\\k(?:<(?P<ref>\w+)>|'(?P<quoted_ref>\w+)') | \\(?P<number>[1-9]\d?) | \\(?P<negated>[pP])\{(?P<category>\w+)\}
    | (?P<end>\\[zZ]) | \\. | (?P<class>\[) | \(\?(?:<(?P<name>[A-Za-z_]\w*)>|'(?P<quoted>[A-Za-z_]\w*)')
    | \(\?(?P<options>[imnsx]*(?:-[imnsx]+)?)\) | (?P<foreign>\(\?P) | (?P<plain>\(\?) | (?P<open>\() | (?P<close>\))
    | (?P<or>\|) | .""",
    re.VERBOSE | re.DOTALL,
)
_ENDS = {"\\z": r"\Z", "\\Z": r"(?=\n?\Z)"}


@dataclass
class _Scan:
    """What is known of a pattern up to some place.

    `pieces` are what Python gets, a reference to a group by its .NET number as an int; `groups` the names of the groups
    so far, "" for those without; `options` holds, for each open bracket, the options that were set within it.
    """

    pieces: list[str | int] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    options: list[list[str]] = field(default_factory=lambda: [[]])


def python_pattern(pattern: str, options: int = 0) -> tuple[str, tuple[int, ...]]:
    """The pattern for Python's `re`, and Python's number of each group by its number in .NET."""
    scan, position = _Scan(), 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        assert token is not None
        position = token.end()
        if token["class"]:
            text, position = _class(pattern, position)
            scan.pieces.append(text)
        else:
            _translate(scan, token, options)
    scan.pieces.append(")" * len(scan.options[-1]))
    bare = [at for at, name in enumerate(scan.groups, 1) if not name]
    numbers = (0, *bare, *(at for at, name in enumerate(scan.groups, 1) if name))
    return "".join([_reference(piece, numbers) if isinstance(piece, int) else piece for piece in scan.pieces]), numbers


def _reference(number: int, numbers: tuple[int, ...]) -> str:
    if number >= len(numbers):
        raise argument(f"Reference to undefined group number {number}.")
    return f"(?:\\{numbers[number]})"


def _translate(scan: _Scan, token: re.Match[str], options: int) -> None:
    found = token.groupdict()
    out, kind = scan.pieces, token.lastgroup
    if kind in ("ref", "quoted_ref"):
        out.append(f"(?P={found[kind]})")
    elif kind == "number":
        out.append(int(found["number"]))
    elif kind == "category":
        out.append(f"[{_ranges(found['category'], found['negated'] == 'P')}]")
    elif kind == "end":
        out.append(_ENDS[found["end"]])
    elif kind in ("name", "quoted"):
        scan.groups.append(found[kind])
        scan.options.append([])
        out.append(f"(?P<{found[kind]}>")
    elif kind == "options":
        scan.options[-1].append(found["options"].replace("n", ""))
        out.append(f"(?{scan.options[-1][-1]}:")
    elif kind == "foreign":
        raise argument("Unrecognized grouping construct.")
    elif kind in ("plain", "open"):
        captures = kind == "open" and not options & EXPLICIT_CAPTURE
        scan.groups.extend([""] if captures else [])
        scan.options.append([])
        out.append("(?:" if kind == "open" and not captures else token.group())
    elif kind == "close":
        out.append(")" * (len(scan.options.pop()) + 1))
        scan.options = scan.options or [[]]
    elif kind == "or":
        # Options hold behind the bar too, but do not take the bar between them.
        out.append(")" * len(scan.options[-1]) + "|" + "".join([f"(?{one}:" for one in scan.options[-1]]))
    else:
        out.append(token.group())


def _class(pattern: str, position: int) -> tuple[str, int]:
    """A class of characters behind its `[`, and where it ends."""
    inside, without = "[", ""
    if pattern[position : position + 1] == "^":
        inside, position = "[^", position + 1
    first = True
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        text = pattern[position] if token is None or pattern[position] != "\\" else token.group()
        if text == "]" and not first:
            return (f"(?!{without})" if without else "") + inside + "]", position + 1
        position += len(text)
        if token and token["category"]:
            inside += _ranges(token["category"], token["negated"] == "P")
        elif text == "-" and pattern[position : position + 1] == "[":
            without, position = _class(pattern, position + 1)
        else:
            inside += f"\\{text}" if text in ("[", "&", "|", "~") else text
        first = False
    raise argument(f'parsing "{pattern}" - Unterminated [] set.')


@cache
def _ranges(category: str, negated: bool) -> str:
    """The characters of a Unicode category (`L`, `Lu`, …) as the inside of a class."""
    out: list[str] = []
    start = -1
    for code in range(0x10001):
        within = code < 0x10000 and unicodedata.category(chr(code)).startswith(category) != negated
        if within and start < 0:
            start = code
        elif not within and start >= 0:
            out.append(f"\\u{start:04x}" if code == start + 1 else f"\\u{start:04x}-\\u{code - 1:04x}")
            start = -1
    if not out:
        raise argument(f"Unknown property '{category}'.")
    return "".join(out)
