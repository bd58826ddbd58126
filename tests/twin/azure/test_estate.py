"""The starting estate."""

from pathlib import Path

import pytest

from tests.support.arm import START, LocalAzure, local_azure, numbered_ids
from twin.azure.estate import REFERENCE, BadEstate, load_estate
from twin.azure.faults import Delays
from twin.azure.rules.accounts import DEPLOYMENT, SIMULATION
from twin.azure.store import Store

FULL = """
subscription: 11111111-0000-0000-0000-000000000001
name: Production
principals: [22222222-0000-0000-0000-000000000001]
identities:
  - id: /subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway
    principalId: 33333333-0000-0000-0000-000000000001
    clientId: 33333333-0000-0000-0000-000000000002
resourceGroups:
  - name: rg-a
    location: westeurope
    tags: {team: a}
    accounts:
      - name: ptu
        kind: AIServices
        customSubDomainName: contoso-ptu
        disableLocalAuth: false
        deployments: [{name: gpt-4o, version: "2024-11-20", sku: ProvisionedManaged, capacity: 50}]
        latency: {firstToken: 0.35, tokensPerSecond: 60}
        burst: 2
    applicationInsights:
      - name: insights
    services:
      - name: apim-shared
        sku: StandardV2
        capacity: 2
  - name: rg-b
    location: swedencentral
"""


def load(tmp_path: Path, text: str) -> Store:
    path = tmp_path / "estate.yaml"
    path.write_text(text)
    return load_estate(path, now=START, new_id=numbered_ids())


def test_the_reference_estate_holds_the_three_accounts_and_one_application_insights(azure: LocalAzure) -> None:
    everything = [one for one in azure.endpoint.store.all() if one.token != SIMULATION]
    found = [one.id.removeprefix(azure.subscription) for one in everything]
    accounts = "/resourceGroups/rg-openai/providers/Microsoft.CognitiveServices/accounts"
    assert found == [
        "",
        "/resourceGroups/rg-openai",
        f"{accounts}/aoai-eus2-1",
        f"{accounts}/aoai-eus-1",
        f"{accounts}/aoai-eus-2",
        "/resourceGroups/rg-monitoring",
        "/resourceGroups/rg-monitoring/providers/Microsoft.Insights/components/appi-gateway",
    ]


def test_the_component_of_the_reference_estate_has_a_connection_string(azure: LocalAzure) -> None:
    path = f"{azure.subscription}/resourceGroups/rg-monitoring/providers/Microsoft.Insights/components/appi-gateway"
    found = azure.endpoint.store.get(path)
    assert found is not None
    key = found.properties["InstrumentationKey"]
    assert found.properties["ConnectionString"].startswith(
        f"InstrumentationKey={key};IngestionEndpoint=https://eastus2-1."
    )


def test_every_kind_of_entry_is_loaded(tmp_path: Path) -> None:
    store = load(tmp_path, FULL)
    groups = "/subscriptions/11111111-0000-0000-0000-000000000001/resourceGroups"
    account = store.get(f"{groups}/rg-a/providers/Microsoft.CognitiveServices/accounts/ptu")
    assert account is not None
    assert account.body["location"] == "westeurope"
    assert account.properties["endpoint"] == "https://contoso-ptu.cognitiveservices.azure.com/"
    assert account.properties["disableLocalAuth"] is False
    group = store.get(f"{groups}/rg-a")
    assert group is not None
    assert group.body["tags"] == {"team": "a"}
    assert store.get(f"{groups}/rg-b") is not None
    assert store.get(f"{groups}/rg-a/providers/Microsoft.Insights/components/insights") is not None
    service = store.get(f"{groups}/rg-a/providers/Microsoft.ApiManagement/service/apim-shared")
    assert service is not None
    assert service.body["sku"] == {"name": "StandardV2", "capacity": 2}
    assert service.body["identity"]["principalId"]
    assert service.properties["provisioningState"] == "Succeeded"


def test_an_account_of_the_estate_has_the_deployments_it_lists_and_behaves_as_it_says(tmp_path: Path) -> None:
    store = load(tmp_path, FULL)
    [deployment] = store.all(DEPLOYMENT)
    assert deployment.name == "gpt-4o"
    assert deployment.body["sku"] == {"name": "ProvisionedManaged", "capacity": 50}
    assert deployment.properties["model"] == {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}
    behaviour = {"first_token": 0.35, "tokens_per_second": 60, "burst": 2}
    assert [one.body for one in store.all(SIMULATION)] == [{"anyDeployment": False, "behaviour": behaviour}]


def test_an_account_without_deployments_has_every_deployment(azure: LocalAzure) -> None:
    assert [one.body for one in azure.endpoint.store.all(SIMULATION)] == [{"anyDeployment": True, "behaviour": {}}] * 3


def test_how_an_account_is_simulated_ends_with_it(azure: LocalAzure) -> None:
    account = "/resourceGroups/rg-openai/providers/Microsoft.CognitiveServices/accounts/aoai-eus-1"
    assert azure.delete(account).status == 202
    azure.get("/resourceGroups/rg-openai")
    assert len(list(azure.endpoint.store.all(SIMULATION))) == 2


def test_principals_and_identities_are_known_to_the_directory(tmp_path: Path) -> None:
    path = tmp_path / "estate.yaml"
    path.write_text(FULL.replace("11111111-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001"))
    azure = local_azure(path)
    service = "/resourceGroups/rg-a/providers/Microsoft.ApiManagement/service/apim"
    identity = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/gateway"
    body = {
        "location": "westeurope",
        "sku": {"name": "Developer", "capacity": 1},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
        "properties": {"publisherEmail": "a@b.c", "publisherName": "a"},
    }
    assert azure.made(service, body)["identity"]["userAssignedIdentities"][identity] == {
        "principalId": "33333333-0000-0000-0000-000000000001",
        "clientId": "33333333-0000-0000-0000-000000000002",
    }
    role = "/providers/Microsoft.Authorization/roleDefinitions/5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"
    for number, principal in enumerate(("22222222", "33333333")):
        assigned = {"principalId": f"{principal}-0000-0000-0000-000000000001", "roleDefinitionId": role}
        name = f"4444444{number}-0000-0000-0000-000000000000"
        answer = azure.put(f"/providers/Microsoft.Authorization/roleAssignments/{name}", {"properties": assigned})
        assert answer.status == 201


def test_an_empty_file_is_an_empty_subscription(tmp_path: Path) -> None:
    assert [one.id for one in load(tmp_path, "").all()] == ["/subscriptions/00000000-0000-0000-0000-000000000001"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("- a", ["the file must hold keys and values, not ['a']"]),
        ("resourceGroup: []", ["resourceGroup is not known; did you mean resourceGroups?"]),
        ("resourceGroups: {}", ["resourceGroups must be a list"]),
        ("subscription: mine", ["subscription is 'mine': it must be a GUID"]),
        ("principals: [me]", ["principals[0] is 'me': it must be a GUID"]),
        (
            "resourceGroups: [{name: rg, acounts: [], accounts: [{location: eastus, disableLocalAuth: 1}]}]",
            [
                "resourceGroups[0].acounts is not known; did you mean accounts?",
                "resourceGroups[0].location is missing",
                "resourceGroups[0].accounts[0].name is missing",
                "resourceGroups[0].accounts[0].disableLocalAuth is 1: it must be true or false",
            ],
        ),
        (
            "resourceGroups: [{name: rg, location: a, services: [{capacity: two}]}]",
            [
                "resourceGroups[0].services[0].name is missing",
                "resourceGroups[0].services[0].capacity is 'two': it must be a whole number",
            ],
        ),
        (
            "resourceGroups: [{name: rg, location: a, accounts: [{name: b, burst: 0, latency: {firstToken: -1, x: 1},"
            " deployments: [{model: 4, capacity: 1.5}]}]}]",
            [
                "resourceGroups[0].accounts[0].burst is 0: it must be a number above 0",
                "resourceGroups[0].accounts[0].latency.x is not known; known are firstToken, spread, tokensPerSecond,"
                " error",
                "resourceGroups[0].accounts[0].latency.firstToken is -1: it must be a number, 0 or more",
                "resourceGroups[0].accounts[0].deployments[0].name is missing",
                "resourceGroups[0].accounts[0].deployments[0].model is 4: it must be a text (put it in quotes)",
                "resourceGroups[0].accounts[0].deployments[0].capacity is 1.5: it must be a whole number",
            ],
        ),
        (
            "resourceGroups: [{name: 5, location: eastus, tags: [a]}]",
            [
                "resourceGroups[0].name is 5: it must be a text (put it in quotes)",
                "resourceGroups[0].tags must hold names and values, not ['a']",
            ],
        ),
        (
            "resourceGroups: [{name: rg., location: x}, {name: b, location: c, accounts: [{name: a}, {name: a b}]}]",
            [
                "resourceGroups[0]: resourceGroupName: 'rg.' is not a valid resourceGroupName:"
                r" it must match ^[-\w._()]*[-\w_()]$.",
                "resourceGroups[1].accounts[0]: accountName: 'a' is not a valid accountName:"
                " it must match ^[a-zA-Z0-9][a-zA-Z0-9_.-]+$.",
                "resourceGroups[1].accounts[1]: accountName: 'a b' is not a valid accountName:"
                " it must match ^[a-zA-Z0-9][a-zA-Z0-9_.-]+$.",
            ],
        ),
    ],
)
def test_a_bad_estate_is_refused_with_every_problem_at_once(tmp_path: Path, text: str, problems: list[str]) -> None:
    with pytest.raises(BadEstate) as refused:
        load(tmp_path, text)
    assert refused.value.problems == problems
    assert str(tmp_path / "estate.yaml") in str(refused.value)


def test_two_accounts_of_one_subdomain_are_refused_by_azures_own_rule(tmp_path: Path) -> None:
    accounts = "[{name: aoai-a, customSubDomainName: x}, {name: aoai-b, customSubDomainName: x}]"
    with pytest.raises(BadEstate, match=r"resourceGroups\[0\].accounts\[1\]: Please pick a different name"):
        load(tmp_path, f"resourceGroups: [{{name: rg, location: eastus, accounts: {accounts}}}]")


def test_what_is_added_to_a_store_in_use_leaves_its_unfinished_operations_alone() -> None:
    azure = local_azure(delays=Delays(long_running=60))
    path = "/resourceGroups/rg-openai/providers/Microsoft.ApiManagement/service/apim-slow"
    body = {"location": "eastus2", "sku": {"name": "Developer", "capacity": 1}}
    body["properties"] = {"publisherEmail": "a@b.c", "publisherName": "a"}
    assert azure.put(path, body).status == 201
    under_way = set(azure.endpoint.store.operations)
    group = {"name": "rg-own", "location": "westeurope", "services": [{"name": "apim-own"}]}

    assert azure.call("PUT", "/_twin/estate", {"resourceGroups": [group]}).status == 204

    assert set(azure.endpoint.store.operations) == under_way != set()
    own = azure.endpoint.store.get(f"{azure.subscription}{path.replace('rg-openai', 'rg-own').replace('slow', 'own')}")
    assert own is not None
    assert own.properties["provisioningState"] == "Succeeded"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadEstate, match="it cannot be read"):
        load_estate(tmp_path / "none.yaml", now=START, new_id=numbered_ids())
    with pytest.raises(BadEstate, match="it cannot be read"):
        load(tmp_path, "a: [")


def test_the_reference_file_says_what_its_entries_mean() -> None:
    assert REFERENCE.read_text().startswith("# ")
