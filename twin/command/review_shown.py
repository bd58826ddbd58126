"""How a review looks on a terminal."""

import json

from rich.table import Table
from rich.text import Text

from ..review.changes import PolicyChange
from ..review.markdown import markdown
from ..review.review import Review
from ..review.stories import failed, seconds
from .screen import Screen

_SHADES = {"+": "green", "-": "red", "@": "cyan"}


def show(screen: Screen, review: Review, form: str) -> None:
    """As `text`, `markdown` or `json`."""
    match form:
        case "json":
            screen.say(json.dumps(review.document(), indent=2, ensure_ascii=False))
        case "markdown":
            screen.say(markdown(review).removesuffix("\n"))
        case _:
            _show(screen, review)


def _show(screen: Screen, review: Review) -> None:
    changes = review.changes
    style = "bold red" if review.too_bad else "bold"
    screen.say(Text.assemble((f"Stack {review.stack}: ", "bold"), (review.verdict, style)))
    screen.say(f"Compared: {review.before} with {review.after}.")
    if changes.affected:
        screen.say("\nWho may be affected")
        for sentence in changes.affected:
            screen.say(f"  {sentence}")
    if changes.facts:
        screen.say("\nWhat changes")
        for what, before, after in changes.lines:
            screen.say(f"  {what}")
            screen.say(Text(f"    - {before}", style="red"))
            screen.say(Text(f"    + {after}", style="green"))
    if changes.beside:
        pools = ", ".join(changes.beside)
        screen.say(f"\nPools of the same members in another order, which the policy turns to, change as well: {pools}.")
    for policy in changes.policies:
        _show_policy(screen, policy)
    if review.stories:
        _show_stories(screen, review)


def _show_policy(screen: Screen, policy: PolicyChange) -> None:
    screen.say(f"\nPolicy of {policy.owner}: {policy.added} lines added, {policy.removed} removed")
    for line in policy.diff:
        screen.say(Text(f"  {line}", style=_SHADES.get(line[:1], "")))


def _show_stories(screen: Screen, review: Review) -> None:
    screen.say("\nFailover, as the twin plays it: calls that fail, and how long 95 of 100 good answers take at most")
    table = Table("", "story", box=None, pad_edge=False)
    for column in ("fail before", "after", "within, before", "after"):
        table.add_column(column, justify="right", no_wrap=True)
    for story in review.stories:
        style = "red" if review.is_too_bad(story) else ""
        mark = " ⚠" if review.is_too_bad(story) else ""
        figures = (failed(story.before), failed(story.after) + mark, seconds(story.before), seconds(story.after))
        table.add_row(story.name, story.title, *figures, style=style)
    screen.out.print(table)
    if review.too_bad:
        screen.say(f"⚠ Of 100 calls, more than {review.worse_than:g} fail that did not fail before.")
