"""What Azure takes and the twin does not run yet: refused when a policy is PUT on the twin, never skipped."""

from collections.abc import Iterator

from . import elements  # noqa: F401  each file there declares an element
from .catalogue import row_of
from .compiler import ELEMENTS
from .document import Element, Format, NotWellFormed
from .problem import Problem, in_element
from .reader import parse
from .row import Row

# Of elements that the twin runs: attributes, or values of theirs, that it does not know. Names may be beginnings.
ATTRIBUTES = {
    "set-backend-service": ("sf-", "dapr-"),
    "set-body": ("template", "xsi-nil", "parse-date"),
    **dict.fromkeys(("quota", "quota-by-key", "api", "operation"), ("bandwidth",)),
}
_VALUES = {("set-body", "template"): ("none",)}


def unsupported(text: str, format: Format) -> list[Problem]:
    """Every element and attribute of a policy or fragment that the twin does not run, by line and column."""
    try:
        root = parse(text, format).root
    except NotWellFormed:
        return []
    sections = [root] if root.tag == "fragment" else list(root.elements())
    return sorted(problem for section in sections for problem in _below(section, None))


def supported_elements() -> tuple[str, ...]:
    """The policies that the twin runs, by tag."""
    return tuple(sorted({"base", *ELEMENTS}))


def _below(parent: Element, row: Row | None) -> Iterator[Problem]:
    for element in parent.elements():
        found = row_of(element.tag, row)
        if found is None:
            continue  # no element of Azure's: the check of the structure tells
        if found.is_policy and found.tag not in ELEMENTS and found.tag != "base":
            yield in_element(element, f"'{element.tag}' is not supported by the twin yet.")
            continue
        yield from _attributes(element)
        yield from _below(element, found)


def _attributes(element: Element) -> Iterator[Problem]:
    for name, attribute in element.attributes.items():
        known = attribute.value.lower() in _VALUES.get((element.tag, name), ())
        if name.startswith(ATTRIBUTES.get(element.tag, ())) and not known:
            message = f"The attribute '{name}' is not supported by the twin yet."
            yield in_element(element, message, attribute.at)
