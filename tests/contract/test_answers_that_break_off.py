"""What happens after the first byte, and callers who do not stay for it."""

import json

import pytest

from tests.support.pools import SEVERAL, each_shape, pool
from tests.support.trial import Trial


@each_shape()
@pytest.mark.parametrize("stream", [True, False])
def test_a_body_that_breaks_off_never_looks_complete(shape: str, identity: bool, stream: bool):
    trial = Trial(pool(shape), policy={"managedIdentity": identity})
    trial.fault(cut_after=2)
    heard = trial.call(stream=stream, answer=50)
    assert (heard.status, heard.broken, len(heard.asked)) == (200, True, 1), "nothing can be tried again"
    assert "data: [DONE]" not in heard.text
    assert trial.open_breakers() == []
    if not stream:
        with pytest.raises(json.JSONDecodeError):
            json.loads(heard.text)
    trial.heal()
    assert trial.call(stream=stream).broken is False


@pytest.mark.parametrize("shape", SEVERAL)
def test_an_answer_after_a_failover_may_break_off_too(shape: str):
    trial = Trial(pool(shape))
    trial.fault(cut_after=2)
    trial.fault("aoai-1", status=429)
    heard = trial.call(stream=True)
    assert (heard.status, heard.broken, len(heard.asked)) == (200, True, 2)


@pytest.mark.parametrize("answers", [{"S11": "headers"}, {"S11": "body-end"}])
def test_a_caller_who_hangs_up_in_the_middle_of_a_stream_ends_the_accounts_work(answers: dict[str, str]):
    trial = Trial(pool("3 tiered"), answers)
    heard = trial.hung_up(trial.request(stream=True, answer=500), after=0.1)
    assert heard == ["caller hung up"]
    assert trial.open_breakers() == []
    assert trial.call().status == 200


def test_a_caller_who_hangs_up_before_an_answer_ends_the_accounts_work_and_nothing_is_tried():
    trial = Trial(pool("3 tiered"))
    trial.fault("aoai-1", connection="hang")
    assert trial.hung_up(trial.request(), after=3) == ["caller hung up"]
    assert [one.visits.count for one in map(trial.account, trial.backends)] == [1, 0, 0]
    assert trial.call().asked == ["aoai-1"], "that a caller lost patience says nothing of the account"
