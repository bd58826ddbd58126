"""All rules of the pack, by family, in the order they run and are documented."""

from pulumi_policy import Policy

from guardrails import (
    access,
    accounts,
    apis,
    backends,
    breakers,
    diagnostics,
    policy_documents,
    pools,
    services,
    tags,
)
from guardrails.pack import policies
from guardrails.rule import Rule

NAME = "apim-ai-gateway-guardrails"

FAMILIES: dict[str, tuple[Rule, ...]] = {
    "Pools": (
        pools.member_has_breaker,
        pools.has_no_url,
        pools.has_no_settings_of_a_member,
        pools.size,
        pools.member_has_priority_and_weight,
        pools.member_exists,
        pools.member_is_no_pool,
        pools.member_is_in_stack,
        pools.has_two_members,
        pools.spans_regions,
        pools.weights_are_comparable,
    ),
    "Circuit breakers": (
        breakers.watches_429,
        breakers.watches_502_to_504,
        breakers.accepts_retry_after,
        breakers.has_one_rule,
        breakers.counts_in_bounds,
        breakers.ranges_in_bounds,
        breakers.has_conditions,
        breakers.durations_are_valid,
        breakers.not_on_consumption,
        breakers.spares_500,
        breakers.trips_briefly,
    ),
    "Backends": (
        backends.url_is_https,
        backends.holds_no_key,
        backends.validates_tls,
    ),
    "APIs, products and named values": (
        apis.knows_its_callers,
        apis.operation_policy_keeps_checks,
        apis.service_url_is_https,
        apis.product_requires_subscription,
        apis.named_value_is_secret,
    ),
    "Policies": (
        policy_documents.is_well_formed,
        policy_documents.holds_no_key,
        policy_documents.backend_exists,
        policy_documents.url_is_https,
        policy_documents.retry_replays_body,
        policy_documents.retry_does_not_wait,
        policy_documents.retry_is_short,
        policy_documents.cors_names_origins,
        policy_documents.checks_signatures,
    ),
    "Identity and accounts": (
        access.policy_uses_identity,
        access.role_is_least,
        accounts.disables_keys,
        accounts.is_private_in_production,
    ),
    "Services": (
        services.has_no_weak_tls,
        services.tier_fits_production,
    ),
    "Diagnostics and alerts": (
        diagnostics.streaming_api_logs_no_response_body,
        diagnostics.policy_records_no_streamed_body,
        diagnostics.diagnostic_records_no_key,
        diagnostics.api_has_diagnostics,
        diagnostics.breaker_open_is_alerted,
    ),
    "Tags": (tags.has_tags,),
}

RULES: tuple[Rule, ...] = tuple(rule for family in FAMILIES.values() for rule in family)
POLICIES: list[Policy] = policies(RULES)
