"""Every expression of golden.json, in every context, as a real C# compiler and run-time answered it."""

import json
from pathlib import Path
from typing import Any

import pytest

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


@pytest.mark.parametrize("case", [case for case in GOLDEN if "values" in case], ids=lambda case: case["expression"])
def test_an_expression_yields_what_csharp_yields(case: dict[str, Any]):
    answers = {name: answer(case["expression"], name) for name in CONTEXTS}
    assert json.loads(json.dumps(answers)) == case["values"]


@pytest.mark.parametrize("case", [case for case in GOLDEN if "error" in case], ids=lambda case: case["expression"])
def test_what_csharp_does_not_compile_is_refused(case: dict[str, Any]):
    with pytest.raises(ExpressionError):
        compile_expression(case["expression"])
