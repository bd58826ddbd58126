"""Faults and received requests of the accounts, over HTTP's verbs."""

import pytest

from tests.support.accounts import PRINCIPAL, SECRET, USER, request
from tests.support.arm import body_of, local_azure
from twin.azure.messages import Answer, Call
from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import VirtualClock
from twin.gateway.accounts import Accounts
from twin.gateway.controls import handle
from twin.openai.account import Account
from twin.openai.fault_documents import EFFECTS

FAULTS = "/_twin/accounts/aoai-eus2-1/faults"
REQUESTS = "/_twin/accounts/aoai-eus2-1/requests"


class Controls:
    """The accounts of the reference estate, and whoever controls them."""

    def __init__(self) -> None:
        self.azure, self.clock = local_azure(), VirtualClock()
        issuer = Issuer("tenant", SECRET)
        self.accounts = Accounts(lambda: self.azure.endpoint.store, self.clock, Chance(1), issuer, keep=10)

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        answer = handle(Call(method, path, body=body), self.accounts, self.clock.now())
        assert answer is not None
        return answer

    def account(self, name: str = "aoai-eus2-1") -> Account:
        found = self.accounts.named(name)
        assert found is not None
        return found

    def call(self, **headers: str) -> int:
        """A call, without credentials unless they are given: 401, unless something is broken."""
        statuses: list[int] = []

        async def work() -> None:
            statuses.append((await self.account().answer(request(headers=headers, raw=b"{}"))).status)

        self.clock.start(work())
        self.clock.run()
        return statuses[0]


def test_a_fault_is_put_in_force_told_and_healed():
    controls = Controls()
    made = controls.ask("POST", FAULTS, {"status": 503, "for": 60})
    assert (made.status, made.body) == (201, {"status": 503, "for": 60})
    assert controls.call() == 503
    controls.clock.run(until=controls.clock.now() + 10)
    assert controls.ask("GET", FAULTS).body == [{"status": 503, "for": 50}]
    assert controls.ask("DELETE", FAULTS).status == 204
    assert controls.call() == 401


def test_a_fault_that_is_over_is_told_no_more():
    controls = Controls()
    controls.ask("POST", FAULTS, {"status": 503, "for": 60})
    controls.clock.run(until=controls.clock.now() + 60)
    assert controls.ask("GET", FAULTS).body == []


def test_put_replaces_all_faults_and_the_first_counts():
    controls = Controls()
    controls.ask("POST", FAULTS, {"latency": 1})
    told = controls.ask("PUT", FAULTS, [{"status": 429, "retryAfter": 5}, {"status": 500}])
    assert (told.status, told.body) == (200, [{"status": 429, "retryAfter": 5}, {"status": 500}])
    assert controls.call() == 429


def test_a_bad_fault_changes_nothing_and_is_told_with_all_that_is_wrong():
    controls = Controls()
    controls.ask("POST", FAULTS, {"status": 503})
    answer = controls.ask("PUT", FAULTS, [{"status": 503}, {"status": 1, "x": 2}, {}])
    error = body_of(answer)["error"]
    assert (answer.status, error["code"]) == (400, "BadFault")
    assert [line.partition(" is")[0] for line in error["message"].splitlines()] == [
        "[1]: x",
        "[1]: status",
        f"[2]: it must have exactly one of {', '.join(EFFECTS)}, not none",
    ]
    assert controls.ask("POST", FAULTS, "nonsense").status == 400
    assert controls.ask("PUT", FAULTS, {"status": 503}).status == 400
    assert controls.ask("GET", FAULTS).body == [{"status": 503}]


def test_all_accounts_are_healed_at_once():
    controls = Controls()
    for name in ("aoai-eus2-1", "aoai-eus-2"):
        controls.ask("POST", f"/_twin/accounts/{name}/faults", {"connection": "hang"})
    assert controls.ask("DELETE", "/_twin/faults/accounts").status == 204
    assert [one["faults"] for one in controls.ask("GET", "/_twin/accounts").body] == [[], [], []]  # type: ignore[union-attr]


def test_received_requests_are_told_without_secrets_and_forgotten_on_demand():
    controls = Controls()
    controls.call()
    [told] = controls.ask("GET", REQUESTS).body  # type: ignore[misc]
    assert {key: told[key] for key in ("method", "path", "headers", "body_bytes", "status")} == {
        "method": "POST",
        "path": "/openai/deployments/gpt-4o/chat/completions",
        "headers": {},
        "body_bytes": 2,
        "status": 401,
    }
    assert controls.ask("DELETE", REQUESTS).status == 204
    assert controls.ask("GET", REQUESTS).body == []


def test_the_accounts_are_listed_with_their_state():
    controls = Controls()
    controls.call()
    controls.ask("POST", FAULTS, {"latency": 2})
    listed = controls.ask("GET", "/_twin/accounts").body
    assert isinstance(listed, list)
    assert listed[0] == {
        "name": "aoai-eus2-1",
        "host": "aoai-eus2-1.openai.azure.com",
        "region": "eastus2",
        "deployments": ["*"],
        "requests": 1,
        "faults": [{"latency": 2}],
    }
    assert [one["name"] for one in listed] == ["aoai-eus2-1", "aoai-eus-1", "aoai-eus-2"]


def test_a_token_calls_as_the_identity_that_it_was_asked_for():
    controls = Controls()
    answer = controls.ask("POST", "/_twin/tokens", {"principalId": PRINCIPAL})
    headers = {"Authorization": f"Bearer {body_of(answer)['access_token']}"}
    assert controls.call(**headers) == 401  # it has no role yet
    account = "/resourceGroups/rg-openai/providers/Microsoft.CognitiveServices/accounts/aoai-eus2-1"
    role = f"{controls.azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{USER}"
    properties = {"principalId": PRINCIPAL, "roleDefinitionId": role, "principalType": "User"}
    path = f"{account}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-0000-0000-000000000000"
    assert controls.azure.put(path, {"properties": properties}).status == 201
    assert controls.call(**headers) == 400  # it gets as far as the body, which is no chat


@pytest.mark.parametrize("body", [None, [], {}, {"principalId": 5}, {"principalId": ""}])
def test_a_token_of_nobody_is_refused(body: object):
    assert Controls().ask("POST", "/_twin/tokens", body).status == 400


@pytest.mark.parametrize("part", ["faults", "requests"])
def test_an_unknown_account_is_told_with_those_that_exist(part: str):
    answer = Controls().ask("GET", f"/_twin/accounts/aoai-eus2/{part}")
    assert answer.status == 404
    assert body_of(answer)["error"]["message"] == (
        "There is no simulated account aoai-eus2. Accounts here: aoai-eus2-1, aoai-eus-1, aoai-eus-2."
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", REQUESTS),
        ("PATCH", FAULTS),
        ("POST", "/_twin/accounts"),
        ("GET", "/_twin/faults/accounts"),
        ("GET", "/_twin/tokens"),
    ],
)
def test_another_verb_is_refused(method: str, path: str):
    assert Controls().ask(method, path).status == 405


@pytest.mark.parametrize("path", ["/_twin/requests", "/_twin/faults", "/_twin/accounts/a/b", "/subscriptions"])
def test_all_other_calls_are_left_to_others(path: str):
    controls = Controls()
    assert handle(Call("GET", path), controls.accounts, controls.clock.now()) is None
