"""What is common to all rules: whom they look at, what they remember, and how they speak of what is unknown."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from guardrails.pack import policies
from guardrails.reading import Node, kind_of
from guardrails.registry import RULES
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import (
    RULE,
    account,
    api,
    backend,
    backend_id,
    breaking,
    diagnostic,
    fragment,
    named_value,
    operation,
    policy,
    pool,
    previewed_pool,
    product,
    role,
    section,
    service,
    service_policy,
)
from pulumi_policy import PolicyResource, ResourceValidationPolicy, StackValidationArgs
from pulumi_policy.policy import _NotApplicableError
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy
from stage import OPTIONS, UNKNOWN, Asked, fails, judge, judge_by_all, passes, urn_of

GATEWAY = (
    service(tags={"a": "b"}, customProperties={"x": "y"}),
    backend("one", credentials={"header": {"x": ["y"]}, "authorization": {"parameter": "z"}}, tls={}),
    pool("one", "two"),
    api(),
    operation(),
    policy(),
    service_policy(section()),
    named_value(),
    product(),
    diagnostic(frontend={"request": {"headers": ["x"]}, "response": {"body": {"bytes": 0}}}),
    account(),
    role(),
)
VALUES = st.sampled_from(
    [None, True, 0, -1, 2.5, 1e300, "", "Pool", "<policies>", "<policies/>", "/backends/", "{{", "@(", "%", UNKNOWN]
) | st.recursive(
    st.just(UNKNOWN) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "min", "rules"]), inner),
    max_leaves=4,
)


@given(st.data(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_rule_trips_over_any_shape_of_properties(data: st.DataObject, preview: bool):
    """An exception in one rule would abort the whole analysis, and with it the user's deployment."""
    stack = list(GATEWAY)
    for number in data.draw(st.lists(st.integers(0, len(stack) - 1), max_size=4)):
        place = data.draw(st.sampled_from(list(places(stack[number].props))))
        stack[number] = replace(stack[number], props=put(stack[number].props, place, data.draw(VALUES)))
    assert all(isinstance(text, str) for text in judge_by_all(stack, preview))


@pytest.mark.parametrize(
    "spelling",
    [
        "azure-native:apimanagement:Backend",
        "azure-native:apimanagement/v20240501:Backend",
        "azure-native_apimanagement_v20230901preview:apimanagement:Backend",
    ],
)
def test_every_spelling_of_a_type_is_the_same_kind(spelling: str):
    assert kind_of(spelling) == "apimanagement:Backend"
    asked = Asked(spelling, "one", backend("one", url="http://x").props)
    assert "url is 'http://x'" in fails("apim-backend-url-is-https", asked)


def test_other_resources_are_none_of_a_rules_business():
    bucket = Asked("aws:s3:Bucket", "url", {"url": "http://x", "pool": {"services": []}})
    assert judge("apim-backend-url-is-https", bucket).skipped == (
        "only for apimanagement:Backend, apimanagement:WorkspaceBackend"
    )
    assert judge("apim-pool-member-has-breaker", bucket).skipped is not None


def test_excluded_resources_are_left_alone_by_name_or_urn():
    bad = backend("legacy-one", url="http://x")
    for pattern in ("legacy-*", "*::legacy-one", "urn:pulumi:dev::*::legacy-one"):
        assert passes("apim-backend-url-is-https", bad, config={"exclude": [pattern]})
    assert fails("apim-backend-url-is-https", bad, config={"exclude": ["one"]})


def test_an_unknown_value_in_one_part_does_not_hide_the_fault_in_another():
    first = {**RULE, "acceptRetryAfter": UNKNOWN}
    second = {**RULE, "acceptRetryAfter": False}
    verdict = judge("apim-breaker-accepts-retry-after", backend("one", circuitBreaker={"rules": [first, second]}))
    assert len(verdict.findings) == 1
    assert "rules[1].acceptRetryAfter is false" in verdict.texts[0]
    assert "circuitBreaker.rules.0.acceptRetryAfter" in (verdict.undecided or "")


def test_an_unknown_value_in_one_resource_does_not_hide_the_fault_in_another():
    unsure = backend("one", circuitBreaker=UNKNOWN)
    verdict = judge(
        "apim-pool-member-has-breaker",
        unsure,
        backend("two").but("circuitBreaker"),
        previewed_pool("one", "two"),
        preview=True,
    )
    assert [name for name, _ in verdict.findings] == ["two"]
    assert verdict.undecided == ("string value at .Backend 'one'.circuitBreaker can't be known during preview")


def test_stack_rules_go_by_what_the_program_asked_not_by_a_previews_outputs():
    """In a preview the outputs hold "unknown" for a circuit breaker that nobody asked for."""
    stack = [backend("one").but("circuitBreaker"), previewed_pool("one")]
    assert "has no circuit breaker" in fails("apim-pool-member-has-breaker", *stack, preview=True)


def test_without_what_the_resource_rules_saw_a_preview_is_undecided_and_up_is_not():
    stack = [backend("one").but("circuitBreaker"), pool("one")]
    unsure = judge("apim-pool-member-has-breaker", *stack, preview=True, remembers=False)
    assert unsure.findings == ()
    assert unsure.undecided is not None
    assert "has no circuit breaker" in fails("apim-pool-member-has-breaker", *stack, remembers=False)


def test_a_recorded_program_may_be_handed_to_the_stack_rules_as_it_is():
    """Inputs name the resource group, outputs never do; so what a preview does not know was asked for all the same."""
    pack: dict[str, Any] = {policy.name: policy for policy in policies(RULES)}
    program = (service(), backend("one").but("circuitBreaker"), backend("two"), pool("one", "two", "three"))
    found: list[str] = []
    for rule_id in ("apim-pool-member-has-breaker", "apim-pool-member-exists"):
        stack = StackValidationArgs([resource_of(asked) for asked in program])
        pack[rule_id].validate(stack, lambda text, _=None: found.append(text))
    assert [text.split(": ")[0] for text in found] == ["Backend 'one'", "Backend 'openaiopool'"]


def test_a_service_that_is_only_read_may_have_backends_that_the_stack_does_not_see():
    existing = Asked(service().type, "apim", service().props, was_read=True)
    assert passes("apim-pool-member-exists", existing, pool("made-elsewhere"))
    assert passes("apim-policy-backend-exists", existing, policy())


def test_members_whose_ids_are_built_as_strings_are_found_among_what_the_pool_waits_for():
    built = Asked(
        previewed_pool("one").type,
        "openaiopool",
        previewed_pool("one").props,
        {"serviceName": ["apim"]},
        depends_on=["one"],
    )
    bare = backend("one").but("circuitBreaker")
    assert "Backend 'one'" in fails("apim-pool-member-has-breaker", service(), bare, built, preview=True)


def test_a_program_that_names_no_property_dependencies_is_judged_by_all_its_dependencies():
    bare, asked = backend("one").but("circuitBreaker"), previewed_pool("one")
    vague = Asked(asked.type, asked.name, asked.props, {}, depends_on=["one"])
    assert "Backend 'one'" in fails("apim-pool-member-has-breaker", bare, vague, preview=True)


def test_a_member_of_two_pools_is_named_with_both():
    bare = backend("one").but("circuitBreaker")
    text = fails("apim-pool-member-has-breaker", bare, pool("one", name="a"), pool("one", name="b"))
    assert text.startswith("Backend 'one': it is a member of 'a', 'b' and has no circuit breaker. ")


@pytest.mark.parametrize(
    "member_id",
    [backend_id("one"), backend_id("ONE").upper(), "/backends/one", "backends/one", f"{backend_id('one')}"],
)
def test_a_member_is_found_by_every_form_of_its_id(member_id: str):
    bare = backend("one").but("circuitBreaker")
    asked = pool(pool={"services": [{"id": member_id, "priority": 1, "weight": 1}]})
    assert "Backend 'one'" in fails("apim-pool-member-has-breaker", bare, asked)


def test_fragments_that_include_each_other_lead_nowhere():
    circle = [
        fragment(f'<fragment><include-fragment fragment-id="{other}" /></fragment>', name)
        for name, other in (("a", "b"), ("b", "a"))
    ]
    including = policy('<policies><inbound><include-fragment fragment-id="a" /></inbound></policies>')
    assert passes("apim-api-knows-its-callers", api(subscriptionRequired=False), including, *circle)


def test_two_services_may_have_backends_and_apis_of_one_name():
    twin = Asked(backend("one").type, "one-of-b", backend("one", serviceName="b").but("circuitBreaker").props)
    assert passes("apim-pool-member-has-breaker", backend("one"), twin, pool("one"))
    open_api = Asked(api().type, "open-of-b", api(serviceName="b", subscriptionRequired=False).props)
    checked = policy("<policies><inbound><validate-jwt /></inbound></policies>", serviceName="b")
    assert passes("apim-api-knows-its-callers", api(), open_api, policy(), checked.but(apiId="openai"))


def test_reading_a_place_below_an_unknown_one_is_unknown_too():
    node = Node(unknown_checking_proxy({"circuitBreaker": UNKNOWN}))
    with pytest.raises(UnknownValueError):
        node.items("circuitBreaker", "rules")
    assert node.given("circuitBreaker")
    with pytest.raises(UnknownValueError):
        node.at("circuitBreaker").given("rules")


def test_reading_tolerates_every_shape():
    node = Node(unknown_checking_proxy({"a": [1, {"b": 2.0}], "c": "text", "d": None, "e": True}))
    assert node.items("a")[1].number("b") == 2
    assert node.items("a")[1].path == "a[1]"
    assert node.text("c", "deeper") is None
    assert node.items("c") == []
    assert node.keys("a") == []
    assert node.number("e") is None
    assert not node.given("d")
    assert not node.given("nothing")


def test_the_rules_of_one_pack_share_what_they_saw_and_two_packs_do_not():
    seen_by_one = {policy.name: policy for policy in policies(RULES)}
    other: Any = {policy.name: policy for policy in policies(RULES)}["apim-pool-member-has-breaker"]
    watcher = seen_by_one["apim-breaker-watches-429"]
    assert isinstance(watcher, ResourceValidationPolicy)
    with pytest.raises(_NotApplicableError):
        other.validate(StackValidationArgs([]), lambda *_: None)


def test_a_count_that_is_no_whole_number_of_the_right_size_is_shown_as_it_is():
    assert "count is 1e+06" in fails("apim-breaker-counts-in-bounds", breaking(count=1_000_000))


def test_accounts_are_recognised_by_their_host_or_by_what_the_url_came_from():
    stack = [service(), backend("one", url="https://made.openai.azure.com/openai"), account("made")]
    text = '<policies><inbound><set-backend-service backend-id="one" /></inbound></policies>'
    assert "Account 'made'" in fails("apim-policy-uses-identity", *stack, policy(text))


def resource_of(asked: Asked) -> Any:
    props = unknown_checking_proxy(dict(asked.props))
    return PolicyResource(asked.type, props, urn_of(asked, "dev"), asked.name, OPTIONS, None, None, [], {})


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything below the value."""
    below = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        yield (*here, key)
        yield from places(inner, (*here, key))


def put(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    """The value with something else at that path."""
    if not place:
        return new
    copy = dict(value) if isinstance(value, Mapping) else list(value)
    copy[place[0]] = put(copy[place[0]], place[1:], new)
    return copy
