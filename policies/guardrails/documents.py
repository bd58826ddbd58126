"""API Management's policy documents as a tree: enough to judge them, not to run them.

Format `xml` is strict. Format `rawxml` lets C# expressions stand in attributes and values as they are, with quotes,
ampersands and angle brackets: `condition="@(context.Variables["n"] < 3 && true)"`. Those are escaped first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from guardrails.reading import Node, Resource

SECTIONS = ("inbound", "backend", "outbound", "on-error")


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def every(self, *tags: str) -> Iterator["Element"]:
        """This element and all below it, in the order of the document; only those with one of the tags, if given."""
        if not tags or self.tag in tags:
            yield self
        for child in self.children:
            yield from child.every(*tags)

    def inside(self, tag: str) -> "Element":
        """The children of the first child of that name, as an element; an empty one when there is none."""
        return next((child for child in self.children if child.tag == tag), Element(tag, {}, self.line))

    @property
    def place(self) -> str:
        return f"<{self.tag}> in line {self.line}"


class Malformed(Exception):
    """Why a text is no policy document, with its line."""


class Document(NamedTuple):
    resource: Resource
    root: Element


def parse(text: str, policy_format: str = "xml") -> Element:
    """The root element of a policy (or of a fragment); raises Malformed."""
    try:
        return _tree(text)
    except expat.ExpatError as strict:
        if not policy_format.startswith("rawxml"):
            raise Malformed(_reason(strict)) from None
    try:
        return _tree(_escaped(text))
    except expat.ExpatError as error:
        raise Malformed(_reason(error)) from None


def written(policy: Resource) -> Node | None:
    """Where the policy's text stands; None for the formats that hold a link instead."""
    policy_format = (policy.props.text("format") or "xml").lower()
    return None if policy_format.endswith("-link") else policy.props.at("value")


def read(policy: Resource) -> Element | None:
    """The policy as a tree; None when the text is not here or is no policy. Raises UnknownValueError."""
    place = written(policy)
    try:
        return parse(place.text() or "", policy.props.text("format") or "xml") if place is not None else None
    except Malformed:
        return None


def documents(policy: Resource) -> list[Document]:
    """The policy's tree, when there is one to judge: a text that is unknown or no policy is another rule's concern."""
    place = written(policy)
    root = None if place is None or place.is_unknown else read(policy)
    return [Document(policy, root)] if root is not None else []


def _tree(text: str) -> Element:
    parser = expat.ParserCreate("utf-8")
    top = Element("", {}, 0)
    stack = [top]

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, parser.CurrentLineNumber)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def characters(data: str) -> None:
        stack[-1].text += data

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.Parse(text.lstrip("\ufeff").encode(), True)
    return top.children[0]


def _reason(error: expat.ExpatError) -> str:
    return f"{expat.ErrorString(error.code)} in line {error.lineno}, column {error.offset + 1}"


# What may begin an expression: an attribute's opening quote, or the end of a tag and white space. Comments and CDATA
# are skipped as they are.
_SKIPPED = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_BEGIN = re.compile(r"(?:=\s*([\"'])|>\s*)(?=@[({])")
_ENTITY = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|\w+;)")
_STRING = re.compile(
    r"@\"(?:[^\"]|\"\")*\"|\$?\"(?:\\.|[^\"\\])*\"|&quot;.*?&quot;|'(?:\\.|[^'\\])*'|//[^\n]*|/\*.*?\*/", re.DOTALL
)
_PAIRS = {"(": ")", "{": "}"}


def _escaped(text: str) -> str:
    """The document with each expression's special characters written as entities; line breaks stay where they are."""
    done, here = [], 0
    while found := _next_expression(text, here):
        begin, end = found
        done.append(text[here:begin])
        expression = _ENTITY.sub("&amp;", text[begin:end])
        done.append(expression.translate({ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&apos;"}))
        here = end
    return "".join([*done, text[here:]])


def _next_expression(text: str, start: int) -> tuple[int, int] | None:
    while found := _BEGIN.search(text, start):
        skipped = _SKIPPED.search(text, start)
        if skipped and skipped.start() < found.start():
            start = skipped.end()
            continue
        end = _end_of_expression(text, found.end())
        return (found.end(), end) if end else None
    return None


def _end_of_expression(text: str, begin: int) -> int | None:
    """The index after the bracket that closes `@(` or `@{`."""
    opening = text[begin + 1]
    depth, here = 0, begin + 1
    while here < len(text):
        string = _STRING.match(text, here)
        if string:
            here = string.end()
            continue
        depth += (text[here] == opening) - (text[here] == _PAIRS[opening])
        here += 1
        if depth == 0:
            return here
    return None
