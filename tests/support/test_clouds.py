"""What the stories of tests/azure/ ask for and run in a subscription, with stand-ins for Pulumi and the Azure CLI."""

from pathlib import Path

import pytest

from tests.support import clouds

AGREED = {
    "APIM_AI_GATEWAY_AZURE": "yes",
    "APIM_AI_GATEWAY_AZURE_ACCOUNTS": "rg-openai/aoai-1, rg-more/aoai-2",
    "APIM_AI_GATEWAY_AZURE_DEPLOYMENT": "gpt-4o",
    "ARM_SUBSCRIPTION_ID": "0000",
}


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """An environment that agrees and lacks nothing; `az` there answers with what it was asked."""
    for program in ("pulumi", "az"):
        (tmp_path / program).write_text('#!/bin/sh\necho "$*" | tee -a "$0.asked"\n')
        (tmp_path / program).chmod(0o755)
    return {**AGREED, "PATH": f"{tmp_path}:/usr/bin:/bin"}


def test_without_any_of_it_all_that_is_missing_is_told_at_once():
    told = clouds.missing({"PATH": ""})

    assert [line.partition(" ")[0] for line in told] == [*AGREED, "pulumi", "az"]


@pytest.mark.parametrize("answer", ["", "no", "true", "YES"])
def test_nothing_but_yes_is_an_agreement(answer: str, installed: dict[str, str]):
    assert clouds.missing(installed) == []
    assert [line.partition(" ")[0] for line in clouds.missing({**installed, "APIM_AI_GATEWAY_AZURE": answer})] == [
        "APIM_AI_GATEWAY_AZURE"
    ]


def test_the_subscription_is_the_one_that_the_environment_names(installed: dict[str, str], tmp_path: Path):
    cloud = clouds.subscription(installed, tmp_path)

    assert cloud.accounts == [
        {"name": "aoai-1", "resourceGroup": "rg-openai"},
        {"name": "aoai-2", "resourceGroup": "rg-more"},
    ]
    assert (cloud.deployment, cloud.location, cloud.sku) == ("gpt-4o", "eastus2", "Developer")
    assert cloud.environment["PULUMI_BACKEND_URL"] == f"file://{tmp_path}"


def test_deleted_services_are_listed_and_purged_with_the_azure_cli(installed: dict[str, str], tmp_path: Path):
    cloud = clouds.subscription(installed, tmp_path)

    answered = cloud.deleted_services()
    cloud.purge("apim-1")

    listed, purged = (tmp_path / "az.asked").read_text().splitlines()
    assert listed == "apim deletedservice list --query [].name --output tsv --subscription 0000"
    assert answered == set(listed.split())
    assert purged == "apim deletedservice purge --service-name apim-1 --location eastus2 --subscription 0000"
