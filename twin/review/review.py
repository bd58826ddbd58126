"""One review: what changes, the stories before and after, and the verdict."""

from dataclasses import asdict, dataclass
from typing import Any

from .changes import Changes
from .stories import Figures, Story

# Percentage points that the noise of a few seeds can make.
NOTICEABLE = 0.1


@dataclass(frozen=True)
class Review:
    """`before` and `after` say what was compared; `worse_than` is how many percentage points of failed calls are too
    many."""

    stack: str
    before: str
    after: str
    changes: Changes
    stories: tuple[Story, ...]
    worse_than: float

    @property
    def worst(self) -> Story | None:
        """The story that gets worse by the most, if one does."""
        found = max(self.stories, key=lambda story: story.worse, default=None)
        return found if found is not None and found.worse > NOTICEABLE else None

    @property
    def too_bad(self) -> bool:
        return self.worst is not None and self.worst.worse > self.worse_than

    @property
    def verdict(self) -> str:
        """One sentence, the first that a reader sees."""
        if not self.changes:
            return "Nothing changes."
        if self.worst is None:
            better = min(self.stories, key=lambda story: story.worse, default=None)
            if better is not None and better.worse < -NOTICEABLE:
                return f"Failover gets better: {_told(better)}"
            return "Failover stays as good as it was."
        if self.worst.after is None:
            return "There is no failover any more: the deployment has no pool."
        return f"Failover gets worse: {_told(self.worst)}"

    def document(self) -> dict[str, Any]:
        """As JSON; scripts may rely on it. Figures are parts of one and seconds."""
        return {
            "stack": self.stack,
            "before": self.before,
            "after": self.after,
            "verdict": self.verdict,
            "tooBad": self.too_bad,
            "changes": [
                {"thing": one.name.thing, "side": one.name.side, "before": one.before, "after": one.after}
                for one in self.changes.facts
            ],
            "policies": [{"of": one.owner, "diff": list(one.diff)} for one in self.changes.policies],
            "affected": list(self.changes.affected),
            "stories": [
                {"name": one.name, "title": one.title, "before": _figures(one.before), "after": _figures(one.after)}
                for one in self.stories
            ],
        }


def _told(story: Story) -> str:
    before, after = (f"{100 * one.failed:.1f} %" if one else "" for one in (story.before, story.after))
    return f'in the story "{story.title}" {after} of the calls fail, and {before} did before.'


def _figures(figures: Figures | None) -> dict[str, float] | None:
    return None if figures is None else {name: round(value, 4) for name, value in asdict(figures).items()}
