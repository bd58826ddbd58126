"""https://learn.microsoft.com/azure/api-management/include-fragment-policy"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Self

from ..compiler import Source, element
from ..exchange import Exchange
from ..fault import PolicyFault
from ..steps import Steps


@element("include-fragment")
@dataclass(frozen=True)
class IncludeFragment:
    """The policies of a fragment, as if they stood here. Azure lets no fragment go that a policy names."""

    name: str
    steps: Steps | None

    @classmethod
    def compiled(cls, source: Source) -> Self:
        name = source.literal("fragment-id")
        fragment = source.around.fragments.get(name.lower())
        return cls(name, None if fragment is None else source.inline(fragment))

    def run(self, exchange: Exchange) -> Awaitable[None]:
        if self.steps is None:
            raise PolicyFault("FragmentNotFound", f"Policy fragment with id '{self.name}' could not be found.")
        return self.steps.run(exchange)
