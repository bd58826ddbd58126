"""Whether the elements of a policy are known, stand where they may, and have the attributes that they need.

Azure checks a policy against an XML schema, so the messages are those of .NET's schema validation where it has one
("The element 'set-header' cannot contain text. List of possible elements expected: 'value'.").
"""

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .attributes import attribute_problems
from .catalogue import POLICIES, row_of
from .document import Element
from .problem import Problem, in_element
from .row import SECTIONS, Row

Scope = Literal["global", "workspace", "product", "api", "operation", "fragment"]


@dataclass(frozen=True)
class _Place:
    """Where an element stands: the element around it, that one's row if it is no section, and the section.

    In a fragment the section is not known; it is None there and not checked.
    """

    around: Element
    row: Row | None
    section: str | None
    scope: Scope


def structure_problems(root: Element, scope: Scope) -> Iterator[Problem]:
    """All that is wrong with the tree's structure, in the order of the document."""
    if scope == "fragment":
        yield from _fragment(root)
    elif root.tag != "policies" and not any(True for _ in root.elements()):
        yield in_element(root, "Policy section is not allowed in the specified scope")
    else:
        yield from _sections(root, scope)
    yield from _once(root, "policy")


def _fragment(root: Element) -> Iterator[Problem]:
    if root.tag != "fragment":
        yield in_element(root, f"The root of a policy fragment is 'fragment', not '{root.tag}'.")
        return
    place = _Place(root, None, None, "fragment")
    for child in root.elements():
        yield from _element(child, place)
    yield from _no_text(root, "")


def _sections(root: Element, scope: Scope) -> Iterator[Problem]:
    """The children of the root, which Azure takes for sections whatever the root's name is."""
    seen = set()
    for section in root.elements():
        if section.tag not in SECTIONS or root.tag != "policies":
            yield in_element(section, "Policy section is not allowed in the specified scope")
            continue
        if section.tag in seen:
            yield in_element(section, f"The element 'policies' has invalid child element '{section.tag}'.")
        seen.add(section.tag)
        for name, attribute in section.attributes.items():
            yield in_element(section, f"The '{name}' attribute is not declared.", attribute.at)
        place = _Place(section, None, section.tag, scope)
        for child in section.elements():
            yield from _element(child, place)
        yield from _no_text(section, "")
        yield from _once(section, "section")
    yield from _no_text(root, "inbound, backend, outbound, on-error")


def _element(element: Element, place: _Place) -> Iterator[Problem]:
    row = row_of(element.tag, place.row)
    if row is None:
        yield in_element(element, _invalid_child(element, place))
        return
    yield from _place_problems(element, row, place)
    if row.open:
        return
    yield from attribute_problems(element, row)
    yield from _content(element, row, place)


def _place_problems(element: Element, row: Row, place: _Place) -> Iterator[Problem]:
    if row.tag == "base" and (place.row or place.scope == "fragment"):
        where = "a policy fragment" if place.scope == "fragment" else f"'{place.around.tag}'"
        message = f"Policy scope is not allowed in this section. 'base' stands directly in a section, not in {where}."
        yield in_element(element, message)
    elif place.row is None or place.row.holds_policies:
        yield from _section_and_scope(element, row, place)


def _section_and_scope(element: Element, row: Row, place: _Place) -> Iterator[Problem]:
    sections = row.sections.split()
    if place.section and place.section not in sections:
        allowed = ", ".join(sections) or "a GraphQL resolver only"
        message = f"Policy scope is not allowed in this section. '{row.tag}' may stand in: {allowed}."
        yield in_element(element, message)
    if place.scope != "fragment" and place.scope not in row.scopes.split():
        allowed = ", ".join(row.scopes.split())
        yield in_element(element, f"Policy is not allowed in the specified scope. '{row.tag}' may stand in: {allowed}.")
    if place.scope == "fragment" and row.tag == "include-fragment":
        yield in_element(
            element, "Policy is not allowed in the specified scope. A fragment cannot include another one."
        )


def _content(element: Element, row: Row, place: _Place) -> Iterator[Problem]:
    if row.holds_anything:
        return
    if not row.text:
        yield from _no_text(element, ", ".join(row.children))
    inner = _Place(element, row, place.section, place.scope)
    counts = Counter(child.tag for child in element.elements())
    for child in element.elements():
        rule = row.children.get(child.tag)
        if rule is None and not row.holds_policies:
            yield in_element(child, _invalid_child(child, inner))
            continue
        if rule and rule.once and counts[child.tag] > 1:
            counts[child.tag] = 1  # one complaint is enough
            yield in_element(child, f"The element '{element.tag}' has invalid child element '{child.tag}'.")
        yield from _element(child, inner)
    for rule in row.children.values():
        if rule.required and not counts[rule.tag]:
            expected = f"List of possible elements expected: '{rule.tag}'."
            yield in_element(element, f"The element '{element.tag}' has incomplete content. {expected}")


def _invalid_child(child: Element, place: _Place) -> str:
    """.NET's sentence, with what is expected, or, among too many to list, what may have been meant."""
    message = f"The element '{place.around.tag}' has invalid child element '{child.tag}'."
    if place.row and not place.row.holds_policies:
        if not place.row.children:
            kind = "text only" if place.row.text else "empty"
            return (
                f"The element '{place.around.tag}' cannot contain child element '{child.tag}' "
                f"because the parent element's content model is {kind}."
            )
        return f"{message} List of possible elements expected: '{', '.join(place.row.children)}'."
    known = difflib.get_close_matches(child.tag, POLICIES, n=1)
    return f"{message} Did you mean '{known[0]}'?" if known else message


def _no_text(element: Element, expected: str) -> Iterator[Problem]:
    for text in element.texts():
        if text.value.strip():
            if expected:
                message = f"The element '{element.tag}' cannot contain text. List of possible elements expected: "
                yield in_element(element, f"{message}'{expected}'.", text.at)
            else:
                yield in_element(element, f"The element '{element.tag}' cannot contain text.", text.at)
            return


def _once(container: Element, unit: str) -> Iterator[Problem]:
    """Policies that may stand only once in a section, or in the whole policy."""
    seen = set()
    for element in container.walk():
        row = POLICIES.get(element.tag)
        if row and row.once == unit:
            if element.tag in seen:
                yield in_element(element, f"The policy '{element.tag}' can be used only once in a {_UNITS[unit]}.")
            seen.add(element.tag)


_UNITS = {"section": "policy section", "policy": "policy definition"}
