"""A policy's text as a tree in which every element, attribute and text knows its line and column.

Two formats, as in the `format` of ARM's policy contract: `xml` is strict XML, in `rawxml` the C# code of expressions
stands as it is. Well-formedness is judged in the words of .NET's XmlReader, which Azure passes on ("'code' is an
unexpected token. Expecting white space. Line 24, position 50."). Lines and columns count from 1; an element's is that
of the first letter of its tag, as Azure reports it.

Texts of white space alone are no part of the tree (Azure drops them). There are no DTDs, hence no entities to expand.

https://learn.microsoft.com/rest/api/apimanagement/policy/create-or-update (PolicyContentFormat)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["xml", "rawxml"]


@dataclass(frozen=True, slots=True)
class Position:
    line: int
    column: int


class NotWellFormed(Exception):
    """The text is no XML (or no rawxml). The message is .NET's, nearly always with line and position at its end."""

    def __init__(self, message: str, at: Position, *, placed: bool = True) -> None:
        super().__init__(f"{message} Line {at.line}, position {at.column}." if placed else message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute; `value` is decoded, `at` is where its name begins and `value_at` where its value does."""

    name: str
    value: str
    at: Position
    value_at: Position


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of content that is no element; `value` is decoded."""

    kind: Literal["text", "cdata", "comment", "instruction"]
    value: str
    at: Position


@dataclass(slots=True)
class Element:
    """`empty` tells `<x />` from `<x></x>`: Azure keeps the difference."""

    tag: str
    at: Position
    attributes: dict[str, Attribute] = field(default_factory=dict)
    children: list["Element | Text"] = field(default_factory=list)
    empty: bool = False

    def elements(self) -> Iterator["Element"]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Element))

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in the order of the document."""
        waiting: list[Element] = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(list(element.elements())))

    def get(self, name: str) -> str | None:
        """The value of an attribute, None where it is absent."""
        attribute = self.attributes.get(name)
        return None if attribute is None else attribute.value

    def texts(self) -> Iterator[Text]:
        """The children that are character data, CDATA included."""
        return (child for child in self.children if isinstance(child, Text) and child.kind in ("text", "cdata"))

    def text(self) -> str:
        """The character data directly in this element."""
        return "".join(piece.value for piece in self.texts())


@dataclass(frozen=True, slots=True)
class Document:
    """The root with the comments before and after it."""

    root: Element
    before: tuple[Text, ...] = ()
    after: tuple[Text, ...] = ()
