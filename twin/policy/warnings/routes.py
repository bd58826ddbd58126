"""Where a policy sends calls, as far as its text says: its retries, and the backends that each attempt may go to."""

from collections.abc import Iterator

from ..document import Element
from ..islands import expression_source

Place = tuple[str, str]
"""The attribute that names a backend (`backend-id` or `base-url`), and its value."""


def retries(root: Element) -> Iterator[Element]:
    """The retries that send the call again, and not only a request of the policy's own."""
    return (one for one in root.walk() if one.tag == "retry" and any(forwards(one)))


def forwards(element: Element) -> Iterator[Element]:
    return (one for one in element.walk() if one.tag == "forward-request")


def chosen_in(element: Element) -> list[Place]:
    """The backends that are chosen within an element: in a retry, anew for each attempt."""
    return [
        (name, value)
        for one in element.walk()
        if one.tag == "set-backend-service"
        for name in ("backend-id", "base-url")
        if (value := one.get(name)) is not None
    ]


def is_literal(value: str) -> bool:
    """Whether a value is known from the text: neither an expression nor made of a named value."""
    return expression_source(value) is None and "{{" not in value


def whole(element: Element, name: str, default: int = 0) -> int | None:
    """A whole number among the attributes; None where only the call or a named value tells it."""
    value = element.get(name)
    if value is None:
        return default
    return int(value) if value.strip().isdecimal() else None
