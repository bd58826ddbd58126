"""The expressions of a policy: where they stand, what each must yield, and whether it compiles.

Azure compiles expressions when a policy is PUT and names the policy around them ("Error in element 'choose' on line 15,
column 4: …"); the exact place is in the problem's own line and column.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .catalogue import row_of
from .cursor import Cursor
from .document import Element, Position
from .expressions import Compiled, ExpressionError, compile_expression
from .islands import ENTITY, expression_source
from .problem import Problem, in_element
from .references import named_values
from .row import Row

# What an expression may yield where a text is wanted: nothing that has no obvious text.
_NO_TEXT = ("JToken", "JObject", "JArray", "JProperty", "JValue", "JContainer", "List<", "Dictionary<", "IEnumerable<")
_KINDS: dict[str, type] = {"bool": bool, "int": int, "number": float}


@dataclass(frozen=True)
class Slot:
    """One expression: the element that holds it, the policy that Azure would name, and the kind of value it is for.

    `name` is the attribute's, None for an expression that is the element's text.
    """

    element: Element
    policy: Element
    name: str | None
    source: str
    at: Position
    kind: str


def slots(root: Element) -> Iterator[Slot]:
    """All expressions below an element, in the order of the document."""
    for section in root.elements():
        within = section.elements() if root.tag == "policies" else (section,)
        for element in within:
            yield from _slots(element, None, element)


def _slots(element: Element, parent: Row | None, policy: Element) -> Iterator[Slot]:
    row = row_of(element.tag, parent)
    policy = element if row is None or row.is_policy else policy
    for attribute in element.attributes.values():
        source = expression_source(attribute.value)
        rule = row.attributes.get(attribute.name) if row else None
        if source and (rule is None or rule.expressions):
            yield Slot(element, policy, attribute.name, source, attribute.value_at, rule.kind if rule else "any")
    text = element.text()
    source = expression_source(text)
    if source:
        start = next(element.texts())
        kind = "any" if row is None or row.open else "text"
        yield Slot(element, policy, None, source, start.at, kind)
    for child in element.elements():
        yield from _slots(child, row, policy)


def compiled(slot: Slot) -> Compiled:
    """The expression of a slot, compiled for what the slot wants. Raises ExpressionError."""
    line, column = slot.at.line, slot.at.column
    found = compile_expression(slot.source, line, column, expects=_KINDS.get(slot.kind))
    refused = (slot.kind == "long" and found.type != "long") or (
        slot.kind in ("text", "choice") and found.type.startswith(_NO_TEXT)
    )
    if refused:
        message = f"Expression return type '{found.full_type}' is not allowed."
        raise ExpressionError(message, line, column, 0)
    return found


def expression_problems(text: str, root: Element) -> Iterator[Problem]:
    """Every expression that does not compile, or yields what its place cannot take.

    With a named value in its code an expression is known only when that is filled in; it is not judged before.
    """
    for slot in slots(root):
        try:
            compiled(slot)
        except ExpressionError as error:
            if not named_values(slot.source):
                yield in_element(slot.policy, error.message, _place(text, slot, error.offset))


def _place(text: str, slot: Slot, offset: int) -> Position:
    """Where a character of the decoded source stands in the policy's text, in which entities are longer."""
    cursor = Cursor(text, tolerant=True)
    index = cursor.line_starts[slot.at.line - 1] + slot.at.column - 1
    while index < len(cursor.text) and cursor.text[index] in " \t\r\n":
        index += 1
    for _ in range(offset):
        match = ENTITY.match(cursor.text, index)
        index = match.end() if match else index + (2 if cursor.text.startswith("\r\n", index) else 1)
    return cursor.at(min(index, len(cursor.text)))
