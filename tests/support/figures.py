"""Measured figures in a page's tables: a test measures again and compares."""

import os
from pathlib import Path


def assert_row(page: Path, name: str, *figures: object) -> None:
    """The table row that begins with `name` has these figures. UPDATE_GOLDEN=1 writes them into the page."""
    row = " ".join(["|", name, *(f"| {figure}" for figure in figures), "|"])
    lines = page.read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines) if line.startswith(f"| {name} |")]
    assert len(found) == 1, f"{page.name} has {len(found)} rows that begin with {name}"
    if os.environ.get("UPDATE_GOLDEN"):
        lines[found[0]] = row
        page.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="\n")
    assert lines[found[0]] == row
