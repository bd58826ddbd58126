"""The policy in force for an operation: the documents of all scopes, compiled into one list of steps a section.

https://learn.microsoft.com/azure/api-management/api-management-howto-policies#scopes
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import elements  # noqa: F401  each file there declares an element
from .compiler import Surroundings, compiled_steps
from .document import Element
from .place import Place
from .row import SECTIONS
from .steps import Steps


@dataclass(frozen=True)
class Program:
    """Steps by section."""

    sections: Mapping[str, Steps]

    def __getitem__(self, section: str) -> Steps:
        return self.sections[section]


NOTHING = Program({section: Steps() for section in SECTIONS})


def compiled_program(
    scopes: Iterable[tuple[str, Element]], named_values: Mapping[str, str], fragments: Mapping[str, Element]
) -> Program:
    """The policies of scopes such as ("api", root), the widest first. A scope without a policy is left out.

    Raises ExpressionError for an expression that does not compile, as one may whose named value has changed.
    """
    program = NOTHING
    for scope, root in scopes:
        around = Surroundings(scope, named_values, fragments, program.sections)
        found = {section.tag: section for section in root.elements()}
        program = Program({name: _section(found.get(name), name, scope, around) for name in SECTIONS})
    return program


def _section(section: Element | None, name: str, scope: str, around: Surroundings) -> Steps:
    """A section that a policy does not have is empty: what it does not name as its base, it does not inherit."""
    if section is None:
        return Steps()
    return compiled_steps(list(section.elements()), None, Place(name, scope, name), around)
