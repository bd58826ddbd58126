"""The open questions about Azure: how a person answers them on the command line, and the list of them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from textwrap import fill

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
    for text in listed(given, screen.out.width):
        screen.say(text)
    screen.say(f"\nTo assume something else: {running.COMMAND} up --assume S14=on-error")


def listed(given: Mapping[str, str], width: int) -> Iterator[str]:
    """Each question with its answer, the other ones that there are, and the evidence, in lines of that width."""
    guesses = Assumptions.register()
    margin = max(len(one.id) for one in guesses) + 2
    for one in guesses:
        answer = given.get(one.id, one.choices[0])
        others = " or ".join(choice for choice in one.choices if choice != answer)
        usual = "" if answer == one.choices[0] else ", which is not the usual answer"
        yield fill(
            f"{one.id:{margin}}{one.question[0].upper()}{one.question[1:]}?", width, subsequent_indent=" " * margin
        )
        rest = f"{answer}{usual} (else {others}). Evidence: {one.evidence}."
        yield fill(rest, width, initial_indent=" " * margin, subsequent_indent=" " * margin, break_on_hyphens=False)
