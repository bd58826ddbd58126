"""Every expression of golden.json, in every context, as a real C# compiler and run-time answered it."""

import json
from pathlib import Path
from typing import Any

from tests.support.expressions import context, encoded
from twin.policy.expressions import ExpressionError, ExpressionFault, compile_expression

HERE = Path(__file__).parent
GOLDEN = json.loads((HERE / "golden.json").read_text())
CONTEXTS = json.loads((HERE / "contexts.json").read_text())


def answer(expression: str, name: str) -> list[Any]:
    """What the evaluator says, in the form of golden.json."""
    try:
        return encoded(compile_expression(expression).run(context(CONTEXTS[name])))
    except ExpressionFault as fault:
        return ["throws", fault.kind]


def compiles(expression: str) -> bool:
    try:
        compile_expression(expression)
    except ExpressionError:
        return False
    return True


def test_an_expression_yields_what_csharp_yields():
    """All of them at once: pytest's own work for 1,400 tests would take longer than the expressions do."""
    ours = {
        case["expression"]: {name: answer(case["expression"], name) for name in CONTEXTS}
        for case in GOLDEN
        if "values" in case
    }
    theirs = {case["expression"]: case["values"] for case in GOLDEN if "values" in case}
    wrong = {text: values for text, values in json.loads(json.dumps(ours)).items() if values != theirs[text]}
    assert wrong == {text: theirs[text] for text in wrong}


def test_what_csharp_does_not_compile_is_refused():
    refused = [case["expression"] for case in GOLDEN if "error" in case]
    assert [text for text in refused if compiles(text)] == []


def test_there_are_expressions_of_both_kinds():
    assert {"values" in case for case in GOLDEN} == {True, False}
