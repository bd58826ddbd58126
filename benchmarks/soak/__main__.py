"""python -m benchmarks.soak [--seconds 300]"""

import argparse
import asyncio
import sys

from rich.console import Console
from rich.table import Table

from .calls import ANSWERED, BROKEN, GAVE_UP, LOST, WRONG
from .run import Plan, Report, soak
from .twin import running

OBJECTS_ALLOWED = 5_000  # of 200,000
BLOCKS_ALLOWED = 35_000  # of 700,000
# Of the largest burst, hundreds of calls that wait for a silent account, memory stays with the process in pieces.
MEGABYTES_ALLOWED = 30.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description="The twin under load and trouble.")
    parser.add_argument("--seconds", type=float, default=300, help="how long (default: 300)")
    # A connection that nobody uses is kept for 15 seconds.
    plan = Plan(parser.parse_args().seconds, rounds=4, rest=30, warm_up=5)
    console = Console(stderr=True)
    with running() as twin, console.status("Measuring how much this machine can carry") as status:
        report = asyncio.run(soak(twin, plan, status.update))
    Console().print(table(report))
    failures = problems(report)
    for problem in failures:
        console.print(f"error: {problem}", style="red")
    return 1 if failures else 0


def problems(report: Report) -> list[str]:
    """Why the run is a failure, a sentence each."""
    tally, first, last = report.tally, report.held[0], report.held[-1]
    bounds = {
        "Calls without an answer": (tally.ends[LOST] + tally.under_way, 0),
        "Answers that no caller should get": (tally.ends[WRONG], 0),
        "Calls answered by more than one account": (len(report.twice), 0),
        "Connections of callers left open": (last.callers, 0),
        "Asyncio tasks left behind": (last.tasks - first.tasks, 0),
        "File descriptors left behind": (last.descriptors - first.descriptors, 0),
        # The first round fills what is kept on purpose.
        "Objects more than after the first round": (last.objects - report.held[1].objects, OBJECTS_ALLOWED),
        "Blocks of memory more than after the first round": (last.blocks - report.held[1].blocks, BLOCKS_ALLOWED),
        "Megabytes more than after the first round": (last.megabytes - report.held[1].megabytes, MEGABYTES_ALLOWED),
    }
    return [
        f"{what}: {found:.0f}; {bound:.0f} are allowed." for what, (found, bound) in bounds.items() if found > bound
    ]


def table(report: Report) -> Table:
    tally, made = report.tally, Table("", "", box=None, show_header=False)

    def each(what: str) -> str:
        return ", ".join(f"{getattr(held, what):,.0f}" for held in report.held)

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
        "before, and at rest after each round:": "",
        "  megabytes": each("megabytes"),
        "  blocks of memory": each("blocks"),
        "  objects": each("objects"),
        "  asyncio tasks": each("tasks"),
        "  descriptors": each("descriptors"),
        "  connections": each("connections"),
    }
    for name, value in rows.items():
        made.add_row(name, str(value))
    return made


if __name__ == "__main__":
    sys.exit(main())
