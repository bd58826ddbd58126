"""A position in a policy's text that knows XML's smallest pieces and how .NET complains about them."""

import re
from bisect import bisect_right

from .document import Element, NotWellFormed, Position
from .islands import ENTITY, character, island_end, starts_island

_NAME_START = r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\uD7FF"
_NAME = re.compile(rf"[{_NAME_START}][{_NAME_START}0-9.\-\u00B7]*")
_SPACES = re.compile(r"[ \t\r\n]*")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Cursor:
    """Where the reader stands. `tolerant` is rawxml: expressions may hold what XML does not allow."""

    def __init__(self, text: str, *, tolerant: bool) -> None:
        self.text = text.removeprefix("\ufeff")
        self.tolerant = tolerant
        self.position = 0
        self.line_starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", self.text))]

    # -- positions and errors

    def at(self, position: int) -> Position:
        line = bisect_right(self.line_starts, position)
        return Position(line, position - self.line_starts[line - 1] + 1)

    def error(self, message: str, position: int | None = None) -> NotWellFormed:
        return NotWellFormed(message, self.at(self.position if position is None else position))

    def unexpected(self, expected: str) -> NotWellFormed:
        """.NET names the whole word that it did not expect, or the one character."""
        word = _NAME.match(self.text, self.position)
        token = word.group() if word else self.text[self.position : self.position + 1]
        return self.error(f"'{token}' is an unexpected token. {expected}")

    def end_of_file(self, unclosed: list[Element]) -> NotWellFormed:
        names = ", ".join(element.tag for element in reversed(unclosed))
        message = f"Unexpected end of file has occurred. The following elements are not closed: {names}."
        return self.error(message, len(self.text))

    def island(self) -> str | None:
        """In rawxml, the expression that begins here, decoded; the reader then stands behind it."""
        if not (self.tolerant and starts_island(self.text, self.position)):
            return None
        end = island_end(self.text, self.position)
        if end is None:
            return None
        raw = unix(self.clean(self.position, end))
        self.position = end
        return ENTITY.sub(character, raw)

    def entity(self) -> str:
        """What the `&` here stands for."""
        match = ENTITY.match(self.text, self.position)
        if match is None:
            raise self._bad_entity()
        decoded = character(match)
        if not decoded:
            code = match.group(2) or match.group(3)
            value = int(code, 10 if match.group(2) else 16)
            message = f"'.', hexadecimal value 0x{value:02X}, is an invalid character."
            raise self.error(message, self.position + 2)
        self.position = match.end()
        return decoded

    def _bad_entity(self) -> NotWellFormed:
        start = self.position + 1
        if self.text.startswith("#", start):
            hexadecimal = self.text.startswith("x", start + 1)
            digits = re.compile(r"[0-9a-fA-F]*" if hexadecimal else r"[0-9]*")
            stop = digits.match(self.text, start + 1 + hexadecimal)
            kind = "hexadecimal" if hexadecimal else "decimal"
            where = stop.end() if stop else start
            return self.error(f"Invalid syntax for a {kind} numeric entity reference.", where)
        name = _NAME.match(self.text, start)
        if name is None:
            return self.error("An error occurred while parsing EntityName.", start)
        self.position = name.end()
        if not self.text.startswith(";", self.position):
            return self.unexpected("The expected token is ';'.")
        return self.error(f"Reference to undeclared entity '{name.group()}'.", start)

    def name(self, unclosed: list[Element]) -> str:
        match = _NAME.match(self.text, self.position)
        if match is None:
            raise self._bad_name(unclosed)
        self.position = match.end()
        if self.text.startswith(":", self.position):
            local = _NAME.match(self.text, self.position + 1)
            if local is None:
                self.position += 1
                raise self._bad_name(unclosed)
            self.position = local.end()
            if self.text.startswith(":", self.position):
                raise self.error("The ':' character, hexadecimal value 0x3A, cannot be included in a name.")
            return f"{match.group()}:{local.group()}"
        return match.group()

    def _bad_name(self, unclosed: list[Element]) -> NotWellFormed:
        if self.position >= len(self.text):
            return self.end_of_file(unclosed)
        char = self.text[self.position]
        return self.error(f"Name cannot begin with the '{char}' character, hexadecimal value 0x{ord(char):02X}.")

    def clean(self, start: int, end: int) -> str:
        """A slice of the text, refused when it has a character that XML does not allow."""
        if bad := _NOT_XML.search(self.text, start, end):
            char = bad.group()
            shown = "." if char == "\0" else char
            message = f"'{shown}', hexadecimal value 0x{ord(char):02X}, is an invalid character."
            raise self.error(message, bad.start())
        return self.text[start:end]

    def spaces(self) -> str:
        match = _SPACES.match(self.text, self.position)
        return match.group() if match else ""

    def skip_space(self) -> bool:
        spaces = self.spaces()
        self.position += len(spaces)
        return bool(spaces)


def unix(text: str) -> str:
    """Line ends as every XML reader gives them on: a single line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
