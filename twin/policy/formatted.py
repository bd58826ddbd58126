"""How Azure gives a policy back: read, and written anew by .NET's XmlWriter.

What is known of the service's answers (rest-api-specs #21835, #25306; terraform-provider-azurerm #29521, #32483):
tabs for indentation, CRLF line ends also in texts, double quotes, `<x />` and `<x></x>` kept apart, comments kept,
white space between elements gone. In format xml, which is the default of a GET, line ends in attributes are `&#xA;`;
in rawxml the code of expressions stands as it is.
"""

import re

from .document import Document, Element, Format, Text
from .islands import ENTITY, expression_source, island_end
from .reader import parse

_NEW_LINE = "\r\n"
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": _NEW_LINE, "\r": "&#xD;"})
_IN_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"}
)
_LOOKS_LIKE_CODE = re.compile(r"\A(\s*)@(?=[({])")
_MARKS = {"comment": ("<!--", "-->"), "cdata": ("<![CDATA[", "]]>"), "instruction": ("<?", "?>")}


def formatted(text: str, format_in: Format, format_out: Format) -> str:
    """A policy as a GET returns it after a PUT of `text`. Raises NotWellFormed as reading does."""
    return write(parse(text, format_in), format_out)


def write(document: Document, format: Format) -> str:
    """The text of a document in one of the two formats."""
    writer = _Writer(raw=format == "rawxml")
    for piece in (*document.before, document.root, *document.after):
        writer.node(piece, "", mixed=False)
    return "".join(writer.pieces)


class _Writer:
    """Indents as XmlWriter does: not within an element in which text has come before."""

    def __init__(self, *, raw: bool) -> None:
        self.raw = raw
        self.pieces: list[str] = []

    def node(self, node: Element | Text, indent: str, *, mixed: bool) -> None:
        if self.pieces and not mixed and not (isinstance(node, Text) and node.kind in ("text", "cdata")):
            self.pieces.append(_NEW_LINE + indent)
        if isinstance(node, Text):
            self.pieces.append(self._text(node))
        else:
            self._element(node, indent, mixed=mixed)

    def _element(self, element: Element, indent: str, *, mixed: bool) -> None:
        self.pieces.append(f"<{element.tag}")
        for attribute in element.attributes.values():
            self.pieces.append(f' {attribute.name}="{self._value(attribute.value)}"')
        if element.empty:
            self.pieces.append(" />")
            return
        self.pieces.append(">")
        for child in element.children:
            mixed = mixed or (isinstance(child, Text) and child.kind in ("text", "cdata"))
            self.node(child, indent + "\t", mixed=mixed)
        if element.children and not mixed:
            self.pieces.append(_NEW_LINE + indent)
        self.pieces.append(f"</{element.tag}>")

    def _text(self, text: Text) -> str:
        if text.kind == "text":
            return self._escaped(text.value, _IN_TEXT)
        opening, closing = _MARKS[text.kind]
        return opening + text.value.replace("\n", _NEW_LINE) + closing

    def _value(self, value: str) -> str:
        return self._escaped(value, _IN_ATTRIBUTE)

    def _escaped(self, value: str, entities: dict[int, str]) -> str:
        if not self.raw:
            return value.translate(entities)
        code = _code(value) if entities is _IN_TEXT or value == value.strip() else None
        if code is not None:
            return code
        # Nothing that only looks like the beginning of an expression may be read as one.
        return _LOOKS_LIKE_CODE.sub(r"\1&#64;", value.translate(entities))


def _code(value: str) -> str | None:
    """An expression as it stands in rawxml, if its end can be found again there; else None."""
    source = expression_source(value)
    if source is None or "\r" in value:
        return None
    code = re.sub(f"&(?={ENTITY.pattern[1:]})", "&amp;", source)
    if island_end(code, 0) != len(code):
        return None
    leading, _, trailing = value.partition(source)
    return (leading + code + trailing).replace("\n", _NEW_LINE)
