"""The account never sees the caller's key, and the caller never sees the gateway's token."""

import json

import pytest

from tests.support.pools import pool
from tests.support.reference import PRINCIPAL
from tests.support.trial import Trial
from twin.messages import Headers, Request, Url


def presented(trial: Trial, how: str, *, bearer: str = "") -> Request:
    """A call whose key stands in the header, in the query or in both, with an Authorization if one is given."""
    request, key = trial.request(stream=True), trial.simulation.door.key
    fields = [field for field in request.headers if field[0].lower() not in ("api-key", "authorization")]
    header = [("api-key", key)] if how in ("header", "both") else []
    token = [("Authorization", f"Bearer {bearer}")] if bearer else []
    query = (("api-key", key),) if how in ("query", "both") else ()
    url = Url(request.url.path, (*request.url.query, *query))
    return Request("POST", url, Headers([*fields, *header, *token]), request.body)


def all_of(request: Request) -> str:
    return "\n".join([str(request.url), *(f"{name}: {value}" for name, value in request.headers)])


@pytest.mark.parametrize("how", ["header", "query", "both"])
@pytest.mark.parametrize("repeated", [True, False])
def test_the_account_sees_the_gateways_token_and_nothing_of_the_callers_key(how: str, repeated: bool):
    trial = Trial(pool("3 tiered"))
    trial.fault("aoai-1", status=429)
    key = trial.simulation.door.key
    heard = trial.call(presented(trial, how, bearer=key if repeated else ""))
    assert (heard.status, len(heard.sent)) == (200, 2)
    for sent in heard.sent:
        assert key not in all_of(sent)
        assert "api-key" not in sent.headers
        scheme, _, token = sent.headers.get("Authorization").partition(" ")
        assert scheme == "Bearer"
        claims = trial.simulation.issuer.read(token)
        assert claims is not None
        assert (claims.principal_id, claims.audience) == (PRINCIPAL, "https://cognitiveservices.azure.com")
        assert token not in heard.text + str(heard.headers)
    assert trial.revealed(heard) == []


@pytest.mark.parametrize("how", ["header", "query", "both"])
def test_without_an_identity_the_account_sees_the_callers_token_and_nothing_of_the_key(how: str):
    trial = Trial(pool("3 tiered"), policy={"managedIdentity": False})
    token = trial.token()
    heard = trial.call(presented(trial, how, bearer=token))
    assert heard.status == 200
    assert heard.sent[0].headers.get("Authorization") == f"Bearer {token}"
    assert trial.simulation.door.key not in all_of(heard.sent[0])


@pytest.mark.parametrize("how", ["header", "query", "both"])
def test_without_an_identity_a_bearer_that_repeats_the_key_does_not_reach_the_account(how: str):
    trial = Trial(pool("3 tiered"), policy={"managedIdentity": False})
    heard = trial.call(presented(trial, how, bearer=trial.simulation.door.key))
    assert heard.status == 401, "the account's own: it got no token at all"
    assert "Authorization" not in heard.sent[0].headers
    assert trial.simulation.door.key not in all_of(heard.sent[0])


def test_a_bearer_alone_opens_nothing():
    trial = Trial(pool("3 tiered"))
    heard = trial.call(presented(trial, "not at all", bearer=trial.simulation.door.key))
    assert (heard.status, heard.sent) == (401, [])


def test_a_secondary_key_opens_the_api_and_stays_at_the_gateway_too():
    trial = Trial(pool("3 tiered"))
    subscription = trial.resource("Subscription")
    key = subscription.private["secondaryKey"]
    request = trial.request()
    request.headers.set("api-key", key)
    heard = trial.call(request)
    assert heard.status == 200
    assert key not in all_of(heard.sent[0])


def test_the_rest_of_a_request_reaches_the_account_as_it_was_sent():
    trial = Trial(pool("3 tiered"))
    request = trial.request()
    request.headers.add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    sent = trial.call(request).sent[0]
    assert sent.body == request.body
    assert json.loads(sent.body)["messages"]
    assert sent.url.query == request.url.query
    assert sent.url.path == request.url.path
    assert sent.headers.get("traceparent") == request.headers.get("traceparent")
