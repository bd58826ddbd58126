"""What is wrong with a policy, and where: in the words of Azure's 400 ValidationError."""

from dataclasses import dataclass

from .document import Element, Position


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that Azure (or the twin) refuses.

    `line` and `column` are the place to look at. The message of a problem in an element repeats, as Azure's does, where
    that element begins, which may be further up. `target` is what Azure names in the detail of its answer: the
    element's tag, or `representation` when the text is no XML.
    """

    line: int
    column: int
    message: str
    target: str = "representation"


def in_element(element: Element, message: str, at: Position | None = None) -> Problem:
    """A problem of an element; `at` is the exact place when it is not the element's own."""
    line, column = element.at.line, element.at.column
    place = at or element.at
    text = f"Error in element '{element.tag}' on line {line}, column {column}: {message}"
    return Problem(place.line, place.column, text, element.tag)
