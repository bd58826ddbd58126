"""`make bench`: measures, prints a table, and writes build/bench.json (one flat object of name: number)."""

import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from . import deploy, policies, suite

RESULT = Path(__file__).parents[1] / "build" / "bench.json"

# The figures that have a bound.
BOUNDS = {
    "deploy.preview_ratio": 1.10,
    "deploy.up_ratio": 1.10,
    "deploy.critical_path_ratio": 1.15,
    "deploy.growth": 1.3,
    "policies.preview_ratio": 1.2,
    "tests.unit_seconds": 20.0,
}


def main() -> None:
    console = Console(stderr=True)
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, console.status("") as status:
        parts = {
            "the program against a flat one": lambda: deploy.against_a_flat_program(Path(folder) / "flat"),
            "the longest chain of calls": lambda: deploy.along_the_chain(Path(folder) / "chain"),
            "growth from 1 to 10 gateways": lambda: deploy.growth(Path(folder) / "growth"),
            "the policy pack in a preview": lambda: policies.in_a_preview(Path(folder) / "pack"),
            "the tests that need no CLI": suite.unit_seconds,
        }
        for number, (title, measure) in enumerate(parts.items(), start=1):
            status.update(f"{number} of {len(parts)}: {title}")
            figures |= measure()
            write(figures)  # as it goes: what was measured is kept when a later part fails
            console.print(f"{number} of {len(parts)}: {title}: done")
    Console().print(table(figures))


def write(figures: dict[str, float]) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=2) + "\n")


def table(figures: dict[str, float]) -> Table:
    made = Table("figure", "value", "bound", "", box=None)
    for name, value in figures.items():
        bound = BOUNDS.get(name)
        verdict = "" if bound is None else "within" if value <= bound else "above"
        made.add_row(name, f"{value:.3f}", "" if bound is None else f"{bound:.2f}", verdict)
    return made


main()
