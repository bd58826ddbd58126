"""Answers to the open questions about Azure, and the list of them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from twin.assumptions import Assumptions
from twin.command.assume import answers, list_assumptions, listed
from twin.command.screen import Screen
from twin.engine.errors import CommandError


def test_answers_are_read_by_id():
    assert answers(["S14=on-error", "S2=one-probe"]) == {"S14": "on-error", "S2": "one-probe"}
    assert answers([]) == {}


def test_every_wrong_answer_is_told_at_once_with_what_there_is():
    with pytest.raises(CommandError) as refused:
        answers(["S99=x", "S14=maybe", "S2"])
    lines = [refused.value.found, *refused.value.advice]
    assert lines[0].startswith("there is no assumption S99; there are S1, S2")
    assert "S14" in lines[1]
    assert "cannot be 'maybe': choose status-500 or no-response or on-error" in lines[1]
    assert "S2" in lines[2]
    assert "cannot be ''" in lines[2]


def test_the_list_has_every_question_with_its_answer(tmp_path: Path):
    out = StringIO()
    list_assumptions(Screen(Console(file=out, width=200)), tmp_path, as_json=True)
    told = json.loads(out.getvalue())
    assert [one["id"] for one in told] == [one.id for one in Assumptions.register()]
    assert all(one["answer"] == one["choices"][0] for one in told)


def test_the_list_fits_a_terminal_of_eighty_columns():
    lines = [line for text in listed({"S2": "one-probe"}, 80) for line in text.splitlines()]
    assert max(map(len, lines)) <= 80
    assert lines[2:5] == [
        "S2   Is an open breaker probed before it closes?",
        "     one-probe, which is not the usual answer (else no). Evidence:",
        "     documentation: it resets.",
    ]
    assert all(line.startswith(("S", "     ")) for line in lines)
