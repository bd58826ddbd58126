"""What the endpoint works on: everything that exists, the writes under way, and where ids come from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from .faults import Delays
from .messages import Call
from .outputs import Circumstances
from .store import Store


@dataclass
class State:
    """`busy` holds, by the id of an API or account in lower case, until when a write keeps it busy."""

    store: Store
    new_id: Callable[[], UUID]
    delays: Delays = field(default_factory=Delays)
    busy: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """One call at its moment. Its answer leaves `hold` seconds later; `failure` is how its operation is to fail."""

    call: Call
    now: datetime
    hold: float = 0.0
    failure: dict[str, Any] | None = None

    @property
    def seconds(self) -> float:
        return self.now.timestamp()

    def done(self, hold: float) -> float:
        """When the work is done whose answer leaves after `hold` seconds.

        A little before that, so that no rounding of clocks makes the caller's next call come too early.
        """
        return self.seconds + 0.9 * hold

    def circumstances(self, state: State) -> Circumstances:
        return Circumstances(self.now, state.new_id)
