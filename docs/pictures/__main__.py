"""`python -m docs.pictures` draws the pictures anew and writes the table of docs/choosing.md."""

from collections.abc import Mapping
from pathlib import Path

from .chart import picture
from .runs import RATE, SECONDS, Seen, all_seen, totals

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "choosing.md"
BEGIN, END = "<!-- runs: begin -->", "<!-- runs: end -->"
TITLES: Mapping[str, str] = {
    "priorities": "An outage with priorities, and without",
    "weights": "An outage with even weights among those that take over, and with uneven ones",
    "trip-duration": "An outage of 15 seconds with a short trip duration, and with a long one",
    "count": "An outage with breakers that open at the first failure, and at the tenth",
    "retry-after": "An account that is throttled, with Retry-After accepted, and not",
}


def pictures() -> dict[str, str]:
    """The text of each picture by the name of its file."""
    return {f"{name}.svg": picture(TITLES[name], runs) for name, runs in all_seen().items()}


def table() -> str:
    """What was counted in the runs, as Markdown."""
    rows = [
        f"| run | served while it lasted | calls that failed, of {RATE * SECONDS} | attempts lost | back after |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*rows, *(_row(seen) for runs in all_seen().values() for seen in runs)])


def with_table(page: str, made: str) -> str:
    """The page with this table between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{made}\n{END}{after}"


def _row(seen: Seen) -> str:
    served = ", ".join(f"{name} {count}" for name, count in sorted(totals(seen).items()) if count)
    return f"| {seen.run.title} | {served} | {sum(seen.failed)} | {sum(seen.lost)} | {seen.back_after} s |"


def main() -> None:
    for name, text in pictures().items():
        (FOLDER / name).write_text(text)
    PAGE.write_text(with_table(PAGE.read_text(), table()))


if __name__ == "__main__":
    main()
