"""Waiting, cut short by a key where somebody sits at a terminal."""

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager


def pause(seconds: float) -> None:
    """Return when the seconds have passed."""
    select.select([], [], [], seconds)


@contextmanager
def listening() -> Iterator["Keyboard"]:
    """The keyboard without its Enter and its echo for as long as the block runs; Ctrl-C works as ever."""
    if not sys.stdin.isatty():
        yield Keyboard(None)
        return
    file = sys.stdin.fileno()
    before = termios.tcgetattr(file)
    try:
        tty.setcbreak(file)
        yield Keyboard(file)
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)


class Keyboard:
    """`file` is None where there is none: then nobody ever presses a key."""

    def __init__(self, file: int | None) -> None:
        self._file = file

    def pressed(self, seconds: float) -> str:
        """The key that is pressed within these seconds, or nothing when they have passed."""
        if self._file is None:
            pause(seconds)
            return ""
        ready, _, _ = select.select([self._file], [], [], seconds)
        return os.read(self._file, 1).decode(errors="replace") if ready else ""
