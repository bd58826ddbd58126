"""A local Azure made of what a stack holds, as `pulumi stack export` writes it, or of what a program registers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.support.reference import PRINCIPAL, deploy_reference
from tests.support.simulated import recorded, reference_store, stack_export
from twin.azure.estate import REFERENCE
from twin.azure.rules.accounts import ACCOUNT
from twin.azure.rules.roles import ASSIGNMENT
from twin.azure.store import Store
from twin.simulation import Deployed, NotDeployable, Simulation, exported, steady, store_of
from twin.simulation.deployed import SIMULATED_GROUP, native

ESTATE = yaml.safe_load(REFERENCE.read_text())
BACKEND = "apimanagement:Backend"


def resources() -> list[Deployed]:
    return recorded(deploy_reference())


def replaced(deployed: Sequence[Deployed], token: str, **inputs: Any) -> list[Deployed]:
    """The first resource of that token has these inputs."""
    first = next(one for one in deployed if one.token == token)
    return [replace(one, inputs={**one.inputs, **inputs}) if one is first else one for one in deployed]


def served(store: Store) -> list[tuple[int, str]]:
    outcomes = Simulation(store).run(steady(1, 3))
    return [(one.status, one.served_by) for one in outcomes]


def test_an_export_gives_the_resources_of_azure_in_their_order():
    assert exported(stack_export(resources())) == resources()
    assert {one.token for one in exported(stack_export(resources()))} >= {BACKEND, "apimanagement:ApiPolicy"}


@pytest.mark.parametrize("empty", [{}, {"deployment": None}, {"deployment": {}}, {"deployment": {"resources": None}}])
def test_an_export_of_an_empty_stack_holds_nothing(empty: dict[str, Any]):
    assert exported(empty) == []


def test_a_components_own_entry_is_no_resource():
    listed = [{"type": "azure-native:apimanagement:Backend", "inputs": {}}]
    assert exported({"deployment": {"resources": listed}}) == []


@pytest.mark.parametrize(
    "token", ["azure-native:apimanagement:Backend", "azure-native:apimanagement/v20240501:Backend"]
)
def test_a_type_is_known_with_a_version_and_without(token: str):
    assert native(token) == BACKEND


def test_a_deployment_from_an_export_serves_calls_as_the_program_on_mocks_does():
    assert served(store_of(exported(stack_export(resources())), ESTATE)) == [(200, "aoai-eus2-1")] * 3
    assert served(reference_store()) == [(200, "aoai-eus2-1")] * 3


def test_an_export_alone_is_enough_as_the_accounts_that_it_does_not_hold_are_made():
    store = store_of(exported(stack_export(resources())))
    assert {one.name for one in store.all(ACCOUNT)} == {"aoai-eus2-1", "aoai-eus-1", "aoai-eus-2"}
    assert served(store) == [(200, "aoai-eus2-1")] * 3


def test_a_role_at_something_that_exists_is_assigned_or_refused_as_azure_would():
    role = next(one for one in resources() if one.token == ASSIGNMENT)
    wrong = replace(role, inputs={**role.inputs, "principalId": "nobody"})
    with pytest.raises(NotDeployable, match=r"nobody|principal"):
        store_of([wrong], ESTATE)


def test_the_same_resources_make_the_same_azure_to_the_byte():
    assert store_of(resources(), ESTATE).text() == store_of(resources(), ESTATE).text()


def test_the_services_identity_is_the_one_that_it_had_where_it_was_deployed():
    store = store_of(resources(), ESTATE)
    [service] = store.all("apimanagement:ApiManagementService")
    assert service.body["identity"]["principalId"] == PRINCIPAL


def test_an_account_that_only_a_backend_knows_is_made_and_takes_the_gateways_calls():
    elsewhere = replaced(resources(), BACKEND, url="https://aoai-elsewhere.openai.azure.com/openai")
    store = store_of(elsewhere, ESTATE)
    [made] = [one for one in store.all(ACCOUNT) if f"/{SIMULATED_GROUP}/" in one.id]
    assert made.name == "aoai-elsewhere"
    backend = next(one for one in elsewhere if one.token == BACKEND)
    assert served(store) == [(200, backend.inputs["backendId"])] * 3


def test_two_backends_of_one_account_make_it_once():
    url = "https://aoai-elsewhere.openai.azure.com/openai"
    both = [replace(one, inputs={**one.inputs, "url": url}) if "url" in one.inputs else one for one in resources()]
    made = [one.name for one in store_of(both, ESTATE).all(ACCOUNT) if f"/{SIMULATED_GROUP}/" in one.id]
    assert made == ["aoai-elsewhere"]


def test_everything_that_azure_would_refuse_is_told_at_once():
    wrong = replaced(resources(), BACKEND, protocol="gopher")
    wrong = replaced(wrong, "apimanagement:ApiPolicy", value="<policies><inbound><nonsense /></inbound></policies>")
    with pytest.raises(NotDeployable) as refused:
        store_of(wrong, ESTATE)
    told = "\n".join(refused.value.problems)
    assert "protocol" in told
    assert "nonsense" in told
    assert str(refused.value) == told


def test_an_estate_that_is_wrong_is_refused_with_its_reasons():
    with pytest.raises(NotDeployable, match="resourceGroup"):
        store_of([], {"resourceGroup": []})


def test_resources_of_other_types_are_left_out():
    store = store_of([Deployed("storage:StorageAccount", {"accountName": "x"}), *resources()], ESTATE)
    assert served(store)[0] == (200, "aoai-eus2-1")
