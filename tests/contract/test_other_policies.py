"""Policies beside the default one: none of failover, and one that an API has already, which the pool is put into."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.existing_policy import insert
from components.fallback import Member, fallback_pools
from components.policy import PolicySettings, reference_policy
from tests.support.pools import pool
from tests.support.trial import Trial

BACKENDS = pool("3 tiered")
SETTINGS = PolicySettings(
    "openaiopool", 3, fallback_pools("openaiopool", [Member(one["name"], one["priority"]) for one in BACKENDS])
)
EXISTING = """\
<policies>
    <inbound>
        <base />
        <choose>
            <when condition="@(context.Request.Headers.GetValueOrDefault("x-team", "") == "blocked")">
                <return-response>
                    <set-status code="403" reason="Blocked" />
                    <set-body>blocked by a policy of ours</set-body>
                </return-response>
            </when>
        </choose>
        <set-header name="x-cost-center" exists-action="override">
            <value>@(context.Subscription.Id)</value>
        </set-header>
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
        <set-header name="x-ours" exists-action="override">
            <value>outbound</value>
        </set-header>
    </outbound>
    <on-error>
        <base />
        <set-header name="x-ours" exists-action="override">
            <value>@("on-error " + context.LastError.Source)</value>
        </set-header>
    </on-error>
</policies>
"""


# Without failover nothing is inserted but the pool: who calls the accounts is another policy's business.
SERVICE = """\
<policies>
    <inbound>
        <set-header name="api-key" exists-action="delete" />
        <authentication-managed-identity resource="https://cognitiveservices.azure.com" />
    </inbound>
    <backend>
        <forward-request />
    </backend>
    <outbound />
    <on-error />
</policies>
"""


def behind(text: str) -> Trial:
    """The deployment with this text, in Azure's format rawxml, as the API's policy."""
    trial = Trial(BACKENDS)
    trial.change("ApiPolicy", private={"value": text, "format": "rawxml"})
    trial.change("Policy", private={"value": SERVICE, "format": "xml"})
    return trial


def test_the_reference_policy_sends_each_call_once_and_lets_the_breakers_do_the_rest():
    trial = behind(reference_policy("openaiopool"))
    trial.fault("aoai-1", status=429, retry_after=7)
    first = trial.call()
    assert (first.status, first.asked, first.headers.get("Retry-After")) == (429, ["aoai-1"], "7")
    assert {trial.call().status for _ in range(5)} == {200}
    trial.fault(status=429, retry_after=7)
    assert [trial.call().status for _ in range(2)] == [429, 429]
    last = trial.call()
    assert (last.status, last.asked) == (503, []), "the pool's own answer to a caller when every breaker is open"


@pytest.mark.parametrize("fault", [{"status": 500}, {"connection": "refused"}])
def test_the_reference_policy_fails_every_call_for_an_account_that_opens_no_breaker(fault: Mapping[str, Any]):
    trial = behind(reference_policy("openaiopool"))
    trial.fault("aoai-1", **fault)
    assert [trial.call().status for _ in range(5)] == [500] * 5


def test_an_existing_policy_keeps_doing_what_it_did_and_gains_failover():
    trial = behind(insert(EXISTING, SETTINGS, failover=True))
    trial.fault("aoai-1", status=429)
    heard = trial.call()
    assert (heard.status, len(heard.asked), heard.headers.get("x-ours")) == (200, 2, "outbound")
    assert {sent.headers.get("x-cost-center") for sent in heard.sent} == {trial.resource("Subscription").name}
    assert all("api-key" not in sent.headers for sent in heard.sent)


def test_what_an_existing_policy_refuses_stays_refused_and_reaches_no_account():
    trial = behind(insert(EXISTING, SETTINGS, failover=True))
    request = trial.request()
    request.headers.set("x-team", "blocked")
    heard = trial.call(request)
    assert (heard.status, heard.text, heard.asked) == (403, "blocked by a policy of ours", [])


def test_an_existing_policy_with_failover_meets_the_contract_when_all_accounts_are_throttled():
    trial = behind(insert(EXISTING, SETTINGS, failover=True))
    trial.fault(status=429, retry_after=7)
    first, second = trial.call(), trial.call()
    assert [(one.status, one.headers.get("Retry-After")) for one in (first, second)] == [(429, "7")] * 2
    assert (len(first.asked), second.asked) == (3, [])
    assert trial.revealed(second) == []


def test_an_existing_policy_with_the_pool_alone_sends_each_call_once():
    trial = behind(insert(EXISTING, SETTINGS, failover=False))
    trial.fault("aoai-1", status=429, retry_after=7)
    first = trial.call()
    assert (first.status, first.asked, first.headers.get("x-ours")) == (429, ["aoai-1"], "outbound")
    assert trial.call().status == 200
