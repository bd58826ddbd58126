"""What a change of the configuration changes, and who may be affected: each case from the two deployments."""

from typing import Any

import pytest

from tests.support.reviewed import backends, changed, changes_between, rows, service_of
from tests.support.simulated import reference_store
from twin.azure.store import Resource

POLICY_CHANGES = "Every caller of API openai: the policy changes."


@pytest.mark.parametrize("changes", [{}, {"policy": {"replayBody": False}}, {"backends": backends(aoai_eus_2=None)}])
def test_a_deployment_compared_with_itself_changes_nothing(changes: dict[str, Any]):
    same = changes_between(reference_store(**changes), reference_store(**changes))

    assert not same
    assert (same.facts, same.policies, same.affected, same.beside) == ((), (), (), ())


def test_another_weight_is_told_with_the_share_that_it_means():
    found = changed(backends=backends(aoai_eus_1={"weight": 3}))

    assert rows(found) == [
        ("pool openaiopool", "member aoai-eus-1", "priority 2, weight 1 of 2", "priority 2, weight 3 of 4"),
        ("pool openaiopool", "member aoai-eus-2", "priority 2, weight 1 of 2", "priority 2, weight 1 of 4"),
    ]


def test_another_priority_changes_the_pools_beside_as_well_and_the_policy_that_names_them():
    found = changed(backends=backends(aoai_eus_2={"priority": 3}))

    assert rows(found) == [
        ("pool openaiopool", "member aoai-eus-1", "priority 2, weight 1 of 2", "priority 2, weight 1 of 1"),
        ("pool openaiopool", "member aoai-eus-2", "priority 2, weight 1 of 2", "priority 3, weight 1 of 1"),
    ]
    assert found.beside
    assert all(pool.startswith("pool openaiopool-") for pool in found.beside)


def test_a_member_that_goes_takes_its_backend_and_its_role_along():
    found = changed(backends=backends(aoai_eus_2=None))

    assert [row[:2] for row in rows(found) if row[3] == ""] == [
        ("backend aoai-eus-2", "address"),
        ("backend aoai-eus-2", "circuit breaker"),
        ("pool openaiopool", "member aoai-eus-2"),
    ]
    assert [row[1] for row in rows(found) if row[0] == "account aoai-eus-2"] == ["role Cognitive Services OpenAI User"]
    assert found.affected == (
        "Whoever keeps files, batches or stored responses on backend aoai-eus-2: no call goes there any more.",
        POLICY_CHANGES,
    )


def test_of_a_member_that_is_new_nobody_keeps_anything_yet():
    before, after = reference_store(backends=backends(aoai_eus_2=None)), reference_store()
    found = changes_between(before, after)

    assert ("pool openaiopool", "member aoai-eus-2", "", "priority 2, weight 1 of 2") in rows(found)
    assert found.affected == (POLICY_CHANGES,)


def test_another_address_under_the_same_name_is_told_to_whoever_is_served_there():
    found = changed(backends=backends(aoai_eus_2={"account": {"name": "aoai-new", "resourceGroup": "rg-openai"}}))

    assert (
        "backend aoai-eus-2",
        "address",
        "https://aoai-eus-2.openai.azure.com/openai",
        "https://aoai-new.openai.azure.com/openai",
    ) in rows(found)
    assert found.affected == (
        "Whoever is served by backend aoai-eus-2: its calls go to https://aoai-new.openai.azure.com/openai.",
    )


def test_another_breaker_changes_the_policy_that_keeps_its_books():
    found = changed(breaker={"statusRanges": [{"min": 429, "max": 429}]})

    assert {row[1] for row in rows(found)} == {"circuit breaker"}
    assert len(rows(found)) == 3
    assert [line[0] for line in found.lines] == [
        "circuit breaker: backend aoai-eus-1, backend aoai-eus-2, backend aoai-eus2-1"
    ]
    assert [(one.owner, one.added, one.removed) for one in found.policies] == [("API openai", 1, 1)]


def test_another_path_has_to_be_changed_by_callers_too():
    found = changed(api={"path": "ai/openai"})

    assert rows(found) == [("API openai", "path", "/openai", "/ai/openai")]
    assert found.affected == (
        "Callers of API openai: its path changes from /openai to /ai/openai, and they have to change it as well.",
    )


def test_a_method_that_is_gone_is_told_to_its_callers():
    found = changes_between(reference_store(api={"methods": ["POST", "GET"]}), reference_store())

    assert rows(found) == [("operation get-any-path of API openai", "", "GET /{*path}", "")]
    assert found.affected == ("Callers of operation get-any-path of API openai (GET /{*path}): it is gone.",)


def test_a_subscription_that_is_gone_opens_nothing_and_a_new_one_affects_nobody():
    found = changed(subscriptions=["team-b"])

    assert rows(found) == [
        ("subscription team-a", "opens", "API openai", ""),
        ("subscription team-b", "opens", "", "API openai"),
    ]
    assert found.affected == ("Holders of a key of subscription team-a: it opens nothing any more.",)


def test_a_subscription_that_is_suspended_says_so():
    before, after = reference_store(), reference_store()
    [one] = after.all("apimanagement:Subscription")
    body = {**one.body, "properties": {**one.properties, "state": "suspended"}}
    after.put(Resource(one.id, one.token, body, one.private))

    assert changes_between(before, after).affected == (
        "Holders of a key of subscription team-a: it opens API openai, but is suspended.",
    )


KEYS = [
    ({"subscriptionRequired": False}, "whoever reaches the service needs no key any more."),
    (
        {"subscriptionKeyParameterNames": {"header": "x-key", "query": "api-key"}},
        "their key is looked for in header x-key and no longer in header api-key.",
    ),
]


@pytest.mark.parametrize(("properties", "told"), KEYS)
def test_callers_are_told_where_their_key_goes(properties: dict[str, Any], told: str):
    before, after = reference_store(), reference_store()
    [api] = after.all("apimanagement:Api")
    after.put(Resource(api.id, api.token, {"properties": {**api.properties, **properties}}))

    assert changes_between(before, after).affected == (f"Callers of API openai: {told}",)


def test_callers_are_told_that_they_need_a_key_from_now_on():
    before, after = reference_store(), reference_store()
    [api] = before.all("apimanagement:Api")
    before.put(Resource(api.id, api.token, {"properties": {**api.properties, "subscriptionRequired": False}}))

    assert changes_between(before, after).affected == (
        "Callers of API openai: they need a key from now on, in header api-key.",
    )


def test_an_api_that_is_gone_takes_operations_and_policy_along():
    before, after = reference_store(), reference_store()
    after.delete(f"{service_of(after).id}/apis/openai")
    after.delete(f"{service_of(after).id}/subscriptions/team-a")

    assert changes_between(before, after).affected == (
        "Callers of API openai: it is gone.",
        "Callers of operation post-any-path of API openai (POST /{*path}): it is gone.",
        "Holders of a key of subscription team-a: it opens nothing any more.",
    )


@pytest.mark.filterwarnings("ignore")
def test_another_tier_affects_every_caller():
    service = {"publisherEmail": "platform@example.com", "publisherName": "Platform team", "sku": "Premium"}
    found = changed(service=service)

    assert rows(found) == [("the service", "tier", "Developer, 1 unit", "Premium, 1 unit")]
    assert found.affected == ("Every caller: the service moves to another tier, which has limits of its own.",)


def test_a_policy_is_compared_line_by_line_as_azure_gives_it_back():
    [policy] = changed(policy={"requestTimeout": 100}).policies

    changed_lines = [line for line in policy.diff[2:] if line.startswith(("+", "-"))]
    assert (policy.owner, policy.added, policy.removed) == ("API openai", 3, 3)
    assert all(("230" in line) == line.startswith("-") for line in changed_lines)
    assert all(("100" in line) == line.startswith("+") for line in changed_lines)


def test_the_code_of_an_expression_keeps_its_lines():
    [policy] = changed(policy={"replayBody": False}).policies

    assert max(len(line) for line in policy.diff) < 400


def test_a_policy_of_the_whole_service_affects_every_caller_of_it():
    before, after = reference_store(), reference_store()
    [policy] = after.all("apimanagement:Policy")
    text = "<policies><inbound /><backend><forward-request timeout='9' /></backend><outbound /><on-error /></policies>"
    after.put(Resource(policy.id, policy.token, policy.body, {"value": text, "format": "xml"}))

    assert changes_between(before, after).affected == ("Every caller of the service: the policy changes.",)


def test_a_fragment_affects_the_callers_of_whatever_includes_it():
    before, after = reference_store(), reference_store()
    for store, name in ((before, "a"), (after, "b")):
        id = f"{service_of(store).id}/policyFragments/limits"
        text = f"<fragment><set-variable name='{name}' value='1' /></fragment>"
        store.put(Resource(id, "apimanagement:PolicyFragment", {"properties": {}}, {"value": text, "format": "xml"}))

    assert changes_between(before, after).affected == (
        "Every caller of an API whose policy includes policy fragment limits: the text changes.",
    )
