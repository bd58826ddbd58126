"""2xx, 3xx and the 4xx that say something of the request: the caller's own answer, from the first account asked."""

import json

import pytest

from tests.support.pools import each_shape, pool
from tests.support.trial import Trial

STATUSES = (302, 304, 400, 404, 405, 409, 410, 413, 415, 422, 424, 428, 451)
ALSO_WITHOUT_IDENTITY = (401, 403)


@each_shape()
@pytest.mark.parametrize("stream", [True, False])
def test_a_success_comes_from_one_account_unchanged(shape: str, identity: bool, stream: bool):
    trial = Trial(pool(shape), policy={"managedIdentity": identity})
    heard = trial.call(stream=stream)
    assert (heard.status, len(heard.asked), heard.broken) == (200, 1, False)
    assert heard.text.endswith("data: [DONE]\n\n") == stream
    assert trial.revealed(heard) == []


def test_streamed_pieces_reach_the_caller_one_by_one():
    heard = Trial(pool("3 tiered")).call(stream=True, answer=30)
    moments = [at for at, chunk in heard.chunks if chunk]
    assert len(moments) == heard.text.count("data: ") > 10
    assert moments == sorted(set(moments)), "each at its own moment: nothing is held back"
    assert heard.answered == pytest.approx(0.02), "the head leaves with the first token"


@each_shape()
def test_what_says_something_of_the_request_is_tried_once_and_opens_nothing(shape: str, identity: bool):
    trial = Trial(pool(shape), policy={"managedIdentity": identity})
    for status in STATUSES if identity else (*STATUSES, *ALSO_WITHOUT_IDENTITY):
        trial.heal()
        trial.fault(status=status)
        heard = trial.call()
        assert (heard.status, len(heard.asked)) == (status, 1)
        assert heard.error["code"], "the account's own error"
        assert "Retry-After" not in heard.headers
        assert "x-should-retry" not in heard.headers
        assert trial.open_breakers() == []


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("status", [200, 400, 404])
def test_the_body_is_the_accounts_to_the_byte(status: int, stream: bool):
    through, beside = Trial(pool("3 tiered"), seed=5), Trial(pool("3 tiered"), seed=5)
    for trial in (through, beside):
        if status != 200:
            trial.fault(status=status)
    heard = through.call(stream=stream)
    straight = beside.straight(heard.sent[0], heard.asked[0])
    assert heard.text == straight.text
    assert heard.status == straight.status == status
    dropped = {"x-ms-region"}
    assert [field for field in straight.headers if field[0] not in dropped] == list(heard.headers)


def test_headers_that_name_an_account_are_dropped():
    trial = Trial(pool("3 tiered"))
    trial.spy.headers = [
        ("Location", "https://aoai-1.openai.azure.com/openai/images/1"),
        ("Operation-Location", "https://aoai-1.openai.azure.com/openai/operations/1"),
        ("retry-after-ms", "17"),
        ("x-custom", "kept"),
    ]
    heard = trial.call()
    assert heard.headers.get("x-custom") == "kept"
    assert not {"location", "operation-location", "retry-after-ms", "x-ms-region"} & {
        name.lower() for name in heard.headers.names()
    }
    assert trial.revealed(heard) == []


def test_who_answered_and_the_number_of_attempts_are_told_where_a_setting_says_so():
    trial = Trial(pool("3 tiered"), policy={"exposeAttempts": True})
    assert trial.call().headers.get("x-ms-region") == "East US 2"
    assert trial.call().headers.get("x-gateway-attempts") == "1"
    assert trial.call().headers.get("x-gateway-backend") == trial.account("aoai-1").host
    trial.fault("aoai-1", status=429)
    elsewhere = trial.call()
    assert elsewhere.headers.get("x-gateway-attempts") == "2"
    assert elsewhere.headers.get("x-gateway-backend") == trial.account(elsewhere.asked[-1]).host
    trial.fault(status=500)
    heard = trial.call()
    assert heard.headers.get("x-gateway-attempts") == str(len(heard.asked)) == "3"


def test_every_member_answers_the_same_kind_of_body():
    trial = Trial(pool("9 flat"))
    bodies = [json.loads(trial.call().text) for _ in range(9)]
    assert {body["object"] for body in bodies} == {"chat.completion"}
