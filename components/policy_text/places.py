"""Where the elements of a policy's text stand, so that some can be changed and every other byte stays.

Reads well-formed XML, and what Azure calls rawxml, in which expressions are not escaped.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from .islands import START, past_island

NAME = re.compile(r"[^\s=/>\"'<]+")
BLANK = re.compile(r"\s*")
ASSIGNMENT = re.compile(r"\s*=\s*([\"'])")
EXPRESSION = re.compile(r"\s*@[({]")


class PolicyTextError(ValueError):
    """The text is no policy, or nothing can be inserted into it. The message says what was found and where."""


@dataclass
class Place:
    """An element, or a remark: then `name` is empty and `remark` its text."""

    name: str
    start: int
    end: int = 0
    """Offset behind the element."""
    inside: int = 0
    """Offset behind the opening tag; 0 of an element that is one tag."""
    close: int = 0
    """Offset of the closing tag."""
    attributes: dict[str, str] = field(default_factory=dict)
    remark: str = ""
    children: "list[Place]" = field(default_factory=list)

    def all(self) -> "Iterator[Place]":
        """The elements and remarks in it, at any depth, in the text's order."""
        for child in self.children:
            yield child
            yield from child.all()


def line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def read(text: str) -> Place:
    """The whole text as one place without a name."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.raw = not _well_formed(text)

    def read(self) -> Place:
        whole = Place("", 0)
        open_: list[Place] = [whole]
        at = self._next_tag(0)
        while at < len(self.text):
            at = self._next_tag(self._tag(at, open_))
        if len(open_) > 1:
            raise self._error(f"<{open_[-1].name}> is not closed", open_[-1].start)
        return whole

    def _tag(self, at: int, open_: list[Place]) -> int:
        """Reads what begins with `<` at the offset; the offset behind it."""
        text = self.text
        if text.startswith("<!--", at):
            end = self._behind("-->", at, within="<!--")
            open_[-1].children.append(Place("", at, end, remark=text[at + 4 : end - 3].strip()))
            return end
        if text.startswith("<![CDATA[", at):
            return self._behind("]]>", at)
        if text.startswith("<?", at):
            return self._behind("?>", at)
        if text.startswith("</", at):
            return self._closing_tag(at, open_)
        return self._opening_tag(at, open_)

    def _opening_tag(self, at: int, open_: list[Place]) -> int:
        name = NAME.match(self.text, at + 1)
        if not name:
            raise self._error('"<" begins no tag', at)
        place = Place(name[0], at)
        open_[-1].children.append(place)
        end = self._attributes(name.end(), place)
        if self.text.startswith("/>", end):
            place.end = end + 2
            return place.end
        place.inside = end + 1
        open_.append(place)
        return place.inside

    def _closing_tag(self, at: int, open_: list[Place]) -> int:
        end = self._behind(">", at)
        name = self.text[at + 2 : end - 1].strip()
        place = open_[-1]
        if name != place.name:
            expected = f"</{place.name}> is expected" if place.name else "nothing is open"
            raise self._error(f"</{name}> closes no element; {expected}", at)
        place.close, place.end = at, end
        open_.pop()
        return end

    def _attributes(self, at: int, place: Place) -> int:
        """The offset of the `>` or `/>` that ends the tag."""
        while True:
            at = _end(BLANK, self.text, at)
            if self.text.startswith((">", "/>"), at):
                return at
            name = NAME.match(self.text, at)
            equals = name and ASSIGNMENT.match(self.text, name.end())
            if not name or not equals:
                raise self._error(f"<{place.name}> has something that is no attribute", at)
            end = self._value_end(equals.end(), equals[1])
            if end is None:
                raise self._error(f"the attribute {name[0]} of <{place.name}> does not end", at)
            place.attributes[name[0]] = html.unescape(self.text[equals.end() : end])
            at = end + 1

    def _value_end(self, start: int, quote: str) -> int | None:
        """The offset of the quote that ends a value. A raw expression may hold the same quotes: the first with a
        complete expression before it is the one."""
        end = self.text.find(quote, start)
        if not self.raw or not EXPRESSION.match(self.text, start):
            return end if end >= 0 else None
        while end >= 0:
            value = html.unescape(self.text[start:end]).strip()
            if past_island(value, 0) == len(value):
                return end
            end = self.text.find(quote, end + 1)
        return None

    def _next_tag(self, at: int) -> int:
        """The offset of the next `<` that is not in an expression."""
        if self.raw and EXPRESSION.match(self.text, at):
            island = START.search(self.text, at)
            end = past_island(self.text, island.start()) if island else None
            if end is not None:
                at = end
        found = self.text.find("<", at)
        return len(self.text) if found < 0 else found

    def _behind(self, mark: str, at: int, *, within: str = "") -> int:
        found = self.text.find(mark, at + len(within))
        if found < 0:
            raise self._error(f"{self.text[at : at + 20]!r} is not followed by {mark}", at)
        return found + len(mark)

    def _error(self, found: str, at: int) -> PolicyTextError:
        return PolicyTextError(f"line {line(self.text, at)}: {found}; this is no policy that Azure accepts.")


def _well_formed(text: str) -> bool:
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return False
    return True


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
