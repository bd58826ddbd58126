"""review: what a change does to a deployment, for whoever has to say yes to it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table
from rich.text import Text

from ..engine.errors import CommandError
from ..review.changes import PolicyChange, compared
from ..review.facts import deployment_of
from ..review.markdown import markdown
from ..review.review import Review
from ..review.stories import failed, seconds, told_twice
from ..simulation.scenario import Scenario, scenarios
from .reviewed import WORKING_TREE, Reviewed, described, merge_base, store_at
from .screen import Screen
from .session import DEFAULT_STACK, project_here

_SHADES = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True)
class Asked:
    """What a person wants reviewed, and how they want it told. `base` "": where the branch left the default one."""

    base: str = ""
    head: str = WORKING_TREE
    stacks: Sequence[str] = (DEFAULT_STACK,)
    form: str = "text"
    worse_than: float = 1.0
    seeds: int = 2
    stories: Sequence[str] = field(default_factory=tuple)
    estate: Path | None = None


def review(screen: Screen, asked: Asked) -> bool:
    """Tell what changes between two states of the project. Returns whether no failover gets worse than allowed."""
    stories = _stories(asked.stories)
    reviews = [_reviewed(screen, asked, stack, stories) for stack in asked.stacks]
    match asked.form:
        case "json":
            screen.say(json.dumps([one.document() for one in reviews], indent=2))
        case "markdown":
            for one in reviews:
                screen.say(markdown(one))
        case _:
            for one in reviews:
                _show(screen, one)
    return not any(one.too_bad for one in reviews)


def _reviewed(screen: Screen, asked: Asked, stack: str, stories: Sequence[Scenario]) -> Review:
    project = project_here()
    reviewed = Reviewed(project, stack, asked.estate.absolute() if asked.estate else None)
    base = asked.base or merge_base(project)
    with screen.working(f"Stack {stack}") as work:
        work.note_unless_moving(f"Stack {stack}: deploying {base} and {asked.head} on twins of their own")
        work.say(f"deploying {base}")
        before = store_at(base, reviewed)
        work.say(f"deploying {asked.head}")
        after = store_at(asked.head, reviewed)
        changes = compared(deployment_of(before), deployment_of(after))
        told = told_twice(stories, before, after, asked.seeds, work.say) if changes else []
    names = described(base, project), described(asked.head, project)
    return Review(stack, *names, changes, tuple(told), asked.worse_than)


def _stories(names: Sequence[str]) -> list[Scenario]:
    known = {one.name.lower(): one for one in scenarios()}
    missing = [name for name in names if name.lower() not in known]
    if missing:
        listed = [f"{one.name}  {one.title}" for one in known.values()]
        raise CommandError(f"There is no story {', '.join(missing)}. There are:", *listed)
    return [known[name.lower()] for name in names] or list(known.values())


def _show(screen: Screen, one: Review) -> None:
    style = "bold red" if one.too_bad else "bold"
    screen.say(Text.assemble((f"Stack {one.stack}: ", "bold"), (one.verdict, style)))
    screen.say(f"Compared: {one.before} with {one.after}.")
    if one.changes.affected:
        screen.say("\nWho may be affected")
        for sentence in one.changes.affected:
            screen.say(f"  {sentence}")
    if one.changes.facts:
        screen.say("\nWhat changes")
        for change in one.changes.facts:
            screen.say(f"  {change.name.thing}, {change.name.side}")
            screen.say(Text(f"    - {change.before or 'was not there'}", style="red"))
            screen.say(Text(f"    + {change.after or 'is gone'}", style="green"))
    if one.changes.beside:
        screen.say("  The pools beside it, which the policy turns to, change with it.")
    for policy in one.changes.policies:
        _show_policy(screen, policy)
    if one.stories:
        _show_stories(screen, one)
    screen.say()


def _show_policy(screen: Screen, policy: PolicyChange) -> None:
    screen.say(f"\nThe policy of {policy.owner}: {policy.added} lines added, {policy.removed} removed")
    for line in policy.diff:
        screen.say(Text(f"  {line}", style=_SHADES.get(line[:1], "")))


def _show_stories(screen: Screen, one: Review) -> None:
    table = Table("", "story", box=None, pad_edge=False, title="\nFailover, as the twin plays it", title_justify="left")
    for column in ("fail before", "after", "95 % within", "after"):
        table.add_column(column, justify="right")
    for story in one.stories:
        style = "red" if story.worse > one.worse_than else ""
        figures = (failed(story.before), failed(story.after), seconds(story.before), seconds(story.after))
        table.add_row(story.name, story.title, *figures, style=style)
    screen.out.print(table)
