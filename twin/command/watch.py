"""watch: the gateway live in the terminal, for as long as somebody looks."""

import json
from typing import Final

from rich.console import Group
from rich.live import Live
from rich.text import Text

from ..engine.errors import CommandError
from . import running
from .calls import call
from .demo import LOOK
from .history import History, View
from .keyboard import listening, pause
from .look import look_from
from .panel import as_json, line, panel
from .running import COMMAND
from .screen import Screen
from .session import state_folder

_EVERY: Final = 0.5  # seconds between two frames
_EVERY_LINE: Final = 1.0  # and between two lines or objects


def watch(screen: Screen, service: str | None, *, json_wanted: bool, once: bool) -> None:
    """Show a service until `q`, Ctrl-C, or, with `once`, as soon as a second has told what happens in one.

    A twin that ends meanwhile is waited for. Raises CommandError where there is nothing to watch to begin with.
    """
    history = History()
    _look(history)
    history.view(service)
    try:
        if json_wanted or once or not screen.out.is_terminal:
            _print(screen, history, service, json_wanted=json_wanted, once=once)
        else:
            _draw(screen, history, service)
    except KeyboardInterrupt:
        return


def _print(screen: Screen, history: History, service: str | None, *, json_wanted: bool, once: bool) -> None:
    def show(found: View | str) -> None:
        if json_wanted:
            screen.say(json.dumps({"error": found} if isinstance(found, str) else as_json(found)))
        elif once and not isinstance(found, str):
            screen.out.print(panel(found))
        else:
            screen.say(found if isinstance(found, str) else line(found))

    while True:
        pause(_EVERY_LINE)
        show(_seen(history, service))
        if once:
            return


def _draw(screen: Screen, history: History, service: str | None) -> None:
    with listening() as keyboard, Live(console=screen.out, screen=True, auto_refresh=False) as live:
        while True:
            found = _seen(history, service)
            content = Text(found, style="yellow") if isinstance(found, str) else panel(found)
            live.update(Group(content, Text(), Text("q ends it", style="dim")), refresh=True)
            if keyboard.pressed(_EVERY) in ("q", "Q"):
                return


def _seen(history: History, service: str | None) -> View | str:
    """The service now, or why it cannot be seen just now."""
    try:
        _look(history)
        return history.view(service)
    except CommandError as error:
        return error.found


def _look(history: History) -> None:
    twin = running.find(state_folder())
    if twin is None:
        raise CommandError(f"The twin does not run. To start it and deploy the project in this folder: {COMMAND} up")
    history.add(look_from(call(twin, "GET", LOOK)), twin.pid)
