"""Where a C# expression in a policy ends.

Azure's format `rawxml` lets expressions hold quotes and angle brackets as they are, so an XML parser cannot find their
ends; the brackets of C# can, once strings, characters and remarks are told apart from code.
"""

import re

START = re.compile(r"@(?=[({])")
CLOSING = {"(": ")", "[": "]", "{": "}"}
# What may hold a bracket or a quote that counts for nothing. Strings with holes are read by `_past_holes`.
OPAQUE = re.compile(
    r"""
      //[^\n]*
    | /\*.*?\*/
    | @"(?:[^"]|"")*"
    | "(?:[^"\\\n]|\\.)*"
    | '(?:[^'\\\n]|\\.)*'
    """,
    re.VERBOSE | re.DOTALL,
)
WITH_HOLES = re.compile(r'\$@?"|@\$"')


def past_island(text: str, at: int) -> int | None:
    """The offset behind the expression `@(…)` or `@{…}` that begins at `at`; None if it does not end."""
    return _past_bracket(text, at + 1)


def _past_bracket(text: str, at: int) -> int | None:
    """The offset behind the bracket that closes the one at `at`."""
    wanted: list[str] = []
    while at < len(text):
        if holes := WITH_HOLES.match(text, at):
            end = _past_holes(text, holes.end(), verbatim="@" in holes[0])
            if end is None:
                return None
            at = end
        elif opaque := OPAQUE.match(text, at):
            at = opaque.end()
        else:
            character = text[at]
            if character in CLOSING:
                wanted.append(CLOSING[character])
            elif character in "\"'" or (character in CLOSING.values() and character != wanted.pop()):
                return None
            at += 1
            if not wanted:
                return at
    return None


def _past_holes(text: str, at: int, *, verbatim: bool) -> int | None:
    """The offset behind an interpolated string of which the opening quote has been read."""
    while at < len(text):
        pair = text[at : at + 2]
        if pair in ("{{", "}}") or (verbatim and pair == '""') or (not verbatim and pair[0] == "\\"):
            at += 2
        elif text[at] == '"':
            return at + 1
        elif text[at] == "{":
            end = _past_bracket(text, at)
            if end is None:
                return None
            at = end
        else:
            at += 1
    return None
