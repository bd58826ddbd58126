"""review: what a change does to a deployment, for whoever has to say yes to it."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

from ..azure.estate import REFERENCE, BadEstate, load_estate
from ..azure.store import Store
from ..engine.errors import CommandError
from ..review.changes import compared
from ..review.facts import deployment_of
from ..review.review import Review
from ..review.stories import Story, told_twice
from ..simulation.scenario import Scenario, scenarios
from .review_shown import show
from .reviewed import WORKING_TREE, Reviewed, described, is_export, merge_base, stores_at
from .screen import Screen, Work
from .session import DEFAULT_STACK, cli_for, project_here, writable_folders
from .trial import deploying

Stores = Callable[[Sequence[str], Reviewed], Sequence[Store]]


@dataclass(frozen=True)
class Asked:
    """What a person wants reviewed, and how they want it told. `base` "": where the branch left the default one."""

    base: str = ""
    head: str = WORKING_TREE
    stack: str = DEFAULT_STACK
    form: str = "text"
    worse_than: float = 2.0
    seeds: int = 2
    stories: Sequence[str] = field(default_factory=tuple)
    estate: Path | None = None


def review(screen: Screen, asked: Asked, stores: Stores | None = None) -> bool:
    """Tell what changes between two states of the project. Returns whether failover gets worse by no more than allowed.

    `stores` stands in for the deployments.
    """
    stories, project = _stories(asked.stories), project_here()
    reviewed = Reviewed(project, asked.stack, (asked.estate or REFERENCE).absolute())
    given = _given(reviewed.estate)
    sides = asked.base or merge_base(project), asked.head
    names = [described(side, project) for side in sides]
    if stores is None and not all(map(is_export, sides)):
        cli_for(screen, writable_folders())  # every deployment needs it, and it may have to be built
    with screen.working(f"Stack {asked.stack}") as work:
        work.note_unless_moving(f"Stack {asked.stack}: comparing {names[0]} with {names[1]}")
        work.say("deploying both sides, each on a twin of its own")
        before, after = (stores or partial(stores_at, deploying=deploying))(sides, reviewed)
        changes = compared(deployment_of(before, given), deployment_of(after, given))
        told = _told(work, stories, before, after, asked.seeds) if changes else ()
    one = Review(asked.stack, names[0], names[1], changes, tuple(told), asked.worse_than)
    show(screen, one, asked.form)
    return not one.too_bad


def _given(estate: Path) -> set[str]:
    """The ids of what is in Azure before any program runs."""
    try:
        return {one.id.lower() for one in load_estate(estate, now=datetime.now(UTC), new_id=uuid4).all()}
    except BadEstate as bad:
        raise CommandError(f"The estate in {estate} cannot be used:", *bad.problems) from bad


def _told(work: Work, stories: Sequence[Scenario], before: Store, after: Store, seeds: int) -> list[Story]:
    """All stories, as many at a time as there are processors."""
    found: list[Story] = []
    work.rename(f"{work.title}: playing the failover stories on both")
    with _processes() as each:
        for story in told_twice(stories, before, after, seeds, each):
            found.append(story)
            work.say(f"{len(found)} of {len(stories)}")
    return found


@contextmanager
def _processes() -> Iterator[Callable[..., Any]]:
    """A `map` whose jobs are done in processes of their own. Ctrl-C, which reaches all of them, is this one's alone."""
    pool = ProcessPoolExecutor(
        mp_context=get_context("spawn"),  # a copy of a process with threads, such as one that shows progress, may hang
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def _stories(names: Sequence[str]) -> list[Scenario]:
    known = {one.name.lower(): one for one in scenarios()}
    missing = [name for name in names if name.lower() not in known]
    if missing:
        listed = [f"{one.name}  {one.title}" for one in known.values()]
        raise CommandError(f"There is no story {', '.join(missing)}. There are:", *listed)
    return [known[name.lower()] for name in names] or list(known.values())
