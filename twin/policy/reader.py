"""Reads policy XML, strict or raw, with .NET's error messages.

The messages and positions are those of System.Xml.XmlReader; tests/twin/policy/xml_messages.json holds what the real
one said about the same texts. The one thing it does not know is the island: in rawxml an attribute's value or an
element's text that begins with `@(` or `@{` is C# up to the balanced end.
"""

import re
from typing import Literal

from .cursor import Cursor, unix
from .document import Attribute, Document, Element, Format, NotWellFormed, Text
from .islands import starts_island

_SPACE = " \t\r\n"
_CONTENT_STOP = re.compile(r"[<&]|\]\]>")
_XML_PREFIXES = frozenset({"xml", "xmlns"})
_DTD = (
    "For security reasons DTD is prohibited in this XML document. To enable DTD processing set the DtdProcessing "
    "property on XmlReaderSettings to Parse and pass the settings into XmlReader.Create method."
)
_DEEPEST = 150  # .NET has no such limit; nothing that walks a tree here needs to fear for its stack


def parse(text: str, format: Format) -> Document:
    """The tree of a policy's text. Raises NotWellFormed with .NET's words."""
    return _Reader(text, tolerant=format == "rawxml").document()


class _Reader(Cursor):
    def document(self) -> Document:
        self._declaration()
        before = self._around()
        if self.position == len(self.text):
            raise NotWellFormed("Root element is missing.", self.at(self.position), placed=False)
        root = self._tree()
        after = self._around()
        if self.position < len(self.text):
            raise self.error("There are multiple root elements.", self.position + 1)
        return Document(root, tuple(before), tuple(after))

    def _declaration(self) -> None:
        if re.match(r"<\?xml[ \t\r\n]", self.text):
            end = self.text.find("?>")
            if end < 0:
                raise self.end_of_file([])
            self.position = end + 2

    def _around(self) -> list[Text]:
        """Comments and processing instructions outside of the root."""
        found = []
        while True:
            self.skip_space()
            if self.position == len(self.text):
                return found
            if self.text.startswith(("<!--", "<?"), self.position):
                found.append(self._comment() if self.text[self.position + 1] == "!" else self._instruction())
            elif self.text.startswith("<!", self.position):
                raise NotWellFormed(_DTD, self.at(self.position), placed=False)
            elif self.text.startswith("</", self.position):
                raise self.error("Unexpected end tag.", self.position + 2)
            elif self.text[self.position] != "<" or self.position + 1 == len(self.text):
                raise self.error("Data at the root level is invalid.")
            else:
                return found

    def _tree(self) -> Element:
        """The root and all below it, without recursion: depth is the writer's choice, not the reader's risk."""
        root = self._start_tag([])
        scopes: list[frozenset[str]] = [self._check_prefixes(root, _XML_PREFIXES)]
        unclosed = [] if root.empty else [root]
        while unclosed:
            parent = unclosed[-1]
            if not self.text.startswith("<", self.position):
                self._character_data(parent, unclosed)
            elif self.text.startswith("</", self.position):
                self._end_tag(unclosed)
                unclosed.pop()
                scopes.pop()
            elif self.text.startswith("<!", self.position):
                parent.children.append(self._declared())
            elif self.text.startswith("<?", self.position):
                parent.children.append(self._instruction())
            else:
                child = self._start_tag(unclosed)
                parent.children.append(child)
                scope = self._check_prefixes(child, scopes[-1])
                if not child.empty:
                    if len(unclosed) == _DEEPEST:
                        raise NotWellFormed(f"Elements are nested more than {_DEEPEST} levels deep.", child.at)
                    unclosed.append(child)
                    scopes.append(scope)
        return root

    # -- tags

    def _start_tag(self, unclosed: list[Element]) -> Element:
        self.position += 1
        at = self.at(self.position)
        element = Element(self.name(unclosed), at)
        while True:
            spaced = self.skip_space()
            rest = self.text[self.position : self.position + 1]
            if not rest:
                raise self.end_of_file([*unclosed, element])
            if rest in "/>":
                self._close_start_tag(element, rest)
                return element
            if not spaced:
                raise self._unspaced(element, rest)
            self._attribute(element, unclosed)

    def _unspaced(self, element: Element, rest: str) -> NotWellFormed:
        if element.attributes:
            return self.unexpected("Expecting white space.")
        return self.error(f"The '{rest}' character, hexadecimal value 0x{ord(rest):02X}, cannot be included in a name.")

    def _close_start_tag(self, element: Element, rest: str) -> None:
        self.position += 1
        if rest == "/":
            if not self.text.startswith(">", self.position):
                raise self.unexpected("The expected token is '>'.")
            self.position += 1
            element.empty = True

    def _end_tag(self, unclosed: list[Element]) -> None:
        self.position += 2
        element, start = unclosed[-1], self.position
        if start == len(self.text):
            raise self.end_of_file(unclosed)
        name = self.name(unclosed)
        if name != element.tag:
            raise self.error(
                f"The '{element.tag}' start tag on line {element.at.line} position {element.at.column} "
                f"does not match the end tag of '{name}'.",
                start,
            )
        self.skip_space()
        if self.position == len(self.text):
            raise self.end_of_file(unclosed)
        if self.text[self.position] != ">":
            raise self.unexpected("The expected token is '>'.")
        self.position += 1

    def _attribute(self, element: Element, unclosed: list[Element]) -> None:
        start = self.position
        name = self.name(unclosed)
        if name in element.attributes:
            raise self.error(f"'{name}' is a duplicate attribute name.", start)
        self.skip_space()
        if self.position == len(self.text):
            raise self.end_of_file([*unclosed, element])
        if self.text[self.position] != "=":
            raise self.unexpected("The expected token is '='.")
        self.position += 1
        self.skip_space()
        quote = self.text[self.position : self.position + 1]
        if not quote or quote not in "\"'":
            raise self.unexpected("The expected token is '\"' or '''.")
        self.position += 1
        value_at = self.at(self.position)
        element.attributes[name] = Attribute(name, self._attribute_value(quote), self.at(start), value_at)

    def _attribute_value(self, quote: str) -> str:
        pieces = []
        stop = re.compile(rf"[{quote}<&]|@(?=[({{])")
        while True:
            match = stop.search(self.text, self.position)
            if match is None:
                raise self.error("There is an unclosed literal string.", len(self.text))
            pieces.append(re.sub(r"\r\n|[\t\r\n]", " ", self.clean(self.position, match.start())))
            self.position = match.start()
            if match.group() == "<":
                raise self.error("'<', hexadecimal value 0x3C, is an invalid attribute character.")
            if match.group() == quote:
                self.position += 1
                return "".join(pieces)
            pieces.append(self._code() if match.group() == "@" else self.entity())

    def _code(self) -> str:
        """An expression, also behind other text (labs of AI-Gateway deploy `key="A-@(…"x"…)"`), else only its @."""
        island = self.island()
        if island is None:
            self.position += 1
        return "@" if island is None else island

    def _check_prefixes(self, element: Element, known: frozenset[str]) -> frozenset[str]:
        declared = {name.removeprefix("xmlns:") for name in element.attributes if name.startswith("xmlns:")}
        known = known | declared if declared else known
        for name, at in ((element.tag, element.at), *((a.name, a.at) for a in element.attributes.values())):
            prefix, colon, _ = name.partition(":")
            if colon and prefix not in known:
                raise NotWellFormed(f"'{prefix}' is an undeclared prefix.", at)
        return known

    # -- content

    def _character_data(self, parent: Element, unclosed: list[Element]) -> None:
        at = self.at(self.position)
        pieces = []
        leading = self.spaces()
        if starts_island(self.text, self.position + len(leading)):
            self.position += len(leading)
            island = self.island()
            pieces.append(unix(leading) + (island or ""))
        while True:
            match = _CONTENT_STOP.search(self.text, self.position)
            if match is None:
                raise self.end_of_file(unclosed)
            pieces.append(unix(self.clean(self.position, match.start())))
            self.position = match.start()
            if match.group() == "]]>":
                raise self.error("']]>' is not allowed in character data.")
            if match.group() == "<":
                break
            pieces.append(self.entity())
        value = "".join(pieces)
        if value.strip(_SPACE):
            parent.children.append(Text("text", value, at))

    def _declared(self) -> Text:
        if self.text.startswith("<!--", self.position):
            return self._comment()
        if not self.text.startswith("<![CDATA[", self.position):
            self.position += 2
            raise self.unexpected("The expected token is '--' or '[CDATA['.")
        return self._until("<![CDATA[", "]]>", "cdata", "CDATA")

    def _comment(self) -> Text:
        start = self.position + len("<!--")
        dashes = self.text.find("--", start)
        if dashes != self.text.find("-->", start):
            raise self.error("An XML comment cannot contain '--', and '-' cannot be the last character.", dashes)
        return self._until("<!--", "-->", "comment", "Comment")

    def _instruction(self) -> Text:
        if re.match(r"<\?[xX][mM][lL][ \t\r\n?]", self.text[self.position : self.position + 6]):
            raise self.error(
                "Unexpected XML declaration. The XML declaration must be the first node in the document, and no white "
                "space characters are allowed to appear before it.",
                self.position + 2,
            )
        return self._until("<?", "?>", "instruction", "PI")

    def _until(self, opening: str, closing: str, kind: Literal["cdata", "comment", "instruction"], noun: str) -> Text:
        start = self.position + len(opening)
        end = self.text.find(closing, start)
        if end < 0:
            raise self.error(f"Unexpected end of file while parsing {noun} has occurred.", len(self.text))
        text = Text(kind, unix(self.clean(start, end)), self.at(start))
        self.position = end + len(closing)
        return text
