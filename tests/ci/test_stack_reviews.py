"""What stands above the previews in the comment on a pull request (docs/reviewing.md)."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from stack_previews import LONGEST as PREVIEWS
from stack_reviews import LONGEST, Review, report
from tests.support.checkout import checkout
from tests.support.docs import written
from tests.support.twin import REPOSITORY

POLICY = (
    "<details><summary>Policy of API openai: 9 lines added, 1 removed</summary>\n\n```diff\n{}\n```\n\n</details>\n"
)


def test_each_stack_has_its_section() -> None:
    reviews = [Review("dev", 0, "### Stack dev: Nothing changes.\n"), Review("prod", 2, "### Stack prod: worse\n")]

    assert report(reviews) == "### Stack dev: Nothing changes.\n\n### Stack prod: worse\n"


def test_a_stack_that_cannot_be_reviewed_says_why() -> None:
    assert report([Review("dev", 1, "error: Stack dev cannot be deployed\n```\n")]) == (
        "### Stack dev: no review\n\n    error: Stack dev cannot be deployed\n    ```\n"
    )


def test_a_policy_that_is_too_long_gives_way_to_what_reviewers_need() -> None:
    short, long = (f"### Stack dev: verdict\n\n{POLICY.format('+ line' * count)}\nstories" for count in (9, LONGEST))

    assert report([Review("dev", 0, short)]) == short
    title = "Policy of API openai: 9 lines added, 1 removed (too long to show here; the log of the run has it)."
    assert report([Review("dev", 0, long)]) == f"### Stack dev: verdict\n\n{title}\n\nstories"


def test_github_takes_both_reports_in_one_comment() -> None:
    told = report([Review("dev", 0, "ä" * LONGEST)])

    assert told.endswith("… the rest is in the log of the run\n")
    assert len(told.encode()) + PREVIEWS < 65_536


@pytest.mark.engine
def test_a_pull_request_is_told_what_becomes_of_failover(tmp_path: Path) -> None:
    """A base with one account less in the first stack, and without the second stack."""
    checkout(tmp_path)
    dev = yaml.safe_load((REPOSITORY / "Pulumi.dev.yaml").read_text())
    dev["config"]["apim-ai-gateway:backends"].pop()
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(dev))

    [told] = written("docs/reviewing.md", "test_a_pull_request_is_told_what_becomes_of_failover")
    command = [sys.executable, *told.replace("../checkout-of-main", str(tmp_path)).split()[1:]]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    dev, _, prod = done.stdout.partition("### Stack prod: ")
    assert dev.startswith("### Stack dev: Failover gets better: in the story ")
    assert "* Every caller of API openai: the policy changes.\n" in dev
    assert "| pool openaiopool, member aoai-eus-2 | not there | priority 2, weight 1 of 2 |" in dev
    assert len(re.findall(r"^\| .* % \| .* s \|$", dev, re.MULTILINE)) == 9
    assert prod.startswith("There is failover now; before, the deployment had no pool, or no API to call it through.")
    assert "| pool openaiopool, member ptu-eus2 | not there | priority 1, weight 1 of 2 |" in prod
