"""Where an element of a policy stands, in the words of context.LastError."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """`path` counts elements of one tag from 1, as in "choose[3]/when[2]"; `id` is the element's own."""

    tag: str
    scope: str = ""
    section: str = ""
    path: str = ""
    id: str = ""
    line: int = 0
    column: int = 0


NOWHERE = Place("")
