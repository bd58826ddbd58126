"""The life of one gateway, told in the order of these tests: what was deployed first serves all of them.

On the twin they are part of every run. In a subscription: docs/azure.md.
"""

import uuid

from tests.support.gateways import Gateway


def test_a_first_call_is_answered(gateway: Gateway):
    answer = gateway.call_until(lambda answer: answer.status == 200)

    assert answer.status == 200, answer.content
    assert answer.content["choices"][0]["message"]["role"] == "assistant"
    assert answer.attempts == "1"


def test_a_key_that_nobody_has_is_refused(gateway: Gateway):
    assert gateway.call(key=uuid.uuid4().hex).status == 401


def test_an_up_with_nothing_to_do_does_nothing(gateway: Gateway):
    gateway.up("--expect-no-changes")


def test_calls_are_answered_while_the_first_account_does_not_exist(gateway: Gateway):
    nowhere = f"https://apim-ai-gateway-{uuid.uuid4().hex}.openai.azure.com/openai"
    gateway.settings["backends"].append({"name": "nowhere", "url": nowhere, "priority": 0})
    gateway.up()

    answer = gateway.call_until(lambda answer: answer.attempts == "2")

    assert (answer.status, answer.attempts) == (200, "2"), answer.content


def test_after_a_destroy_only_the_name_is_left_which_a_purge_gives_back(gateway: Gateway):
    gateway.destroy()
    left = gateway.cloud.deleted_services()
    gateway.cloud.purge(gateway.service)

    assert gateway.service in left
    assert gateway.service not in gateway.cloud.deleted_services()
