"""Where the command writes: results to stdout, progress and trouble to stderr; colour and motion on terminals only."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from ..engine.errors import CommandError

STYLES = {"create": "green", "update": "yellow", "replace": "magenta", "delete": "red", "import": "cyan"}
EVERY_PERCENT = 10  # how often a long job says how far it is, where no line can be rewritten


class Work:
    """One thing under way, which says what it is doing and how far it is."""

    def __init__(self, errors: Console, progress: Progress | None, title: str) -> None:
        self._errors = errors
        self._progress = progress
        self._task = progress.add_task(title, total=None) if progress else None
        self._percent = 0
        self.title = title

    def rename(self, title: str) -> None:
        """It turns out to be another kind of work, which is worth a line where no line moves."""
        if title != self.title:
            self.title = title
            self.note_unless_moving(title)

    def say(self, text: str) -> None:
        """What is going on now, on the line that moves; nothing where no line moves."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=f"{self.title}: {text}")

    def note(self, text: str) -> None:
        """Something that stays to be read."""
        self._errors.print(Text(text), soft_wrap=True)

    def note_unless_moving(self, text: str) -> None:
        """A line for logs and pipes, which a terminal shows in motion instead."""
        if self._progress is None:
            self.note(text)

    def advance(self, text: str, done: int, total: int) -> None:
        """How far a job of many small parts is; `total` 0: nobody knows."""
        share = f"{done} of {total}, " if total else ""
        self.say(f"{share}{text}")
        percent = 100 * done // total if total else 0
        if percent >= self._percent + EVERY_PERCENT:
            self._percent = percent - percent % EVERY_PERCENT
            self.note_unless_moving(f"  {self._percent} %")


class Screen:
    """The person's terminal, or the file or pipe that stands in for it."""

    def __init__(self, out: Console | None = None, errors: Console | None = None) -> None:
        self.out = out or Console(highlight=False, markup=False, emoji=False)
        self.errors = errors or Console(stderr=True, highlight=False, markup=False, emoji=False)

    def say(self, text: str | Text = "") -> None:
        self.out.print(text, soft_wrap=True)

    def warn(self, text: str) -> None:
        self.errors.print(Text(text, style="yellow"), soft_wrap=True)

    def refuse(self, error: CommandError) -> None:
        self.errors.print(Text.assemble(("error: ", "bold red"), error.found), soft_wrap=True)
        for line in error.advice:
            self.errors.print(Text(line), soft_wrap=True)

    def rows(self, rows: Iterable[Sequence[str]], indent: str = "  ") -> None:
        """A table whose columns line up; a first column that is an operation gets its colour."""
        for row, line in zip(table := list(rows), aligned(table), strict=True):
            style = next((style for word, style in STYLES.items() if row[0].startswith(word)), "")
            text = Text(indent + line)
            text.stylize(style, len(indent), len(indent) + len(row[0]))
            self.say(text)

    @contextmanager
    def working(self, title: str) -> Iterator[Work]:
        """Show that something is under way for as long as it takes."""
        if not self.errors.is_terminal:
            yield Work(self.errors, None, title)
            return
        columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
        with Progress(*columns, console=self.errors, transient=True) as progress:
            yield Work(self.errors, progress, title)


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """The rows as lines whose columns begin at the same place."""
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
