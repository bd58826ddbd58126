"""Every stack that is committed, on an Azure that holds what it takes for granted, with the policy pack."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.docs import written
from tests.support.twin import REPOSITORY, Stack, committed_settings, empty_stack, operations
from twin.azure.estate import REFERENCE
from twin.command.running import find, stop

pytestmark = pytest.mark.engine

STACKS = sorted(file.suffixes[0].removeprefix(".") for file in REPOSITORY.glob("Pulumi.*.yaml"))
ANY_PORTS = ("--arm-port", "0", "--gateway-port", "0", "--accounts-port", "0")
PACK = ("--policy-pack", str(REPOSITORY / "policies"))
ADVICE = {
    "dev": {"apim-breaker-open-is-alerted", "apim-api-has-diagnostics", "azure-resource-has-tags"},
    "prod": {"apim-breaker-open-is-alerted"},
}
"""What the pack has to say about each: nothing mandatory."""


def estate(stack: str) -> Path:
    own = REPOSITORY / "estates" / f"{stack}.yaml"
    return own if own.exists() else REFERENCE


@pytest.mark.parametrize("name", STACKS)
def test_a_committed_stack_previews_cleanly_under_the_policy_pack(name: str, tmp_path: Path):
    with empty_stack(tmp_path, name=name, estate=estate(name)) as stack:
        stack.settings = committed_settings(name)
        report = stack.preview(*PACK)

    assert {violation.rule for violation in report.violations if violation.level != "advisory"} == set()
    assert {violation.rule for violation in report.violations} == ADVICE[name]
    assert {one.severity for one in report.diagnostics} <= {"info", "info#err"}, report.diagnostics
    assert ("create", "ai-gateway-pool") in operations(report)


def test_production_is_previewed_on_the_twin_as_the_page_on_environments_says(tmp_path: Path):
    environment = {
        **os.environ,
        "APIM_TWIN_HOME": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    [told] = written(
        "docs/environments.md", "test_production_is_previewed_on_the_twin_as_the_page_on_environments_says"
    )
    first, second = (line.split() for line in told.splitlines())
    try:
        shown, judged = (
            subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True).stdout
            for command in ([*first, *ANY_PORTS], second)
        )
    finally:
        running = find(tmp_path)
        if running:
            stop(running)

    assert "apim-ai-gateway, stack prod: 28 to create\n" in shown
    assert "[advisory]" in judged
    assert "[mandatory]" not in judged


@pytest.fixture
def production(tmp_path: Path):
    with empty_stack(tmp_path, name="prod", estate=estate("prod")) as stack:
        stack.settings = committed_settings("prod")
        yield stack


def test_production_is_deployed_once_and_cannot_be_destroyed_by_accident(production: Stack):
    production.up()
    again = production.preview()
    refused = production.fail("destroy", "--yes", "--skip-preview")
    production.settings["backends"] = production.settings["backends"][1:]
    smaller = production.fail("preview")

    assert operations(again) == []
    assert "protected" in "".join(error.message for error in refused.errors)
    assert {error.resource.name for error in smaller.errors if error.resource} == {
        "ai-gateway-ptu-eus2",
        "ai-gateway-rg-openai-prod-aoai-prod-ptu-eus2-role",
    }
    members = production.azure("GET", "backends/openaiopool")["properties"]["pool"]["services"]
    assert sorted((one["id"].rpartition("/")[2], one["priority"]) for one in members) == [
        *(("payg-eus2", 2), ("payg-swc", 2)),
        *(("ptu-eus2", 1), ("ptu-swc", 1)),
    ]
