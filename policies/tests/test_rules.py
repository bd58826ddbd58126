"""Each rule on its own: what it lets pass, what it stops and with which words, and what it makes of a preview."""

import cases_of_accounts
import cases_of_apis
import cases_of_backends
import cases_of_breakers
import cases_of_diagnostics
import cases_of_policies
import cases_of_pools
import pytest
from cases import Case, World
from guardrails.registry import RULES
from pulumi_policy import EnforcementLevel
from stage import BY_ID, judge

CASES: dict[str, Case] = {
    **cases_of_pools.CASES,
    **cases_of_breakers.CASES,
    **cases_of_backends.CASES,
    **cases_of_apis.CASES,
    **cases_of_policies.CASES,
    **cases_of_accounts.CASES,
    **cases_of_diagnostics.CASES,
}


def each(kind: str) -> list:
    return [
        pytest.param(rule_id, case, id=f"{rule_id}-{number}")
        for rule_id, cases in CASES.items()
        for number, case in enumerate(getattr(cases, kind))
    ]


def test_every_rule_has_a_passing_a_failing_and_a_preview_case():
    assert set(CASES) == set(BY_ID)
    for rule_id, cases in CASES.items():
        assert cases.passes, rule_id
        assert cases.fails, rule_id
        assert cases.decided or cases.undecided, rule_id


def test_every_mandatory_rule_decides_in_some_preview_in_spite_of_unknown_values():
    mandatory = {rule.id for rule in RULES if rule.level is EnforcementLevel.MANDATORY}
    assert {rule_id for rule_id in mandatory if not CASES[rule_id].decided} == set()


@pytest.mark.parametrize(("rule_id", "world"), each("passes"))
def test_a_rule_is_content(rule_id: str, world: World):
    verdict = judge(rule_id, *world.resources, **world.how)
    assert verdict.findings == ()
    assert verdict.undecided is None


@pytest.mark.parametrize(("rule_id", "case"), each("fails"))
def test_a_rule_stops_a_stack_and_says_which_resource_what_was_found_and_the_way_out(rule_id: str, case):
    assert_one_finding(rule_id, *case)


@pytest.mark.parametrize(("rule_id", "case"), each("decided"))
def test_unknown_values_in_a_preview_do_not_silence_a_rule_that_can_be_decided(rule_id: str, case):
    assert_one_finding(rule_id, *case)


@pytest.mark.parametrize(("rule_id", "world"), each("undecided"))
def test_a_rule_that_cannot_be_decided_yet_accuses_nobody_and_a_mandatory_one_says_so(rule_id: str, world: World):
    verdict = judge(rule_id, *world.resources, **world.how)
    assert verdict.findings == ()
    if BY_ID[rule_id].level is EnforcementLevel.MANDATORY:
        assert "can't be known during preview" in (verdict.undecided or "")
    else:
        assert "can't be known during preview" in (verdict.skipped or "")


def assert_one_finding(rule_id: str, world: World, words: str) -> None:
    verdict = judge(rule_id, *world.resources, **world.how)
    assert len(verdict.findings) == 1, verdict
    name, text = verdict.findings[0]
    assert words in text
    assert f"'{name}': " in text
    assert text.endswith(f". {BY_ID[rule_id].fix}")
