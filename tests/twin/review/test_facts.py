"""What is said of a deployment: in words where there are some, and else every property; nothing that is random."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reviewed import add, changes_between, rows, service_of
from tests.support.simulated import reference_store
from twin.azure.store import Resource, Store
from twin.review.facts import Name, deployment_of

GUID = re.compile(r"\b[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\b")


def said() -> dict[str, str]:
    facts = deployment_of(reference_store()).facts
    return {f"{name.thing}, {name.side}": fact for name, fact in facts.items()}


def test_a_deployment_is_told_in_the_words_of_its_readers():
    facts = said()

    assert facts["the service, tier"] == "Developer, 1 unit"
    assert facts["API openai, path"] == "/openai"
    assert facts["API openai, key"] == "in header api-key"
    assert facts["operation post-any-path of API openai, "] == "POST /{*path}"
    assert facts["subscription team-a, opens"] == "API openai"
    assert facts["backend aoai-eus-1, address"] == "https://aoai-eus-1.openai.azure.com/openai"
    assert facts["backend aoai-eus-1, circuit breaker"] == (
        "opens at one failure (429, 502-504) for 10 s, or as long as Retry-After says"
    )
    assert facts["pool openaiopool, member aoai-eus2-1"] == "priority 1, weight 1 of 1"
    assert facts["pool openaiopool, member aoai-eus-1"] == "priority 2, weight 1 of 2"


def test_a_role_is_told_of_what_it_is_on_and_whose_it_is():
    """The caller's role comes from the simulation that the tests use."""
    assert said()["account aoai-eus-1, role Cognitive Services OpenAI User"] == (
        "00000000-0000-0000-0000-0000000000cc and the identity of the service"
    )


def test_what_was_there_before_the_program_is_left_out():
    store = reference_store()
    before = {one.id.lower() for one in store.all() if "/rg-ai-gateway-dev/" not in one.id}

    things = deployment_of(store, before).things

    assert "account aoai-eus-1" in deployment_of(store).things
    assert not any(thing.startswith("account ") for thing in things)
    assert "pool openaiopool" in things


def test_accounts_that_only_a_simulation_made_are_left_out():
    store = reference_store()
    accounts = "/subscriptions/s/resourceGroups/rg-simulated/providers/Microsoft.CognitiveServices/accounts"
    store.put(Resource(f"{accounts}/far", "cognitiveservices:Account"))

    assert "account far" not in deployment_of(store).things


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"count": 3, "interval": "PT1M"}, "opens at 3 failures within 60 s (429, 502-504) for 10 s, or as long as"),
        ({"tripDuration": "PT1M30S"}, "opens at one failure (429, 502-504) for 90 s, or as long as Retry-After says"),
        ({"acceptRetryAfter": False}, "opens at one failure (429, 502-504) for 10 s, whatever Retry-After says"),
        ({"statusRanges": [{"min": 429, "max": 429}]}, "opens at one failure (429) for 10 s"),
    ],
)
def test_a_breaker_is_a_sentence(rule: dict[str, object], told: str):
    facts = deployment_of(reference_store(breaker=rule)).facts

    assert facts[Name("backend aoai-eus-1", "circuit breaker")].startswith(told)


def test_a_backend_without_a_breaker_never_leaves_a_pool():
    store = reference_store()
    add(store, "backends/bare", "apimanagement:Backend", {"url": "https://bare.example.com", "type": "Single"})

    assert deployment_of(store).facts[Name("backend bare", "circuit breaker")] == "none: it never leaves a pool"


def test_nothing_random_is_told():
    store = reference_store()
    deployment = deployment_of(store, {one.id.lower() for one in store.all("authorization:RoleAssignment")})
    told = json.dumps([*deployment.facts.values(), *deployment.properties.values(), *deployment.policies.values()])

    assert service_of(store).name == "ai-gateway-apim01234567"
    assert "01234567" not in told
    assert not GUID.search(told)
    assert not re.search(r"\d{4}-\d\d-\d\dT", told)


def test_the_same_program_deployed_again_is_the_same_deployment():
    """Another day, other keys, another suffix of the service's name, other GUIDs for all that Azure gives one."""
    first = reference_store().text()
    second = first.replace("apim01234567", "apim89abcdef").replace("2023-11-14T22", "2026-02-03T04")
    for number, guid in enumerate(sorted(set(re.findall(r"0{8}-0000-0000-0000-0{10}aa", first)))):
        second = second.replace(guid, f"12345678-9abc-4def-8123-{number:012}")
    assert second != first

    assert not changes_between(Store.parse(first), Store.parse(second))


def test_credentials_are_neither_shown_nor_compared_but_a_reference_to_a_named_value_is():
    before, after = reference_store(), reference_store()
    backend = {"url": "https://x.example.com", "type": "Single", "protocol": "http"}
    for store, key, value in ((before, "s3cret", "{{one}}"), (after, "an0ther", "{{two}}")):
        credentials = {"header": {"api-key": [key], "x-from": [value]}, "query": {"sig": [key]}}
        add(store, "backends/x", "apimanagement:Backend", {**backend, "credentials": credentials})

    told = deployment_of(after)

    assert "an0ther" not in json.dumps(list(told.properties.values()))
    assert rows(changes_between(before, after)) == [("backend x", "credentials.header.x-from", "{{one}}", "{{two}}")]


PARENTS = {
    "the service": ("apimanagement:ApiManagementService", "publisherName"),
    "API openai": ("apimanagement:Api", "description"),
    "operation post-any-path of API openai": ("apimanagement:ApiOperation", "description"),
    "subscription team-a": ("apimanagement:Subscription", "displayName"),
    "resource group rg-openai": ("resources:ResourceGroup", "managedBy"),
    "account aoai-eus2-1": ("cognitiveservices:Account", "publicNetworkAccess"),
    "Application Insights appi-gateway": ("applicationinsights:Component", "RetentionInDays"),
}


@given(thing=st.sampled_from(sorted(PARENTS)), value=st.text("abc &<|`*", min_size=1) | st.integers() | st.booleans())
def test_no_property_changes_unnoticed(thing: str, value: object):
    token, key = PARENTS[thing]
    before, after = reference_store(), reference_store()
    one = next(after.all(token))
    after.put(Resource(one.id, one.token, {**one.body, "properties": {**one.properties, key: value}}, one.private))

    told = rows(changes_between(before, after))

    assert [(changed, side) for changed, side, _, _ in told] == [(thing, key)]
    assert told[0][3] == (value if isinstance(value, str) else json.dumps(value))


OTHERS = {
    "diagnostic applicationinsights of API openai": ("ApiDiagnostic", "apis/openai/diagnostics/applicationinsights"),
    "logger appi": ("Logger", "loggers/appi"),
    "named value limit": ("NamedValue", "namedValues/limit"),
    "product gold": ("Product", "products/gold"),
}


@pytest.mark.parametrize("thing", OTHERS)
def test_any_other_type_is_told_by_type_and_name_with_the_properties_that_differ(thing: str):
    token, path = OTHERS[thing]
    nothing, first, second = reference_store(), reference_store(), reference_store()
    for store, level in ((first, "low"), (second, "high")):
        properties = {"displayName": "d", "level": {"of": level, "tags": ["a", "b"]}, "value": "1"}
        add(store, path, f"apimanagement:{token}", properties, {"value": "1"})

    assert rows(changes_between(nothing, first)) == [(thing, "", "", "is there")]
    assert rows(changes_between(first, second)) == [(thing, "level.of", "low", "high")]
    assert rows(changes_between(second, nothing)) == [(thing, "", "is there", "")]


def test_with_several_services_each_thing_has_the_name_of_its_own():
    store = reference_store()
    service = service_of(store)
    store.put(Resource(service.id.replace(service.name, "apim-other"), service.token, service.body))

    things = deployment_of(store).things

    assert {"ai-gateway-apim…: the service", "apim-other: the service", "ai-gateway-apim…: API openai"} <= things
