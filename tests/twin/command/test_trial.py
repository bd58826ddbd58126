"""A deployment for a review that cannot be: its own words come through, and no process stays. (tests/engine/
test_review.py has those that can.)"""

from pathlib import Path

import pytest

from twin.azure.estate import REFERENCE
from twin.command.reviewed import Program, Reviewed
from twin.command.trial import deploying
from twin.engine.errors import CommandError
from twin.engine.projects import find_project


def test_a_deployment_that_fails_says_which_side_and_why(tmp_path: Path):
    (tmp_path / "Pulumi.yaml").write_text("name: g\nruntime: python\n")
    project = find_project(tmp_path)
    assert project is not None

    program, reviewed = Program(tmp_path, "main (1a2b3c4)"), Reviewed(project, "typo", REFERENCE)

    with pytest.raises(CommandError) as refused, deploying(program, reviewed) as wait:
        wait()

    assert refused.value.found == "Stack typo cannot be deployed from main (1a2b3c4):"
    assert refused.value.advice[0].startswith("error: There is no Pulumi.typo.yaml beside Pulumi.yaml")
