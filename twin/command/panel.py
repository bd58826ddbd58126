"""What `watch` shows of a view: for a terminal, as a line, and as JSON. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .history import View
from .look import Backend, Member, Pool

LATEST: Final = 6  # of the trouble
_STATUS_STYLES: Final = {"2": "green", "3": "green", "4": "yellow", "5": "red", "n": "red"}


def panel(view: View) -> RenderableType:
    """Everything on one screen, the most important things first."""
    parts: list[RenderableType] = [_title(view)]
    for pool in view.sums.pools_in_use():
        parts += [Text(), Text(f"pool {pool.name}", style="bold"), _members(view, pool)]
    parts += [Text(), _answers(view)]
    if view.trouble:
        parts += [Text(), Text("latest trouble", style="bold"), _trouble(view)]
    return Group(*parts)


def line(view: View) -> str:
    """The same in a line, for where no screen can be drawn."""
    total = view.recent.answered.total()
    answers = (f"{status} {view.rate(count):.1f}/s" for status, count in sorted(view.recent.answered.items()))
    parts = [
        f"{clock(view.now)}  {view.rate(total):.1f} calls/s",
        *answers,
        f"retried {view.rate(view.recent.retried):.1f}/s",
    ]
    members = [
        f"{member.backend} {breaker(view.sums.backends[member.backend])}, {view.share(pool, member.backend):.0%}"
        for pool in view.sums.pools_in_use()
        for member in pool.members
    ]
    return "  ".join([", ".join(parts), *members])


def as_json(view: View) -> dict[str, Any]:
    """What scripts may rely on; rates and shares are those of the last `seconds`, counts since the start."""
    return {
        "moment": view.now,
        "service": view.sums.name,
        "units": view.sums.units,
        "seconds": round(view.seconds, 3),
        "answered": dict(view.sums.answered),
        "answered_per_second": _rates(view, view.recent.answered),
        "retried": view.sums.retried,
        "retried_per_second": round(view.rate(view.recent.retried), 3),
        "pools": [
            {"name": pool.name, "members": [_member(view, pool, member) for member in pool.members]}
            for pool in view.sums.pools_in_use()
        ],
        "trouble": [vars(one) for one in view.trouble],
    }


def breaker(backend: Backend) -> str:
    """`closed`, `open 4 s`, and of several units each one's seconds: `open 4 - 3 s`, the second one being closed."""
    if all(seconds is None for seconds in backend.open):
        return "none"
    if not backend.seconds_open:
        return "closed"
    return f"open {' '.join(f'{seconds:.0f}' if seconds else '-' for seconds in backend.open)} s"


def clock(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment):%H:%M:%S}"


def _title(view: View) -> Text:
    units = f", {view.sums.units} units" if view.sums.units > 1 else ""
    total = view.rate(view.recent.answered.total())
    return Text.assemble((view.sums.name, "bold"), f"{units}  {clock(view.now)}  {total:.1f} calls a second")


def _members(view: View, pool: Pool) -> Table:
    statuses = _statuses(view.sums.backends[member.backend].attempts for member in pool.members)
    table = _table()
    table.add_column("priority", justify="right", style="dim", header_style="dim")
    table.add_column("backend", no_wrap=True, overflow="ellipsis", min_width=8)
    table.add_column("breaker", no_wrap=True, min_width=6)
    for title in ("calls/s", "share", "weight", *statuses):
        table.add_column(title, justify="right", no_wrap=True)
    for member in pool.members:
        backend, lately = view.sums.backends[member.backend], view.recent.backends[member.backend]
        state = breaker(backend)
        table.add_row(
            str(member.priority),
            member.backend,
            Text(state, style="red" if backend.seconds_open else "yellow" if state == "none" else "green"),
            f"{view.rate(lately.attempts.total()):.1f}",
            f"{view.share(pool, member.backend):.0%}",
            Text(f"{pool.weight_share(member):.0%}", style="dim"),
            *(_counted(status, backend.attempts[status]) for status in statuses),
        )
    return table


def _answers(view: View) -> Table:
    statuses = _statuses([view.sums.answered])
    table = _table()
    table.add_column("to callers")
    for title in (*statuses, "retried"):
        table.add_column(title, justify="right", no_wrap=True)
    lately = (f"{view.rate(view.recent.answered[status]):.1f}" for status in statuses)
    table.add_row("a second", *lately, f"{view.rate(view.recent.retried):.1f}")
    sums = (_counted(status, view.sums.answered[status]) for status in statuses)
    table.add_row("since the start", *sums, str(view.sums.retried))
    return table


def _trouble(view: View) -> Table:
    table = _table()
    for style in ("dim", "yellow", ""):
        table.add_column(style=style, no_wrap=True)
    table.add_column(overflow="ellipsis", no_wrap=True)
    for one in list(view.trouble)[: -LATEST - 1 : -1]:
        table.add_row(clock(one.moment), one.reason, one.where, one.message)
    table.show_header = False
    return table


def _table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")


def _statuses(counts: Iterable[Mapping[str, int]]) -> list[str]:
    return sorted({status for one in counts for status, count in one.items() if count})


def _counted(status: str, count: int) -> Text:
    return Text(str(count), style=_STATUS_STYLES.get(status[0], "") if count else "dim")


def _rates(view: View, counts: Counter[str]) -> dict[str, float]:
    return {status: round(view.rate(count), 3) for status, count in counts.items()}


def _member(view: View, pool: Pool, member: Member) -> dict[str, Any]:
    backend, lately = view.sums.backends[member.backend], view.recent.backends[member.backend]
    return {
        "backend": member.backend,
        "priority": member.priority,
        "weight": member.weight,
        "open": list(backend.open),
        "share": round(view.share(pool, member.backend), 3),
        "weight_share": round(pool.weight_share(member), 3),
        "attempts": dict(backend.attempts),
        "attempts_per_second": _rates(view, lately.attempts),
    }
