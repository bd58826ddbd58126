"""C# source to a syntax tree, through tree-sitter's grammar; and the places where that grammar needs help.

* tree-sitter-c-sharp gives `?.` a lower precedence than `==`, so `a == b?.c` comes out as `(a == b)?.c`. The question
  mark is blanked out and remembered, and the text is parsed again: then the dots bind as they should.
* `(a) - b` comes out as a cast. Where the name in brackets is no type the brackets are blanked out likewise.
* `a is null || b` comes out as `a is (null || b)`. It is written as `a == null || b`, which is the same.
* `a is JObject && b` comes out as `a is (JObject && b)`. It is written as `a as JObject && b`, and remembered.
* `$"{{{x}}}"` comes out as text without a hole. The doubled braces are written as \1, which text has not.
* `(string)a.B<C>(d)[e]` may come out as two comparisons. The cast is written as `~`, which binds like one, and then the
  angle brackets are understood.

Blanking keeps every position, so errors point to the policy's own text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser, Tree

from .errors import NotCompiled

_PARSER = Parser(Language(tree_sitter_c_sharp.language()))
_CONDITIONAL, _CAST, _BINARY = "conditional_access_expression", "cast_expression", "binary_expression"
_TEXT, _IS = "string_content", "is_pattern_expression"
_DOUBTFUL = frozenset({_CONDITIONAL, _CAST, _BINARY, _TEXT, _IS})
_BRACES = re.compile(rb"(?:\{\{)+(?=\{(?!\{))")
BRACE = "\1\1"  # an opening brace of an interpolated string, as `_mask_braces` writes it
_MAYBE_CAST = ("prefix_unary_expression", "parenthesized_expression")


@dataclass
class Syntax:
    """The body of an expression: an expression's node for `@(…)`, a block's for `@{…}`.

    `conditional` holds the bytes at which a blanked `?` of `?.` or `?[` stood, `casts` the type's node for each `~`
    that stands for a cast, `type_tests` the bytes of each `as` that stands for `is`; `text` is what was written.
    """

    body: Node
    text: bytes
    shift: int
    conditional: set[int] = field(default_factory=set)
    casts: dict[int, Node] = field(default_factory=dict)
    type_tests: set[int] = field(default_factory=set)

    def offset(self, node: Node) -> int:
        """Where a node begins, in characters of the expression's source."""
        return self.characters(node.start_byte)

    def characters(self, byte: int) -> int:
        return max(0, len(self.text[:byte].decode("utf-8", "replace")) - self.shift)


def parse(source: str, is_type: Callable[[str], bool]) -> Syntax:
    """The syntax of `@(…)` or `@{…}`. Raises NotCompiled where C# would not understand it."""
    inner = source[2:-1]
    is_block = source[1] == "{"
    before = "object _() {" if is_block else "object _() { return ("
    text = (before + inner + ("\n}" if is_block else "\n); }")).encode("utf-8", "surrogatepass")
    shift = len(before) - 2
    if not inner.strip():
        raise NotCompiled("Expression expected" if not is_block else "not all code paths return a value", 0)
    syntax = Syntax(_PARSER.parse(b"").root_node, text, shift)
    tree = _parse(text, is_type, syntax)
    _refuse_errors(tree.root_node, syntax)
    syntax.body = _body(tree.root_node, syntax, is_block=is_block)
    return syntax


def _parse(text: bytes, is_type: Callable[[str], bool], syntax: Syntax) -> Tree:
    """Parses, mends what the grammar got wrong, and parses again until nothing is left to mend."""
    written = bytearray(text)
    tree = _PARSER.parse(text)
    for _ in range(20):
        found = _doubtful(tree.root_node)
        marks = {mark for node in found if node.type == _CONDITIONAL for mark in _question_marks(node)}
        blanks = marks | {mark for node in found if node.type == _CAST for mark in _no_cast(node, is_type)}
        for mark in blanks:
            written[mark : mark + 1] = b" "
        syntax.conditional |= marks
        mended = bool(blanks) | _mask_braces(found, written) | _mask_tests(found, written, syntax, is_type)
        if not mended and not (any(map(_is_false_comparison, found)) and _mask_casts(found, written, syntax)):
            break
        tree = _PARSER.parse(bytes(written))
    return tree


def _mask_braces(found: list[Node], written: bytearray) -> bool:
    """Writes the doubled braces before a hole as what they are, text; whether there were some."""
    runs = [
        range(node.start_byte + match.start(), node.start_byte + match.end())
        for node in found
        if node.type == _TEXT
        for match in _BRACES.finditer(node.text or b"")
    ]
    for run in runs:
        written[run.start : run.stop] = b"\1" * len(run)
    return bool(runs)


def _mask_tests(found: list[Node], written: bytearray, syntax: Syntax, is_type: Callable[[str], bool]) -> bool:
    """Writes `is null` as `== null`, and `is` before a type as `as`, where the grammar took what follows into the
    pattern; whether there was one."""
    masked = False
    for node in (one for one in found if one.type == _IS):
        at = next(child for child in node.children if child.type == "is").start_byte
        if _begins_with_null(node.children[-1]):
            written[at : at + 2] = b"=="
        elif _begins_with_type(node.children[-1], is_type):
            written[at : at + 2] = b"as"
            syntax.type_tests.add(at)
        else:
            continue
        masked = True
    return masked


def _begins_with_type(pattern: Node, is_type: Callable[[str], bool]) -> bool:
    """Whether a pattern is an expression of several operands whose first is a type's name."""
    node = pattern.named_children[0] if pattern.type == "constant_pattern" else pattern
    if node.type != _BINARY:
        return False
    while node.type == _BINARY and (left := node.child_by_field_name("left")) is not None:
        node = left
    name = node.named_children[0] if node.type == "generic_name" else node
    return is_type((name.text or b"").decode("utf-8", "replace"))


def _begins_with_null(pattern: Node) -> bool:
    """Whether a pattern is an expression whose first operand is null."""
    if pattern.type != "constant_pattern" or pattern.named_children[0].type == "null_literal":
        return False
    node = pattern
    while node.named_children:
        node = node.named_children[0]
    return node.type == "null_literal"


def _doubtful(root: Node) -> list[Node]:
    """The nodes that may not be what the grammar takes them for."""
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if node.type in _DOUBTFUL:
            found.append(node)
        waiting.extend(node.named_children)
    return found


def _is_false_comparison(node: Node) -> bool:
    """Whether this is an `a < b > c`, which can only be a generic name that was not understood."""
    return _operator(node) == ">" and _operator(node.child_by_field_name("left")) == "<"


def _operator(node: Node | None) -> str:
    child = node.child_by_field_name("operator") if node is not None and node.type == _BINARY else None
    return child.type if child is not None else ""


def _mask_casts(found: list[Node], written: bytearray, syntax: Syntax) -> bool:
    """Writes `~` for every cast; whether there was one."""
    casts = [node for node in found if node.type == _CAST]
    for node in casts:
        type, value = node.child_by_field_name("type"), node.child_by_field_name("value")
        if type is not None and value is not None:
            start, closing = node.start_byte, next(c for c in node.children if c.type == ")").end_byte
            written[start:closing] = b"~".ljust(closing - start)
            syntax.casts[start] = type
    return bool(casts)


def _question_marks(node: Node) -> list[int]:
    return [child.start_byte for child in node.children if child.type == "?"]


def _no_cast(node: Node, is_type: Callable[[str], bool]) -> list[int]:
    """The brackets of a `(name) - x` that is no cast because no type is written like that."""
    type, value = node.child_by_field_name("type"), node.child_by_field_name("value")
    if type is None or value is None or value.type not in _MAYBE_CAST:
        return []
    rank = type.child_by_field_name("rank")
    is_element = rank is not None and bool(rank.named_children)  # `(a[0]) - x`
    is_name = type.type in ("identifier", "qualified_name") and not is_type(type.text.decode() if type.text else "")
    if not (is_element or is_name):
        return []
    return [child.start_byte for child in node.children if child.type in ("(", ")")]


def _refuse_errors(root: Node, syntax: Syntax) -> None:
    if not root.has_error:
        return
    for node in _in_order(root):
        if node.is_missing:
            open_literal = node.type in ("'", '"')
            raise NotCompiled("Newline in constant" if open_literal else f"{node.type} expected", syntax.offset(node))
        if node.type == "identifier" and node.start_byte == node.end_byte:
            raise _no_term(node.start_byte, syntax)
        if node.type == "ERROR":
            _refuse_broken_literal(node, syntax)
            start = max(node.start_byte, syntax.shift)
            shown = syntax.text[start : node.end_byte].decode("utf-8", "replace").strip().split("\n")[0][:40]
            raise NotCompiled(f"Syntax error near '{shown}'" if shown else "Syntax error", syntax.characters(start))
    raise NotCompiled("Syntax error", 0)


def _no_term(at: int, syntax: Syntax) -> NotCompiled:
    """Something is missing where an operand should stand: what stands there instead."""
    rest = syntax.text[at:]
    blanks = len(rest) - len(rest.lstrip())
    return NotCompiled(f"Invalid expression term '{chr(rest[blanks])}'", syntax.characters(at + blanks))


def _refuse_broken_literal(node: Node, syntax: Syntax) -> None:
    """Says what is wrong with the character or string in which the grammar stumbled."""
    literal, text = node.parent, (node.text or b"")
    if b"\\" in text and (text[:1] == b"'" or (literal is not None and literal.type == "string_literal")):
        raise NotCompiled("Unrecognized escape sequence", syntax.offset(node))
    empty = text.find(b"''")
    if empty >= 0:
        raise NotCompiled("Empty character literal", syntax.characters(node.start_byte + empty))
    if literal is not None and literal.type == "character_literal":
        raise NotCompiled("Too many characters in character literal", syntax.offset(literal))


def _in_order(root: Node) -> list[Node]:
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(node.children))
    return found


def _body(root: Node, syntax: Syntax, *, is_block: bool) -> Node:
    """The node within the function around it; more than one function means an unbalanced bracket."""
    statements = root.named_children
    function = statements[0].named_children[0] if statements and statements[0].named_children else None
    block = function.child_by_field_name("body") if function else None
    if len(statements) != 1 or block is None:
        raise NotCompiled("Syntax error", syntax.offset(statements[1]) if len(statements) > 1 else 0)
    if is_block:
        return block
    inner = [child for child in block.named_children if child.type != "comment"]
    if len(inner) != 1 or inner[0].type != "return_statement":
        raise NotCompiled("Syntax error", syntax.offset(inner[1]) if len(inner) > 1 else 0)
    bracketed = inner[0].named_children[0]
    if bracketed.type != "parenthesized_expression":
        raise NotCompiled("Syntax error", syntax.offset(bracketed))
    return next(child for child in bracketed.named_children if child.type != "comment")
