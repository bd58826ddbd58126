"""Every stack that is committed, on an Azure that holds what it takes for granted, with the policy pack."""

from pathlib import Path

import pytest

from tests.support.twin import REPOSITORY, Stack, committed_settings, empty_stack, operations
from twin.azure.estate import REFERENCE

pytestmark = pytest.mark.engine

STACKS = sorted(file.suffixes[0].removeprefix(".") for file in REPOSITORY.glob("Pulumi.*.yaml"))
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
