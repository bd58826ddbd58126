"""What is wrong with a policy, and where: in the words of Azure's 400 ValidationError."""

import re
from dataclasses import dataclass

from .document import Element, Position

_PLACE = re.compile(r"^Error in element '[^']*' on line \d+, column \d+: |(?<=\.) Line \d+, position \d+\.$")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that Azure (or the twin) refuses; or, as a warning, takes although it cannot work.

    `line` and `column` are the place to look at. The message of a problem in an element repeats, as Azure's does, where
    that element begins, which may be further up. `target` is what Azure names in the detail of its answer: the
    element's tag, or `representation` when the text is no XML.
    """

    line: int
    column: int
    message: str
    target: str = "representation"

    @property
    def sentence(self) -> str:
        """The message without the place that Azure writes into it: for whoever shows the place beside it."""
        return _PLACE.sub("", self.message)


def in_element(element: Element, message: str, at: Position | None = None) -> Problem:
    """A problem of an element; `at` is the exact place when it is not the element's own."""
    line, column = element.at.line, element.at.column
    place = at or element.at
    text = f"Error in element '{element.tag}' on line {line}, column {column}: {message}"
    return Problem(place.line, place.column, text, element.tag)


def warning(element: Element, message: str) -> Problem:
    """Something about an element that Azure takes and that cannot work all the same."""
    return Problem(element.at.line, element.at.column, message, element.tag)
