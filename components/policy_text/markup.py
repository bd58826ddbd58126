"""How values become XML and C#.

Policy text is made of three kinds of text. `Markup` is XML that this project wrote; `Code` is C# that it wrote; every
other text may come from a user and is written so that it reads as itself: in XML through `element`, inside C# through
`csharp_string`. What Azure would read as something else all the same is refused with ValueError.
"""

import re
import textwrap
from string import Template

INDENT = "    "

# Characters that an XML 1.0 document cannot hold, not even escaped: https://www.w3.org/TR/xml/#charsets
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Azure replaces {{name}} by a named value wherever it stands, and reads @(…) and @{…} as C#; neither can be escaped.
# https://learn.microsoft.com/azure/api-management/api-management-howto-properties
READ_OTHERWISE = re.compile(r"\{\{|@\(|@\{")

PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _-.,:;/()=?!")


class Markup(str):
    """XML."""


class Code(str):
    """C#: an expression."""

    def island(self) -> str:
        """As it stands in a policy."""
        return f"@({self})"


class Block(Code):
    """C#: statements, of which the last returns a value."""

    def island(self) -> str:
        return "@{\n" + textwrap.indent(self, INDENT) + "\n}"


def element(tag: str, *content: str, inline: bool = False, **attributes: str | int | None) -> Markup:
    """`<tag name="value">content</tag>`; underscores in attribute names are hyphens, attributes that are None are left
    out. Elements in it stand in lines of their own unless `inline`."""
    given = ((name.replace("_", "-"), value) for name, value in attributes.items() if value is not None)
    start = tag + "".join(f" {name}={attribute(value)}" for name, value in given)
    if not content:
        return Markup(f"<{start} />")
    if isinstance(content[0], Markup) and not inline:
        lines = textwrap.indent("\n".join(content), INDENT)
        return Markup(f"<{start}>\n{lines}\n</{tag}>")
    return Markup(f"<{start}>{''.join(part if isinstance(part, Markup) else escape(part) for part in content)}</{tag}>")


def comment(text: str) -> Markup:
    """A remark of ours; XML allows no double hyphen in it."""
    if "--" in text:
        raise ValueError(f"{text!r} cannot stand in an XML comment.")
    return Markup(f"<!-- {text} -->")


def attribute(value: str | int) -> str:
    """The value in quotes: single ones around C#, which is full of double ones."""
    if isinstance(value, Code):
        return "'" + escape(value).replace("'", "&apos;") + "'"
    text = escape(str(value)).replace('"', "&quot;")
    return '"' + re.sub("[\t\n\r]", lambda blank: f"&#{ord(blank[0])};", text) + '"'


def escape(value: str) -> str:
    """The value as text between tags. `>` stays, so that C# remains readable, except in `]]>`."""
    if isinstance(value, Code):
        text = value.island()
    elif bad := READ_OTHERWISE.search(value):
        raise ValueError(f"{value!r} has {bad[0]!r} in it, which Azure would read as an expression or a named value.")
    else:
        text = value
    if bad := NOT_XML.search(text):
        raise ValueError(f"{value!r} has the character U+{ord(bad[0]):04X}, which a policy cannot hold.")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;").replace("\r", "&#13;")


def csharp_string(value: str) -> str:
    """The value as a C# string literal. All but the plainest characters are written as UTF-16 escapes, so that the
    literal holds no quote, no backslash of the value's and no named value."""
    units = value.encode("utf-16-be", "surrogatepass")
    characters = (chr(int.from_bytes(units[at : at + 2])) for at in range(0, len(units), 2))
    return '"' + "".join(unit if unit in PLAIN else f"\\u{ord(unit):04x}" for unit in characters) + '"'


def block(template: str, **values: str | int) -> Block:
    """Statements from a template, in which `$name` stands for more C#. Lines that come out empty are left out."""
    lines = Template(textwrap.dedent(template)).substitute(values).splitlines()
    return Block("\n".join(line for line in lines if line))
