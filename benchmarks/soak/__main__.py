"""python -m benchmarks.soak [--seconds 300]"""

import argparse
import asyncio
import sys

from rich.console import Console
from rich.table import Table

from .calls import ANSWERED, BROKEN, GAVE_UP, LOST, WRONG
from .run import Report, soak
from .twin import running

GROWTH_ALLOWED = 5.0  # megabytes


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description="The twin under load and trouble.")
    parser.add_argument("--seconds", type=float, default=300, help="how long (default: 300)")
    seconds = parser.parse_args().seconds
    console = Console(stderr=True)
    with running() as twin, console.status("Measuring how much this machine can carry") as status:
        report = asyncio.run(soak(twin, seconds, warm_up=min(5.0, seconds / 2), say=status.update))
    failures = problems(report)
    Console().print(table(report))
    for problem in failures:
        console.print(f"error: {problem}", style="red")
    return 1 if failures else 0


def problems(report: Report) -> list[str]:
    """Why the run is a failure, a sentence each."""
    tally, before, after = report.tally, report.before, report.after
    found: list[str] = []
    if tally.ends[LOST] or tally.under_way:
        found.append(f"Calls without an answer: {tally.ends[LOST] + tally.under_way}.")
    if tally.ends[WRONG]:
        found.append(f"Answers that no caller should get: {tally.ends[WRONG]}.")
    if report.twice:
        found.append(f"Calls answered by more than one account: {len(report.twice)}.")
    if report.growth > GROWTH_ALLOWED:
        found.append(f"Memory grew by {report.growth:.1f} MB; {GROWTH_ALLOWED:g} are allowed.")
    if after.callers:
        found.append(f"Connections of callers left open: {after.callers}.")
    if after.tasks > before.tasks:
        found.append(f"Asyncio tasks left behind: {after.tasks - before.tasks}.")
    if after.descriptors > before.descriptors:
        found.append(f"File descriptors left behind: {after.descriptors - before.descriptors}.")
    return found


def table(report: Report) -> Table:
    tally, made = report.tally, Table("", "", box=None, show_header=False)
    rows = {
        "capacity, calls a second": f"{report.capacity:.0f}",
        "load, calls a second": f"{report.rate:.0f}",
        "calls": tally.started,
        "answered whole": tally.ends[ANSWERED],
        "of these with each status": ", ".join(f"{status}: {count}" for status, count in sorted(tally.answers.items())),
        "broken off, and seen to be": tally.ends[BROKEN],
        "callers that hung up": tally.ends[GAVE_UP],
        "without an answer": tally.ends[LOST] + tally.under_way,
        "answered wrongly": tally.ends[WRONG],
        "answered by two accounts": f"{len(report.twice)} (of {report.checked} requests to accounts)",
        "faults": report.faults,
        "memory, MB": f"{report.memory[0]:.0f} at first, {report.memory[-1]:.0f} at last, {report.growth:+.1f} from the"
        " second to the last quarter",
        "asyncio tasks": f"{report.before.tasks} before, {report.after.tasks} after",
        "descriptors": f"{report.before.descriptors} before, {report.after.descriptors} after",
    }
    for name, value in rows.items():
        made.add_row(name, str(value))
    return made


if __name__ == "__main__":
    sys.exit(main())
