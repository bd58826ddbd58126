"""Where a C# policy expression ends: `@(…)` and `@{…}` as balanced islands in a policy's text.

In format rawxml the C# code of an expression stands in attributes and texts as it is, with quotes, `<` and `&&`
that XML does not allow there, so its end is found by C#'s own lexical rules: brackets are counted outside of strings,
characters and comments. Entities (`&quot;`, `&#10;`) count as the character they stand for, because a policy in
well-formed XML may be sent as rawxml too (facts C35).

https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#Syntax
"""

import re

ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]+)|#x([0-9a-fA-F]+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CLOSING = {"(": ")", "{": "}", "[": "]"}
_QUOTES = "\"'"
_LINE_ENDS = "\r\n"
_DEEPEST = 40  # interpolated strings within each other; nobody writes three


def character(match: re.Match[str]) -> str:
    """The character that an entity stands for; an empty string for a number that is no character of XML."""
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    digits, base = (decimal, 10) if decimal else (hexadecimal, 16)
    code = int(digits, base) if len(digits) <= 8 else -1
    return chr(code) if is_xml_character(code) else ""


def is_xml_character(code: int) -> bool:
    """Whether XML 1.0 allows a code point in a document (production Char)."""
    return code in (9, 10, 13) or 32 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def starts_island(text: str, at: int) -> bool:
    """Whether an expression begins at this position: `@(` or `@{`."""
    return text.startswith(("@(", "@{"), at)


def island_end(text: str, start: int) -> int | None:
    """The position after the expression that starts at `start`; None when its brackets are never balanced."""
    return _Scanner(text, start + 1).block()


def expression_source(value: str) -> str | None:
    """A decoded attribute value or text as an expression with its brackets (`@(…)`), or None if it is a literal.

    Only a whole value is an expression: `Bearer @(token)` is a literal.
    """
    stripped = value.strip()
    if stripped.startswith("@(") and stripped.endswith(")"):
        return stripped
    if stripped.startswith("@{") and stripped.endswith("}"):
        return stripped
    return None


class _Scanner:
    """Walks over C# tokens as far as brackets, strings, characters and comments go."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position
        self.depth = 0

    def peek(self) -> str:
        """The character here, an entity decoded; empty at the end of the text."""
        return self._unit()[0]

    def take(self) -> str:
        """The character here; moves on by one."""
        char, self.position = self._unit()
        return char

    def block(self) -> int | None:
        """Reads from an opening bracket to its partner; returns the position after that."""
        expected = [_CLOSING[self.take()]]
        while char := self.take():
            if char in _CLOSING:
                expected.append(_CLOSING[char])
            elif char in ")]}":
                if char != expected.pop():
                    return None
                if not expected:
                    return self.position
            elif not self._token(char):
                return None
        return None

    def _unit(self) -> tuple[str, int]:
        at = self.position
        if at >= len(self.text):
            return "", at
        char = self.text[at]
        if char == "&" and (match := ENTITY.match(self.text, at)):
            return character(match), match.end()
        return char, at + 1

    def _token(self, char: str) -> bool:
        """Skips the rest of a string, character or comment that begins with `char`; False when it has no end."""
        if char in _QUOTES:
            return self._regular(char)
        if char == "@" and self.peek() == '"':
            self.take()
            return self._verbatim()
        if char in "$@":
            return self._maybe_interpolated(char)
        if char == "/" and self.peek() == "/":
            return self._skip_until("\n")
        if char == "/" and self.peek() == "*":
            return self._skip_until("*/")
        return True

    def _maybe_interpolated(self, first: str) -> bool:
        ahead = self.position
        verbatim = first == "@"
        if self.peek() == ("$" if verbatim else "@"):
            self.take()
            verbatim = True
        if self.peek() == '"' and (verbatim or first == "$"):
            self.take()
            return self._interpolated(verbatim)
        self.position = ahead
        return True

    def _regular(self, quote: str) -> bool:
        while (char := self.take()) and char not in _LINE_ENDS:
            if char == quote:
                return True
            if char == "\\" and self.take() in _LINE_ENDS:
                return False
        return False

    def _verbatim(self) -> bool:
        while char := self.take():
            if char == '"' and not self._doubled('"'):
                return True
        return False

    def _interpolated(self, verbatim: bool) -> bool:
        while char := self.take():
            if char == '"' and not (verbatim and self._doubled('"')):
                return True
            if char == "\\" and not verbatim:
                self.take()
            elif char == "{" and not self._doubled("{") and not self._hole():
                return False
        return False

    def _hole(self) -> bool:
        self.position -= 1  # back to the brace; an entity for it (`&#123;`) is not worth supporting
        self.depth += 1
        closed = self.depth <= _DEEPEST and self.text[self.position] == "{" and self.block() is not None
        self.depth -= 1
        return closed

    def _doubled(self, char: str) -> bool:
        if self.peek() != char:
            return False
        self.take()
        return True

    def _skip_until(self, mark: str) -> bool:
        """Moves after `mark`; a line comment may end with the text."""
        end = self.text.find(mark, self.position)
        self.position = len(self.text) if end < 0 else end + len(mark)
        return end >= 0
