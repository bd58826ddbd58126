"""The workflows in .github: what they may do, what they run, and that they know every stack."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = {
    file.stem if file.parent.name == "workflows" else file.parent.name: file
    for file in (*ROOT.glob(".github/workflows/*.yml"), *ROOT.glob(".github/actions/*/action.yml"))
}
WORKFLOWS: dict[str, dict[Any, Any]] = {
    name: yaml.safe_load(file.read_text()) for name, file in FILES.items() if file.parent.name == "workflows"
}
STACKS = sorted(file.suffixes[0].removeprefix(".") for file in ROOT.glob("Pulumi.*.yaml"))
LOGIN = {"contents": "read", "id-token": "write"}
PERMISSIONS = {
    "check": {"test": {}, "example": {}, "without-pulumi": {}, "bench": {}},
    "preview": {"twin": {}, "azure": LOGIN, "comment": {"pull-requests": "write"}},
    "deploy": {"dev": LOGIN, "prod": LOGIN},
    "deploy-stack": {"up": LOGIN},
    "drift": {"compare": {**LOGIN, "issues": "write"}},
}
FORKS_ARE_LEFT_OUT = "github.event.pull_request.head.repo.full_name == github.repository"

every_file = pytest.mark.parametrize("name", FILES)


def jobs(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from WORKFLOWS[name]["jobs"].items()


def commands(name: str) -> list[str]:
    content = yaml.safe_load(FILES[name].read_text())
    steps = [step for job in content["jobs"].values() for step in job.get("steps", ())] if "jobs" in content else []
    return [step["run"] for step in [*steps, *content.get("runs", {}).get("steps", ())] if "run" in step]


@every_file
def test_actions_of_others_are_pinned_to_a_commit_with_the_version_beside_it(name: str) -> None:
    used = re.findall(r"uses: (?!\./)(.+)", FILES[name].read_text())
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_an_action_has_one_version_everywhere() -> None:
    used = {line for file in FILES.values() for line in re.findall(r"uses: (?!\./)(.+)", file.read_text())}
    assert sorted(line.partition("@")[0] for line in used) == [
        *("actions/checkout", "actions/setup-go", "actions/setup-python", "azure/login")
    ]


@every_file
def test_there_is_no_secret_that_lives_longer_than_a_run(name: str) -> None:
    assert not re.search(r"\bsecrets(\.\w|\[|:)", FILES[name].read_text())


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_job_may_do_what_it_has_to_and_nothing_else(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}
    given = {job: content["permissions"] for job, content in jobs(name)}
    assert given == {job: {"contents": "read", **more} for job, more in PERMISSIONS[name].items()}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_a_pull_request_brings_along_finds_no_token_in_the_checkout(name: str) -> None:
    steps = [step for _, job in jobs(name) for step in job.get("steps", ())]
    for step in steps:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_pull_requests_from_forks_reach_neither_azure_nor_a_token_that_can_write() -> None:
    preview = WORKFLOWS["preview"]["jobs"]
    assert "if" not in preview["twin"]
    for job in ("azure", "comment"):
        assert FORKS_ARE_LEFT_OUT in preview[job]["if"]
    triggers = {trigger for workflow in WORKFLOWS.values() for trigger in workflow[True]}  # YAML 1.1 reads `on` so
    assert "pull_request_target" not in triggers


def test_the_comment_is_written_by_the_script_of_the_base_branch() -> None:
    [checkout, _] = WORKFLOWS["preview"]["jobs"]["comment"]["steps"]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


@every_file
def test_steps_run_targets_of_make_scripts_that_exist_or_one_plain_command(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for command in commands(name):
        assert "${{" not in command, "what an event says reaches a shell through variables only"
        assert "\n" not in command, "logic belongs into a script that a test runs"
        assert set(re.findall(r"\bmake ([a-z]+)", command)) <= targets
        for script in re.findall(r"\.ci/\S+", command):
            assert (ROOT / script).is_file()


def test_what_is_checked_is_what_the_readme_tells_people_to_type() -> None:
    readme = (ROOT / "README.md").read_text()
    for command in commands("check"):
        if command.startswith("make "):
            assert f"    {command}\n" in readme or f"`{command}`" in readme, command


def test_every_stack_is_deployed_after_the_one_before_it_and_compared_at_night() -> None:
    deployed = WORKFLOWS["deploy"]["jobs"]
    assert [job["with"]["stack"] for job in deployed.values()] == STACKS
    assert deployed["prod"]["needs"] == "dev"
    assert WORKFLOWS["drift"]["jobs"]["compare"]["strategy"]["matrix"]["stack"] == STACKS


def test_of_one_stack_there_is_one_deployment_at_a_time_and_its_environment_approves_it() -> None:
    up = WORKFLOWS["deploy-stack"]["jobs"]["up"]
    assert up["environment"] == "${{ inputs.stack }}"
    assert up["concurrency"] == {"group": "deploy-${{ inputs.stack }}", "cancel-in-progress": False}
    compared = WORKFLOWS["drift"]["jobs"]["compare"]
    assert compared["concurrency"] == {"group": "deploy-${{ matrix.stack }}", "cancel-in-progress": False}
