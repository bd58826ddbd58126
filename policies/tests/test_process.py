"""The pack as a real process, spoken to as the engine speaks to it."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from guardrails.registry import NAME, RULES
from pack_process import FOLDER, Pack, Seen, running_pack
from parts import account, api, backend, diagnostic, operation, policy, pool, previewed_pool, role, service
from stage import UNKNOWN, Asked, outputs

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hush"}
TAGS = {"environment": "dev", "project": "apim-ai-gateway"}


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    with running_pack() as running:
        yield running


@pytest.fixture(autouse=True)
def unconfigured(pack: Pack) -> None:
    pack.configure({})


def seen(*resources: Asked, preview: bool = False) -> list[Seen]:
    """What the engine shows of these resources: inputs one by one, then all outputs with their dependencies."""
    urns = {each.name: f"urn:pulumi:dev::apim-ai-gateway::{each.type}::{each.name}" for each in resources}
    return [
        Seen(
            each.type,
            each.name,
            dict(each.props),
            outputs(each, preview),
            depends={key: [urns[name] for name in names if name in urns] for key, names in each.depends.items()},
        )
        for each in resources
    ]


def gateway(*, preview: bool = False, **changed: Asked) -> list[Seen]:
    """A whole gateway that keeps every rule, with some resources replaced."""
    members = previewed_pool("one", "two") if preview else pool("one", "two")
    resources = {
        "service": service(tags=TAGS),
        "one": backend("one"),
        "two": backend("two"),
        "pool": members,
        "api": api(),
        "operation": operation(),
        "policy": policy(),
        "diagnostic": diagnostic(),
        "account": account("aoai-eus-1").but(tags=TAGS),
        "role": role(),
        "alert": Asked("azure-native:monitor:ScheduledQueryRule", "alert", {"tags": TAGS}),
    }
    return seen(*{**resources, **changed}.values(), preview=preview)


@pytest.mark.parametrize("preview", [True, False])
def test_a_gateway_that_keeps_every_rule_hears_nothing(pack: Pack, preview: bool):
    assert pack.judge(gateway(preview=preview)) == []


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize(
    ("changed", "rule", "name", "words"),
    [
        (
            {"two": backend("two").but("circuitBreaker")},
            "apim-pool-member-has-breaker",
            "two",
            "Backend 'two': it is a member of 'openaiopool' and has no circuit breaker. Give it a circuitBreaker "
            "with one rule that counts 429 and 502–504.",
        ),
        (
            {"two": backend("two", circuitBreaker={"rules": []})},
            "apim-pool-member-has-breaker",
            "two",
            "it is a member of 'openaiopool' and has no circuit breaker",
        ),
        (
            {"policy": policy().but(value=policy().props["value"].replace("openaiopool", "typo"))},
            "apim-policy-backend-exists",
            "policy",
            "<set-backend-service> in line 4 names backend 'typo'",
        ),
        (
            {"api": api(subscriptionRequired=False)},
            "apim-api-knows-its-callers",
            "openai",
            "Api 'openai': subscriptionRequired is false",
        ),
    ],
)
def test_a_program_that_breaks_one_rule_hears_of_that_rule_only(
    pack: Pack, preview: bool, changed: dict[str, Asked], rule: str, name: str, words: str
):
    (report,) = pack.judge(gateway(preview=preview, **changed))
    assert (report.rule, report.level, report.name) == (rule, "mandatory", name)
    assert words in report.message


def test_the_breaker_that_does_not_watch_429_is_stopped_before_anything_is_made(pack: Pack):
    (watching,) = [each for each in gateway() if each.name == "one"]
    blind: dict[str, Any] = {
        "rules": [
            {
                "failureCondition": {
                    "count": 1,
                    "interval": "PT10S",
                    "statusCodeRanges": [{"min": 502, "max": 504}],
                },
                "tripDuration": "PT10S",
                "acceptRetryAfter": True,
            }
        ]
    }
    (report,) = pack.analyze(Seen(watching.type, watching.name, {**watching.inputs, "circuitBreaker": blind}))
    assert (report.rule, report.level) == ("apim-breaker-watches-429", "mandatory")
    assert "circuitBreaker.rules[0].failureCondition counts 502–504, not 429" in report.message


def test_a_pool_with_a_url_that_is_not_known_yet_is_stopped(pack: Pack):
    (report,) = pack.judge(gateway(preview=True, pool=previewed_pool("one", "two", url=UNKNOWN)))
    assert (report.rule, report.level, report.name) == ("apim-pool-has-no-url", "mandatory", "openaiopool")


def test_what_cannot_be_decided_in_a_preview_is_a_warning(pack: Pack):
    (report,) = pack.judge(gateway(preview=True, one=backend("one", url=UNKNOWN)))[:1]
    assert (report.rule, report.level) == ("apim-backend-url-is-https", "advisory")
    assert "can't run policy 'apim-backend-url-is-https'" in report.message


def test_the_info_carries_the_record_of_every_rule(pack: Pack):
    info = pack.info()
    assert info.name == NAME
    shown = {policy.name: policy for policy in info.policies}
    assert list(shown) == [rule.id for rule in RULES]
    for rule in RULES:
        assert shown[rule.id].description == rule.says
        assert shown[rule.id].remediation_steps == rule.fix
        assert shown[rule.id].url == rule.link
        assert "exclude" in shown[rule.id].configSchema.properties


def test_configuration_switches_rules_off_raises_their_level_and_moves_their_thresholds(pack: Pack):
    lonely = gateway(pool=pool("one"))
    assert [(each.rule, each.level) for each in pack.judge(lonely)] == [("apim-pool-has-two-members", "advisory")]
    pack.configure({"apim-pool-has-two-members": {"enforcementLevel": "mandatory"}})
    assert [each.level for each in pack.judge(lonely)] == ["mandatory"]
    pack.configure({"apim-pool-has-two-members": {"enforcementLevel": "disabled"}})
    assert pack.judge(lonely) == []
    pack.configure({"apim-pool-has-two-members": {"exclude": ["openai*"]}})
    assert pack.judge(lonely) == []
    pack.configure({"apim-policy-retry-is-short": {"maximumCount": 1}})
    assert "apim-policy-retry-is-short" in [each.rule for each in pack.judge(lonely)]


def test_nothing_is_remediated_unless_asked_for(pack: Pack):
    assert pack.remediate(Seen("azure-native:resources:ResourceGroup", "rg", {"resourceGroupName": "rg"})) is None


def test_remediation_adds_the_missing_tags_and_nothing_else(pack: Pack):
    pack.configure({"azure-resource-has-tags": {"enforcementLevel": "remediate"}})
    group = {"resourceGroupName": "rg", "location": "eastus2"}
    mended = pack.remediate(Seen("azure-native:resources:ResourceGroup", "rg", group))
    assert mended == {**group, "tags": TAGS}
    assert pack.remediate(Seen("azure-native:resources:ResourceGroup", "rg", {**group, "tags": TAGS})) is None
    assert pack.remediate(Seen("azure-native:apimanagement:Backend", "one", {"url": "https://x"})) is None


def test_remediation_keeps_secrets_secret_and_what_is_unknown_unknown(pack: Pack):
    pack.configure({"azure-resource-has-tags": {"enforcementLevel": "remediate", "tags": {"owner": "platform"}}})
    group = {"location": UNKNOWN, "managedBy": SECRET, "tags": {"cost": SECRET, "made": UNKNOWN}}
    mended = pack.remediate(Seen("azure-native:resources:ResourceGroup", "rg", group))
    assert mended == {**group, "tags": {"cost": SECRET, "made": UNKNOWN, "owner": "platform"}}


def test_remediation_leaves_tags_alone_that_are_not_known_yet(pack: Pack):
    pack.configure({"azure-resource-has-tags": {"enforcementLevel": "remediate"}})
    assert pack.remediate(Seen("azure-native:resources:ResourceGroup", "rg", {"tags": UNKNOWN})) is None


def test_the_folder_works_wherever_it_is_copied(tmp_path):
    ignored = shutil.ignore_patterns("venv", "__pycache__", "tests")
    copy = shutil.copytree(FOLDER, tmp_path / "guard", ignore=ignored)
    with running_pack(copy) as pack:
        assert [report.rule for report in pack.judge(gateway(pool=pool("one")))] == ["apim-pool-has-two-members"]
