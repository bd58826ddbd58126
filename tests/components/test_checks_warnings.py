"""What Azure accepts and somebody will regret."""

from typing import Any

import pulumi
import pytest

from components.checks import problems, warnings
from tests.support.inputs import GOOD, GROUP_ID, REMOVED, changed

EXISTING = {
    "service": {"existing": {"resourceGroup": "rg", "name": "apim"}},
    "location": REMOVED,
    "resourceGroup": REMOVED,
}
SAME_ACCOUNT = {"name": "again", "account": {"name": "AOAI-East", "resourceGroup": "RG-OpenAI"}}

REGRETTED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a v2 tier with long calls and replayed bodies": (
        {"service.sku": "StandardV2"},
        [
            "policy.requestTimeout: StandardV2 may end a request after 30 seconds, long completions among them. "
            "Try it before you rely on it, or write 30 or less.",
            "policy.replayBody: StandardV2 buffers at most 2 MiB of a body, and replaying one needs the whole. "
            "Write false where larger requests (images, audio) are sent; they are then not retried.",
        ],
    ),
    "a v2 tier that was thought of": (
        {"service.sku": "BasicV2", "policy": {"requestTimeout": 30, "replayBody": False}},
        [],
    ),
    "a pool of one": (
        {"backends": [GOOD["backends"][0]]},
        ["backends: a pool of one has nowhere to turn to when that backend is throttled. Add a second backend."],
    ),
    "two backends of one account": (
        {"backends[2]": SAME_ACCOUNT},
        [
            'backends[2] ("again"): it calls what backends[0] ("east") calls, so both are throttled together. '
            "Is that meant?"
        ],
    ),
    "accounts of one name in two subscriptions": (
        {
            "backends[2]": {
                "name": "again",
                "account": GOOD["backends"][0]["account"] | {"subscription": GROUP_ID.split("/")[2]},
            }
        },
        [],
    ),
    "two backends of one url": (
        {"backends[2]": {"name": "again", "url": "https://AOAI-west.openai.azure.com/openai/"}},
        [
            'backends[2] ("again"): it calls what backends[1] ("west") calls, so both are throttled together. '
            "Is that meant?"
        ],
    ),
    "a breaker that does not watch 429": (
        {"breaker.statusRanges": [{"min": 502, "max": 504}]},
        ["breaker.statusRanges: 429 is not in it: a throttled backend stays in the pool. Add {min: 429, max: 429}."],
    ),
    "one backend whose breaker does not watch 429": (
        {"backends[0].breaker.statusRanges": [{"min": 502, "max": 504}]},
        [
            'backends[0].breaker.statusRanges ("east"): 429 is not in it: a throttled backend stays in the pool. '
            "Add {min: 429, max: 429}."
        ],
    ),
    "a breaker that opens for a caller's mistake": (
        {"breaker.statusRanges": [{"min": 400, "max": 429}]},
        [
            "breaker.statusRanges: 400, 401, 403, 404, 409, 413, 422 are in it: answers to one caller take a backend "
            "away from everyone. Remove them."
        ],
    ),
    "a breaker that opens for success": (
        {"breaker.statusRanges": [{"min": 200, "max": 399}, {"min": 429, "max": 429}]},
        [
            "breaker.statusRanges: 200, 201, 204, 304 are in it: answers to one caller take a backend away from "
            "everyone. Remove them."
        ],
    ),
    "a breaker that the first 500 opens": (
        {"breaker.statusRanges": [{"min": 429, "max": 429}, {"min": 500, "max": 504}]},
        [
            "breaker.statusRanges: 500 is in it and count is 1: one request that always gets 500 opens every breaker "
            "for everyone. Remove 500, or raise count."
        ],
    ),
    "a breaker that the third 500 opens": (
        {"breaker": {"count": 3, "statusRanges": [{"min": 429, "max": 429}, {"min": 500, "max": 504}]}},
        [],
    ),
    "a path that Azure OpenAI's clients cannot use": (
        {"api.path": "team-a"},
        [
            'api.path: Azure OpenAI\'s clients add /openai to their endpoint, so "team-a" is not for them. '
            'Write "team-a/openai".'
        ],
    ),
    "a path that they can": ({"api.path": "team-a/openai"}, []),
    "an API without POST": (
        {"api.methods": ["GET"]},
        ["api.methods: POST is not in it: chat, responses and embeddings are POST. Add it."],
    ),
    "an open door to the accounts": (
        {"api.subscriptionRequired": False},
        [
            "api.subscriptionRequired: whoever knows the address calls the accounts with the gateway's own identity. "
            "Write true."
        ],
    ),
    "callers with an identity of their own": (
        {"api.subscriptionRequired": False, "policy.managedIdentity": False},
        [],
    ),
    "an existing API of a service that is made here": (
        {"api": {"existing": "openai"}},
        [
            "api.existing: a service that is made here has no APIs yet, so there is none to find. "
            "Remove it, or use service.existing."
        ],
    ),
    "an existing API of an existing service": (EXISTING | {"api": {"existing": "openai"}}, []),
    "a region and tags for a service that exists": (
        {"service": EXISTING["service"], "resourceGroup": REMOVED, "tags": {"team": "a"}},
        [
            "location: it is not used with an existing service. Remove it.",
            "tags: it is not used with an existing service. Remove it.",
        ],
    ),
    "retries without a body to send again": (
        {"policy": {"replayBody": False, "retryBudget": 2}},
        ["policy.retryBudget: it is not used while replayBody is false: nothing is tried twice. Remove one of them."],
    ),
}


@pytest.mark.parametrize(("changes", "told"), REGRETTED.values(), ids=REGRETTED)
def test_what_somebody_will_regret_is_told_and_not_refused(changes: dict[str, Any], told: list[str]) -> None:
    inputs = changed(GOOD, changes)
    assert problems(inputs) == []
    assert warnings(inputs) == told


def test_accounts_that_are_known_only_during_the_deployment_may_be_the_same_one(later: pulumi.Output[str]) -> None:
    backends = [{"name": name, "url": later} for name in ("east", "west")]
    assert warnings(changed(GOOD, {"backends": backends})) == []
