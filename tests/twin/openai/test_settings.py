"""What was bought, in tokens a minute."""

import pytest

from twin.openai.limits import NEVER, PayAsYouGo, Provisioned
from twin.openai.settings import Deployment, Settings


@pytest.mark.parametrize(
    ("model", "sku", "capacity", "tokens"),
    [
        ("gpt-4o", "Standard", 30, 30_000),
        ("gpt-4o", "GlobalStandard", 1, 1_000),
        ("gpt-4o", "ProvisionedManaged", 50, 125_000),
        ("gpt-4.1-nano", "GlobalProvisionedManaged", 15, 891_000),
        ("unheard-of", "DataZoneProvisionedManaged", 2, 5_000),
    ],
)
def test_capacity_is_thousands_of_tokens_or_provisioned_units(model: str, sku: str, capacity: int, tokens: int):
    assert Deployment("a", model, sku, capacity).tokens_per_minute == tokens


def test_a_standard_deployment_has_six_requests_a_minute_for_each_thousand_tokens():
    limiter = Deployment("a", "gpt-4o", capacity=10).limiter(burst=1)
    assert isinstance(limiter, PayAsYouGo)
    assert limiter.remaining_tokens(0) == 10_000
    assert limiter.remaining_requests(0) == 10  # in ten seconds, of sixty a minute
    assert limiter.seconds_to_wait(10_001, 0) == NEVER


def test_a_provisioned_deployment_lets_in_its_burst_at_once():
    limiter = Deployment("a", "gpt-4o", "ProvisionedManaged", 24).limiter(burst=2)
    assert isinstance(limiter, Provisioned)
    assert limiter.capacity == 2_000


def test_a_limiter_may_be_asked_for_another_number_of_tokens():
    assert Deployment("a", "gpt-4o", capacity=100).limiter(1, 2_000).remaining_tokens(0) == 2_000


def test_names_of_deployments_compare_without_regard_to_case():
    settings = Settings("a", "a.openai.azure.com", deployments=(Deployment("GPT-4o", "gpt-4o"),))
    assert settings.deployment("gpt-4O") == settings.deployments[0]
    assert settings.deployment("other") is None
