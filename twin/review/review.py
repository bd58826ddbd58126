"""One review: what changes, the stories before and after, and the verdict."""

from dataclasses import asdict, dataclass
from typing import Any

from .changes import Changes
from .stories import Figures, Story

NOTICEABLE = 1.0
"""Percentage points that say nothing: a change that only swaps two equal members makes up to one when each story is
played twice, as other calls then meet a throttled account."""
_NONE = "no pool, or no API to call it through."


@dataclass(frozen=True)
class Review:
    """`before` and `after` say what was compared; `worse_than` is how many percentage points of failing calls more are
    too many."""

    stack: str
    before: str
    after: str
    changes: Changes
    stories: tuple[Story, ...]
    worse_than: float

    @property
    def too_bad(self) -> bool:
        return any(self.is_too_bad(story) for story in self.stories)

    def is_too_bad(self, story: Story) -> bool:
        return story.worse > max(NOTICEABLE, self.worse_than)

    @property
    def verdict(self) -> str:
        """One sentence, the first that a reader sees."""
        if not self.changes:
            return "Nothing changes."
        if not self.stories:
            return "No story was told of failover."
        told = max(self.stories, key=lambda story: story.worse if self.too_bad else abs(story.worse))
        if told.after is None:
            return f"There is no failover{' any more' if told.before else ', as before'}: the deployment has {_NONE}"
        if told.before is None:
            return f"There is failover now; before, the deployment had {_NONE}"
        if abs(told.worse) <= NOTICEABLE:
            return "Failover stays as good as it was."
        before, after = (f"{100 * one.failed:.1f} %" for one in (told.before, told.after))
        verdict = f"Failover gets {'worse' if told.worse > 0 else 'better'}"
        return f'{verdict}: in the story "{told.title}" {after} of the calls fail, and {before} did before.'

    def document(self) -> dict[str, Any]:
        """As JSON; scripts may rely on it (docs/reviewing.md). Figures are parts of one and seconds."""
        return {
            "stack": self.stack,
            "before": self.before,
            "after": self.after,
            "verdict": self.verdict,
            "tooBad": self.too_bad,
            "affected": list(self.changes.affected),
            "changes": [
                {"thing": one.name.thing, "side": one.name.side, "before": one.before, "after": one.after}
                for one in self.changes.facts
            ],
            "beside": list(self.changes.beside),
            "policies": [{"of": one.owner, "diff": list(one.diff)} for one in self.changes.policies],
            "stories": [
                {"name": one.name, "title": one.title, "before": _figures(one.before), "after": _figures(one.after)}
                for one in self.stories
            ],
        }


def _figures(figures: Figures | None) -> dict[str, float] | None:
    return None if figures is None else {name: round(value, 4) for name, value in asdict(figures).items()}
