"""`make bench`: measures, prints a table, and writes build/bench.json (one flat object of name: number).

`make bench ARGS="gateway virtual"` measures these parts and keeps what the file says of the others.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from . import deploy, failover, gateway, policies, suite, virtual
from .bounds import bound, verdict

RESULT = Path(__file__).parents[1] / "build" / "bench.json"

Figures = dict[str, float]
Show = Callable[[str], None]
Part = Callable[[Path, Show], Iterator[Figures]]


def _deploy(folder: Path, show: Show) -> Iterator[Figures]:
    show("the program against a flat one")
    yield deploy.against_a_flat_program(folder / "flat")
    show("the longest chain of calls")
    yield deploy.along_the_chain(folder / "chain")
    show("growth from 1 to 10 gateways")
    yield deploy.growth(folder / "growth")


def _policies(folder: Path, show: Show) -> Iterator[Figures]:
    show("the policy pack in a preview")
    yield policies.in_a_preview(folder / "pack")


def _tests(_folder: Path, show: Show) -> Iterator[Figures]:
    show("the units")
    yield suite.unit_seconds()


def _gateway(_folder: Path, show: Show) -> Iterator[Figures]:
    show("against a proxy that only forwards")
    yield gateway.against_a_bare_proxy()
    show("events of streams")
    yield gateway.added_to_events()


def _virtual(_folder: Path, show: Show) -> Iterator[Figures]:
    show("calls on virtual time")
    yield virtual.requests_per_second()


def _failover(_folder: Path, show: Show) -> Iterator[Figures]:
    show("one poison request a trip duration")
    yield failover.beside_poison()
    yield from failover.in_stories(show)


def _failover_at_ten_times_the_size(_folder: Path, show: Show) -> Iterator[Figures]:
    yield from failover.in_stories(show, scale=10)


PARTS: dict[str, Part] = {
    "deploy": _deploy,
    "policies": _policies,
    "tests": _tests,
    "gateway": _gateway,
    "virtual": _virtual,
    "failover": _failover,
}
ON_DEMAND: dict[str, Part] = {"failover10": _failover_at_ten_times_the_size}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure, and write build/bench.json.")
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}: all by default; also {', '.join(ON_DEMAND)}"
    )
    wanted = parser.parse_args().parts or list(PARTS)
    parts = PARTS | ON_DEMAND
    if unknown := sorted(set(wanted) - set(parts)):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(parts)}")
    console = Console(stderr=True)
    console.print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} before it begins")
    figures: Figures = kept(wanted)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        status = stack.enter_context(console.status(""))
        for name in wanted:
            for more in parts[name](folder, lambda what, name=name: status.update(f"{name}: {what}")):
                figures |= more
                write(figures)  # as it goes: what was measured is kept when a later part fails
                console.print(f"{name}: {', '.join(f'{key} {value:.3f}' for key, value in more.items())}")
    Console().print(table(figures))


def kept(wanted: list[str]) -> Figures:
    """What an earlier run found out about other parts."""
    known: Figures = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    return {name: value for name, value in known.items() if name.partition(".")[0] not in wanted}


def write(figures: Figures) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=2) + "\n")


def table(figures: Figures) -> Table:
    made = Table("figure", "value", "bound", "", box=None)
    for name, value in figures.items():
        made.add_row(name, f"{value:.3f}", bound(name), verdict(name, value))
    return made


if __name__ == "__main__":
    main()
