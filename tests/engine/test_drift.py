"""What somebody changed behind Pulumi's back is found, and mended by the next `up --refresh`."""

import pytest

from tests.support.twin import Stack, operations

pytestmark = pytest.mark.engine

EMPTY_POLICY = (
    "<policies><inbound><base /></inbound><backend><base /></backend>"
    "<outbound><base /></outbound><on-error><base /></on-error></policies>"
)


def drift(stack: Stack) -> None:
    """A breaker that trips for too long, a member thrown out of the pool, a policy taken off, a subscription gone."""
    backend = stack.azure("GET", "backends/aoai-eus-1")["properties"]
    backend["circuitBreaker"]["rules"][0]["tripDuration"] = "PT1H"
    stack.azure("PUT", "backends/aoai-eus-1", {"properties": backend})
    pool = stack.azure("GET", "backends/openaiopool")["properties"]
    del pool["pool"]["services"][0]
    stack.azure("PUT", "backends/openaiopool", {"properties": pool})
    stack.azure("PUT", "apis/openai/policies/policy", {"properties": {"format": "xml", "value": EMPTY_POLICY}})
    stack.azure("DELETE", "subscriptions/team-a")


def test_a_refresh_finds_what_drifted_and_touches_nothing(deployed: Stack):
    drift(deployed)
    written = deployed.writes()

    report = deployed.refresh()

    assert operations(report) == [
        ("delete", "ai-gateway-team-a"),
        ("update", "ai-gateway-aoai-eus-1"),
        ("update", "ai-gateway-api-policy"),
        ("update", "ai-gateway-pool"),
    ]
    changed = {step.resource.name: step.changed for step in report.changes}
    assert changed["ai-gateway-aoai-eus-1"] == ("circuitBreaker.rules[0].tripDuration",)
    assert deployed.writes() == written


def test_an_up_with_refresh_mends_it(deployed: Stack):
    as_it_was = {
        path: deployed.azure("GET", path)["properties"]
        for path in ("backends/aoai-eus-1", "backends/openaiopool", "apis/openai/policies/policy")
    }
    drift(deployed)

    report = deployed.succeed("up", "--yes", "--skip-preview", "--refresh")

    assert operations(report) == [
        ("create", "ai-gateway-team-a"),
        ("update", "ai-gateway-aoai-eus-1"),
        ("update", "ai-gateway-api-policy"),
        ("update", "ai-gateway-pool"),
    ]
    assert {path: deployed.azure("GET", path)["properties"] for path in as_it_was} == as_it_was


def test_without_refresh_an_up_trusts_what_it_knows(deployed: Stack):
    deployed.azure("PUT", "apis/openai/policies/policy", {"properties": {"format": "xml", "value": EMPTY_POLICY}})

    assert operations(deployed.preview()) == []


def test_a_subscription_that_is_gone_is_a_sentence_in_the_preview_which_says_how_to_have_it_again(deployed: Stack):
    deployed.azure("DELETE", "subscriptions/team-a")

    said = "\n".join(error.message for error in deployed.fail("preview").errors)

    assert said.startswith('subscriptions: the key of "team-a" in "ai-gateway-apim')
    assert "`pulumi up --refresh` makes it again" in said
    assert "Traceback" not in said
    assert operations(deployed.preview("--refresh")) == [("create", "ai-gateway-team-a")]
