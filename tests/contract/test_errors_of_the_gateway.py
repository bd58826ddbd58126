"""What the gateway itself refuses or cannot do, in Azure OpenAI's shape."""

from dataclasses import replace

import pytest

from tests.support.pools import each_shape, pool
from tests.support.trial import Heard, Trial
from twin.messages import Headers, Request

SKIPPED = {"S20": "skipped"}
"""The API's on-error does not run for these: the gateway's own words remain."""


def with_key(request: Request, key: str | None) -> Request:
    kept = [field for field in request.headers if field[0] != "api-key"]
    return Request(request.method, request.url, Headers([*kept, *([("api-key", key)] if key else [])]), request.body)


def told(heard: Heard) -> tuple[int, str, str]:
    return heard.status, heard.error["code"], heard.headers.get("x-should-retry")


@each_shape()
@pytest.mark.parametrize("key", [None, "wrong", ""])
def test_a_key_that_is_missing_or_wrong_is_401(shape: str, identity: bool, key: str | None):
    trial = Trial(pool(shape), policy={"managedIdentity": identity})
    heard = trial.call(with_key(trial.request(), key))
    assert told(heard) == (401, "401", "false")
    assert heard.error["message"] == "Access denied: send a valid key of this gateway in the header api-key."
    assert heard.attempts == []
    assert trial.revealed(heard) == []


@each_shape()
@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/openai/x"), ("DELETE", "/openai/files/1"), ("OPTIONS", "/openai/x")]
)
def test_an_operation_that_does_not_exist_is_404(shape: str, identity: bool, method: str, path: str):
    trial = Trial(pool(shape), policy={"managedIdentity": identity})
    heard = trial.call(trial.request(path, method))
    assert told(heard) == (404, "404", "false")
    assert heard.error["message"] == "This gateway has no such operation."
    assert heard.attempts == []
    assert trial.revealed(heard) == []


def test_where_the_apis_on_error_does_not_run_for_them_the_status_is_the_same():
    trial = Trial(pool("3 tiered"), SKIPPED)
    for request, status in (
        (with_key(trial.request(), "wrong"), 401),
        (trial.request("/openai/x", "PUT"), 404),
        (trial.request("/elsewhere", "POST"), 404),
    ):
        heard = trial.call(request)
        assert (heard.status, heard.attempts) == (status, [])
        assert "statusCode" in heard.text, "the gateway's own words, not the policy's"
        if status == 404:
            assert trial.revealed(heard) == []


def test_no_token_for_the_gateways_identity_is_500_and_names_nothing():
    trial = Trial(pool("3 tiered"))
    service = trial.resource("ApiManagementService")
    trial.simulation.store.put(replace(service, body={**service.body, "identity": None}))
    heard = trial.call()
    assert told(heard) == (500, "gateway_error", "true")
    assert heard.error["message"] == "The gateway could not handle this call."
    assert heard.attempts == []
    assert trial.faulted[-1].reason == "ManagedIdentityTokenAcquisitionFailure"


def test_a_backend_that_is_gone_is_500_and_names_nothing():
    trial = Trial(pool("1"))
    trial.remove("Backend", "openaiopool")
    heard = trial.call()
    assert told(heard) == (500, "gateway_error", "true")
    assert "openaiopool" not in heard.text


def test_an_expression_that_fails_is_500_and_names_nothing():
    """Somebody has put something else where the policy keeps its closing times."""
    trial = Trial(pool("3 tiered"))
    cache = trial.service.region.cache
    trial.fault(status=429)
    trial.call()
    trial.wait(10)
    for key in list(cache._entries):
        cache.store(key, "no list of times", 60, trial.clock.now())
    heard = trial.call()
    assert trial.faulted[-1].reason == "ExpressionValueEvaluationFailure"
    assert told(heard) == (500, "gateway_error", "true")
    assert trial.revealed(heard) == []
