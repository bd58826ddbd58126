"""Bodies against Microsoft's models."""

import copy
import functools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.arm import body_of, wrong_fields
from tests.support.service import Service, a_service, policy, service_body
from twin.azure.rules.models import writable
from twin.azure.store import Store

BACKEND = {"url": "https://a.example", "protocol": "http"}


def test_an_unknown_property_is_refused_with_its_place(service: Service) -> None:
    body = {"properties": {**BACKEND, "uri": "x", "tls": {"verify": True}}, "colour": "red"}
    assert sorted(wrong_fields(service.put("/backends/a", body))) == [
        ("colour", "'colour' is not a property of Microsoft.ApiManagement/service/backends"),
        ("tls.verify", "'tls.verify' is not a property of Microsoft.ApiManagement/service/backends"),
        ("uri", "'uri' is not a property of Microsoft.ApiManagement/service/backends"),
    ]


def test_an_unknown_property_inside_a_list_is_refused_with_its_index(service: Service) -> None:
    service.backend("a")
    member = {"id": "/backends/a", "wait": 1}
    body = {"properties": {"type": "Pool", "pool": {"services": [member]}}}
    assert wrong_fields(service.put("/backends/pool", body)) == [
        (
            "pool.services[0].wait",
            "'pool.services[0].wait' is not a property of Microsoft.ApiManagement/service/backends",
        )
    ]


def test_a_managed_identity_credential_is_not_in_this_version_of_the_api(service: Service) -> None:
    body = {"properties": {**BACKEND, "credentials": {"managedIdentity": {"resource": "https://a"}}}}
    assert [target for target, _ in wrong_fields(service.put("/backends/a", body))] == ["credentials.managedIdentity"]


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"url": 5}, ("url", "'url' should be of type 'string' but got the number 5")),
        ({"pool": "a"}, ("pool", "'pool' should be of type 'object' but got a string")),
        (
            {"description": "x" * 2001},
            ("description", "'description' is too long (2001): at most 2000 characters allowed"),
        ),
        ({"title": ""}, ("title", "'title' is too short (0): at least 1 characters required")),
    ],
)
def test_a_value_of_a_wrong_type_or_length_is_refused(
    service: Service, properties: dict[str, Any], problem: tuple[str, str]
) -> None:
    assert wrong_fields(service.put("/backends/a", {"properties": {**BACKEND, **properties}})) == [problem]


def test_properties_that_are_no_object_are_refused(service: Service) -> None:
    assert wrong_fields(service.put("/backends/a", {"properties": "url"})) == [
        ("properties", "'properties' should be of type 'object'")
    ]


def test_read_only_properties_may_be_sent_and_are_ignored(service: Service) -> None:
    service.api()
    body = body_of(service.get("/apis/openai"))
    body["properties"].update(isOnline=False, provisioningState="Made up")
    assert service.put("/apis/openai", body).status == 200
    assert service.properties("/apis/openai")["isOnline"] is True
    assert service.properties("/apis/openai")["provisioningState"] == "Succeeded"


def test_a_service_may_be_put_as_it_was_got(service: Service) -> None:
    before = body_of(service.get(""))
    assert service.put("", before).status == 200
    after = body_of(service.get(""))
    assert after["properties"] == before["properties"]
    assert after["sku"] == before["sku"]


def test_null_means_that_a_property_is_not_there(service: Service) -> None:
    service.backend("a")
    nulls = {"url": None, "protocol": None, "title": None}
    body = {"properties": {"type": "Pool", "pool": {"services": [{"id": "/backends/a"}]}, **nulls}}
    assert service.put("/backends/pool", body).status == 201
    assert set(service.properties("/backends/pool")) == {"type", "pool"}


def test_only_what_a_user_may_write_is_kept() -> None:
    body = {"id": "/x", "etag": "e", "properties": {"displayName": "a", "path": "a", "isOnline": True}}
    assert writable("apimanagement:Api", body) == {"properties": {"displayName": "a", "path": "a"}}


WORDS = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12).filter(lambda word: word.strip("-") == word)
CODES = st.integers(200, 599)
RANGES = st.lists(
    st.tuples(CODES, CODES).map(sorted).map(lambda pair: {"min": pair[0], "max": pair[1]}), min_size=1, max_size=10
)
DURATIONS = st.builds(lambda number, unit: f"PT{number}{unit}", st.integers(1, 999), st.sampled_from("HMS"))
BREAKERS = st.builds(
    lambda name, count, interval, trip, ranges, accept: {
        "rules": [
            {
                "name": name,
                "failureCondition": {"count": count, "interval": interval, "statusCodeRanges": ranges},
                "tripDuration": trip,
                "acceptRetryAfter": accept,
            }
        ]
    },
    WORDS,
    st.integers(1, 10000),
    DURATIONS,
    DURATIONS,
    RANGES,
    st.booleans(),
)
BACKENDS = st.fixed_dictionaries(
    {"url": WORDS.map(lambda word: f"https://{word}.example/openai"), "protocol": st.sampled_from(["http", "soap"])},
    optional={
        "title": st.text(min_size=1, max_size=300),
        "description": st.text(min_size=1, max_size=50),
        "circuitBreaker": BREAKERS,
        "tls": st.fixed_dictionaries({"validateCertificateChain": st.booleans()}),
    },
)


@settings(max_examples=30, deadline=None)
@given(BACKENDS)
def test_a_backend_that_was_taken_comes_back_as_it_was_put(properties: dict[str, Any]) -> None:
    service = a_service()
    assert service.put("/backends/a", {"properties": properties}).status == 201
    assert service.properties("/backends/a") == {**properties, "type": "Single"}


VALID: dict[str, dict[str, Any]] = {
    "": service_body(),
    "/backends/a": {
        "url": "https://a.example",
        "protocol": "http",
        "credentials": {"header": {"a": ["b"]}},
        "circuitBreaker": {
            "rules": [
                {
                    "name": "r",
                    "failureCondition": {
                        "count": 1,
                        "interval": "PT1S",
                        "statusCodeRanges": [{"min": 429, "max": 429}],
                        "errorReasons": ["x"],
                    },
                    "tripDuration": "PT1S",
                }
            ]
        },
    },
    "/backends/pool": {"type": "Pool", "pool": {"services": [{"id": "/backends/b", "priority": 1, "weight": 1}]}},
    "/apis/a": {"displayName": "a", "path": "a", "subscriptionKeyParameterNames": {"header": "h"}},
    "/apis/openai/operations/a": {
        "displayName": "a",
        "method": "POST",
        "urlTemplate": "/{a}",
        "templateParameters": [{"name": "a", "type": "string"}],
    },
    "/apis/openai/policies/policy": policy("<set-variable name='a' value='b' />")["properties"],
    "/namedValues/a": {"displayName": "a", "value": "b", "secret": True, "tags": ["t"]},
    "/subscriptions/a": {"displayName": "a", "scope": "/apis/openai", "primaryKey": "k"},
    "/loggers/a": {"loggerType": "applicationInsights", "credentials": {"instrumentationKey": "k"}},
    "/diagnostics/azuremonitor": {"loggerId": "/loggers/monitor", "frontend": {"request": {"body": {"bytes": 1}}}},
    "/policyFragments/a": {"value": "<fragment />", "format": "xml"},
    "/products/a": {"displayName": "a", "state": "published"},
}
JUNK: list[Any] = [None, True, 0, -1, 10**12, 1.5, "", "x", "{{none}}", "/", "a" * 5000, "\x00", "\ud800"]
JUNK += [[], {}, [None], ["x"], [[]], [{}], {"x": 1}, {"": None}, {"id": "/backends/b"}, [{"id": 1}]]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a body, without the body itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in items for found in [(*path, key), *places(inner, (*path, key))]]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(VALID)), st.integers(0, 30), st.sampled_from(JUNK))
def test_whatever_is_sent_azure_answers_and_a_refusal_changes_nothing(path: str, place: int, junk: Any) -> None:
    service = a_service()
    service.backend("b")
    service.api()
    service.made("/loggers/monitor", loggerType="azureMonitor")
    body = copy.deepcopy(VALID[path] if path == "" else {"properties": VALID[path]})
    *way, last = places(body)[place % len(places(body))]
    functools.reduce(lambda inner, step: inner[step], way, body)[last] = junk
    before = service.azure.endpoint.store.text()
    answer = service.put(path, body)
    assert answer.status in (200, 201, 400, 409)
    if answer.status >= 400:
        assert service.azure.endpoint.store.text() == before
        assert body_of(answer)["error"]["code"]
    else:
        assert service.get(path).status == 200
        text = service.azure.endpoint.store.text()
        assert Store.parse(text).text() == text
