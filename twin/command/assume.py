"""The open questions about Azure: how a person answers them on the command line, and the list of them."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from ..assumptions import Assumptions, WrongAnswers
from ..engine.errors import CommandError
from . import running
from .screen import Screen


def answers(words: Iterable[str]) -> dict[str, str]:
    """`["S14=on-error"]` as answers by id. Raises CommandError that names everything that is wrong with them."""
    pairs = (word.partition("=") for word in words)
    given = {id: answer for id, _, answer in pairs}
    try:
        Assumptions().with_answers(given)
    except WrongAnswers as wrong:
        raise CommandError(*wrong.problems, f"All of them: {running.COMMAND} assumptions") from wrong
    return given


def list_assumptions(screen: Screen, state: Path, *, as_json: bool) -> None:
    """Every question with the answer that the running twin gives, or would give."""
    found = running.find(state)
    given = found.assume if found else {}
    if as_json:
        told = [{**asdict(one), "answer": given.get(one.id, one.choices[0])} for one in Assumptions.register()]
        screen.say(json.dumps(told, indent=2))
        return
    table = Table("", "question", "answer", "or", "evidence", box=None, pad_edge=False)
    for one in Assumptions.register():
        answer = given.get(one.id, one.choices[0])
        others = ", ".join(choice for choice in one.choices if choice != answer)
        table.add_row(one.id, f"{one.question}?", answer, others, one.evidence)
    screen.out.print(table)
    screen.say(f"\nTo assume something else: {running.COMMAND} up --assume S14=on-error")
