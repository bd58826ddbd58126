"""What reviewers read about a change of the stacks (docs/environments.md)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_previews import LONGEST, Preview, markdown, publish, stacks
from tests.support.checkout import checkout
from tests.support.docs import written
from tests.support.twin import REPOSITORY

SCRIPT = REPOSITORY / ".ci" / "stack_previews.py"
DIFF = """Previewing update (dev):
  ~ azure-native:apimanagement:Backend: (update)
Resources:
    ~ 2 to update
    +-1 to replace
    20 unchanged
"""


def test_every_stack_is_told_with_its_outcome_its_changes_and_the_diff() -> None:
    report = markdown(
        [Preview("dev", False, DIFF, "update  apimanagement:Backend  pool"), Preview("prod", True, "error: no")],
        "the twin",
    )

    assert report == (
        "### Preview on the twin\n\n| stack | outcome |\n|---|---|\n"
        "| `dev` | 2 to update, 1 to replace, 20 unchanged |\n| `prod` | failed |\n\n"
        "#### dev\n\n```\nupdate  apimanagement:Backend  pool\n```\n\n"
        f"<details><summary>pulumi preview --diff</summary>\n\n```\n{DIFF.strip()}\n```\n\n</details>\n\n"
        "#### prod\n\n<details open><summary>pulumi preview --diff</summary>\n\n```\nerror: no\n```\n\n</details>\n"
    )


def test_broken_rules_are_told_above_the_diff_the_mandatory_first() -> None:
    said = (
        "  pack@v1 [advisory] [severity: low]  apim-pool-has-two-members  (azure-native:apim:Backend: pool)Why.\n"
        "  pack@v1 [mandatory] [severity: high]  apim-pool-has-no-url  (azure-native:apim:Backend: pool)So.\n"
    )
    assert Preview("dev", True, said).broken_rules == [
        "- mandatory: `apim-pool-has-no-url` on pool. So.",
        "- advisory: `apim-pool-has-two-members` on pool. Why.",
    ]


@given(st.lists(st.text(alphabet=st.sampled_from("`ä\n <>/"), max_size=200), min_size=1, max_size=3))
def test_nothing_that_the_cli_says_ends_its_block_of_code(said: list[str]) -> None:
    report = markdown([Preview(f"stack{index}", False, text) for index, text in enumerate(said)], "Azure")

    fences = re.findall(r"^(`{3,})$", report, re.MULTILINE)
    outer = [fence for fence in fences if not any(len(fence) < len(other) for other in fences)]
    assert report.count("</details>\n") >= len(said)
    for text in said:
        longest = max((len(run) for run in re.findall("`+", text.strip())), default=0)
        assert any(len(fence) > longest for fence in outer or fences)


def test_a_long_diff_is_shortened_so_that_github_takes_the_comment() -> None:
    report = markdown(
        [Preview(name, False, "ä" * 100_000, "  update  x\n" * 9_000) for name in ("dev", "prod")], "Azure"
    )

    assert LONGEST * 0.9 < len(report.encode()) <= LONGEST
    assert report.count("… the rest is in the log of the run") == 4


def test_within_a_workflow_it_becomes_the_summary_and_an_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary, output = tmp_path / "summary", tmp_path / "output"
    summary.write_text("before\n")

    publish("two\nlines", {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output)})

    assert capsys.readouterr().out == "two\nlines\n"
    assert summary.read_text() == "before\ntwo\nlines"
    mark, *report, end = output.read_text().splitlines()
    assert (mark, report) == (f"report<<{end}", ["two", "lines"])


def test_the_committed_stacks_are_previewed() -> None:
    assert stacks(REPOSITORY) == ["dev", "prod"]


def test_in_azure_each_stack_is_previewed_with_the_pack_and_one_failure_fails_the_run(tmp_path: Path) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text('#!/bin/sh\necho "asked: $*"\ncase "$*" in *prod*) exit 1;; esac\n')
    pulumi.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}

    done = subprocess.run(
        [sys.executable, str(SCRIPT), "azure"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "| `dev` | nothing to change |\n| `prod` | failed |\n" in done.stdout
    for stack in ("dev", "prod"):
        asked = f"asked: preview --diff --policy-pack policies --non-interactive --color never --stack {stack}\n"
        assert asked in done.stdout


@pytest.mark.engine
def test_on_the_twin_a_pull_request_shows_what_it_changes_in_what_is_deployed(tmp_path: Path) -> None:
    """A base in which the second account had another weight: the pools and nothing else change."""
    checkout(tmp_path)
    dev = (REPOSITORY / "Pulumi.dev.yaml").read_text()
    first, _, rest = dev.partition("      priority: 2\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(f"{first}      priority: 2\n      weight: 7\n{rest}")

    [told] = written(
        "docs/environments.md", "test_on_the_twin_a_pull_request_shows_what_it_changes_in_what_is_deployed"
    )
    command = [sys.executable, *told.replace("../checkout-of-main", str(tmp_path)).split()[1:]]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    dev, _, prod = done.stdout.partition("#### prod")
    assert re.search(r"^\| `dev` \| \d to update, \d+ unchanged \|$", dev, re.MULTILINE)
    assert re.search(r"^\| `prod` \| \d+ to create \|$", dev, re.MULTILINE)
    listed = dev.partition("#### dev")[2].partition("<details>")[0]
    updated = set(re.findall(r"^update +apimanagement:Backend +(\S+) ", listed, re.MULTILINE))
    assert updated == {"ai-gateway-pool", "ai-gateway-pool-turned"}
    assert "create" not in listed
    assert re.search(r"~ weight *: 7 => 1", dev)
    assert "\n- advisory: `apim-breaker-open-is-alerted` on ai-gateway-pool. Somebody is told when" in prod
