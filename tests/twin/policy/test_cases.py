"""What policies do, as data: one test for every file below tests/cases (tests/support/cases.py says what is in one)."""

from pathlib import Path

import pytest

from tests.support.cases import CASES, case, got, run

FOUND = sorted(CASES.glob("*/*.yaml"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_policy_does_what_the_case_says(path: Path) -> None:
    found = case(path)
    for call in found.calls:
        assert got(run(found, call), call["want"]) == call["want"]
