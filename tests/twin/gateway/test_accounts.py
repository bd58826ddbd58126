"""The accounts are those of the local Azure, as they are at each request."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts import PRINCIPAL, SECRET, USER
from tests.support.arm import LocalAzure, local_azure
from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import VirtualClock
from twin.gateway.accounts import Accounts
from twin.openai.account import Account
from twin.openai.faults import Fault
from twin.openai.settings import Behaviour, Deployment

GROUP = "/resourceGroups/rg-openai"
ACCOUNTS = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts"
PRIMARY = f"{ACCOUNTS}/aoai-eus2-1"
BODY = {
    "kind": "OpenAI",
    "sku": {"name": "S0"},
    "location": "swedencentral",
    "properties": {"customSubDomainName": "contoso"},
}
GPT = {
    "sku": {"name": "GlobalStandard", "capacity": 30},
    "properties": {"model": {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}},
}


def accounts_of(azure: LocalAzure, **options: Any) -> Accounts:
    issuer = Issuer("tenant", SECRET)
    return Accounts(lambda: azure.endpoint.store, VirtualClock(), Chance(1), issuer, **options)


def account_of(azure: LocalAzure, name: str = "aoai-eus2-1") -> Account:
    found = accounts_of(azure).named(name)
    assert found is not None
    return found


def assign(azure: LocalAzure, scope: str, name: str = "1" * 8, role: str = USER) -> None:
    definition = f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"principalId": PRINCIPAL, "roleDefinitionId": definition, "principalType": "ServicePrincipal"}
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}-0000-0000-0000-000000000000"
    assert azure.put(path, {"properties": properties}).status == 201


def test_the_accounts_of_the_estate_are_there_and_have_any_deployment():
    found = accounts_of(local_azure()).all()
    assert [(one.name, one.host, one.settings.region) for one in found] == [
        ("aoai-eus2-1", "aoai-eus2-1.openai.azure.com", "eastus2"),
        ("aoai-eus-1", "aoai-eus-1.openai.azure.com", "eastus"),
        ("aoai-eus-2", "aoai-eus-2.openai.azure.com", "eastus"),
    ]
    assert all(one.settings.any_deployment for one in found)
    assert all(one.settings.keys == frozenset() for one in found)  # disableLocalAuth is true there


@pytest.mark.parametrize(
    "host",
    [
        "aoai-eus-1.openai.azure.com",
        "AOAI-eus-1.OpenAI.azure.com:443",
        "aoai-eus-1.cognitiveservices.azure.com",
        "aoai-eus-1.services.ai.azure.com",
    ],
)
def test_an_account_is_found_at_each_of_its_hosts(host: str):
    accounts = accounts_of(local_azure())
    found = accounts.at(host)
    assert found is not None
    assert found is accounts.named("AOAI-eus-1")


@pytest.mark.parametrize("host", ["aoai-eus-1", "other.openai.azure.com", "aoai-eus-1.openai.azure.com.evil.com", ""])
def test_no_account_is_at_any_other_host(host: str):
    assert accounts_of(local_azure()).at(host) is None


def test_an_account_that_a_program_makes_is_there_at_once_and_has_only_what_it_was_given():
    azure = local_azure()
    accounts = accounts_of(azure)
    assert accounts.at("contoso.openai.azure.com") is None
    azure.made(f"{ACCOUNTS}/aoai-new", BODY)
    made = accounts.at("contoso.openai.azure.com")
    assert made is not None
    assert made.settings.deployment("gpt-4o") is None
    assert len(made.settings.keys) == 2
    azure.made(f"{ACCOUNTS}/aoai-new/deployments/gpt-4o", GPT)
    assert accounts.at("contoso.openai.azure.com") is made
    assert made.settings.deployments == (Deployment("gpt-4o", "gpt-4o", "GlobalStandard", 30, "2024-11-20"),)


def test_an_account_of_the_estate_has_only_its_own_deployments_as_soon_as_it_has_one():
    azure = local_azure()
    account = account_of(azure)
    assert account.settings.deployment("anything") is not None
    azure.made(f"{PRIMARY}/deployments/gpt-4o", GPT)
    assert account_of(azure).settings.deployment("anything") is None


def test_a_deleted_account_is_gone_and_one_made_again_is_another_one():
    azure = local_azure()
    accounts = accounts_of(azure)
    first = accounts.named("aoai-eus2-1")
    assert first is not None
    first.faults.add(Fault(status=503))
    azure.delete(PRIMARY)
    azure.get(GROUP)
    assert accounts.named("aoai-eus2-1") is None
    assert accounts.at("aoai-eus2-1.openai.azure.com") is None
    azure.made(PRIMARY, {**BODY, "properties": {"customSubDomainName": "aoai-eus2-1"}})
    again = accounts.named("aoai-eus2-1")
    assert again is not None
    assert again is not first
    assert again.faults.current(0) == []
    assert again.settings.any_deployment is False


def test_a_change_elsewhere_leaves_an_account_as_it_is():
    azure = local_azure()
    accounts = accounts_of(azure)
    account = accounts.named("aoai-eus2-1")
    assert account is not None
    account.faults.add(Fault(status=503))
    before = account.settings
    azure.made("/resourceGroups/rg-new", {"location": "eastus2"})
    assert accounts.named("aoai-eus2-1") is account
    assert account.settings == before
    assert account.faults.current(0) == [Fault(status=503)]


def test_keys_are_those_that_azure_lists_unless_they_are_disabled():
    azure = local_azure()
    azure.made(f"{ACCOUNTS}/aoai-new", BODY)
    listed = azure.call("POST", f"{ACCOUNTS}/aoai-new/listKeys").body
    assert isinstance(listed, dict)
    assert account_of(azure, "aoai-new").settings.keys == frozenset(listed.values())
    azure.made(f"{ACCOUNTS}/aoai-new", {**BODY, "properties": {**BODY["properties"], "disableLocalAuth": True}})
    assert account_of(azure, "aoai-new").settings.keys == frozenset()


@pytest.mark.parametrize("scope", [PRIMARY, GROUP, ""])
def test_a_role_counts_at_the_account_its_group_and_its_subscription(scope: str):
    azure = local_azure()
    accounts = accounts_of(azure)
    account = accounts.named("aoai-eus2-1")
    assert account is not None
    assert account.settings.grants == frozenset()
    assign(azure, scope or azure.subscription)
    accounts.all()
    assert account.settings.grants == frozenset({(PRINCIPAL, USER)})


@pytest.mark.parametrize("scope", [f"{ACCOUNTS}/aoai-eus-1", "/resourceGroups/rg-monitoring"])
def test_a_role_elsewhere_does_not_count(scope: str):
    azure = local_azure()
    assign(azure, scope)
    assert account_of(azure).settings.grants == frozenset()


def test_a_role_on_an_account_does_not_count_on_one_whose_name_is_longer():
    azure = local_azure()
    azure.made(f"{ACCOUNTS}/aoai-eus2-10", BODY)
    assign(azure, PRIMARY)
    assert account_of(azure, "aoai-eus2-10").settings.grants == frozenset()


def test_an_account_without_a_subdomain_or_of_another_kind_serves_no_models():
    azure = local_azure()
    azure.made(f"{ACCOUNTS}/regional", {**BODY, "properties": {}})
    azure.made(f"{ACCOUNTS}/speech", {**BODY, "kind": "SpeechServices"})
    assert [one.name for one in accounts_of(azure).all()] == ["aoai-eus2-1", "aoai-eus-1", "aoai-eus-2"]


def test_an_account_behaves_as_the_estate_says_and_else_as_usual(tmp_path: Path):
    estate = tmp_path / "estate.yaml"
    estate.write_text(
        "resourceGroups: [{name: rg, location: eastus, accounts: ["
        "{name: quick}, {name: slow, kind: AIServices, latency: {firstToken: 2, error: 0.5}, burst: 0.25}]}]"
    )
    usual = Behaviour(first_token=1.0, tokens_per_second=50)
    quick, slow = accounts_of(local_azure(estate), behaviour=usual).all()
    assert quick.settings.behaviour == usual
    assert slow.settings.behaviour == Behaviour(first_token=2, tokens_per_second=50, error=0.5, burst=0.25)
    assert slow.host == "slow.cognitiveservices.azure.com"


def test_a_store_that_has_seen_as_many_changes_is_another_store_all_the_same():
    stores = []
    for name in ("first", "second"):
        azure = local_azure()
        azure.made(f"{ACCOUNTS}/aoai-{name}", BODY)
        stores.append(azure.endpoint.store)
    assert stores[0].revision == stores[1].revision
    accounts = Accounts(lambda: stores[0], VirtualClock(), Chance(1), Issuer("tenant", SECRET))
    assert accounts.named("aoai-first") is not None
    del stores[0]
    assert accounts.named("aoai-first") is None
    assert accounts.named("aoai-second") is not None


def test_another_store_brings_its_own_accounts():
    azure = local_azure()
    accounts = accounts_of(azure)
    azure.made(f"{ACCOUNTS}/aoai-new", BODY)
    assert accounts.named("aoai-new") is not None
    assert azure.call("POST", "/_twin/reset").status == 204
    assert accounts.named("aoai-new") is None
    assert accounts.named("aoai-eus2-1") is not None
