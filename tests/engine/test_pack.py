"""The policy pack before the first `up`, with the real CLI: what it lets pass, and what it stops with which words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.docs import written
from tests.support.twin import REPOSITORY, Stack, empty_stack

pytestmark = pytest.mark.engine

ACCOUNTS = ("aoai-eus-1", "aoai-eus-2", "aoai-eus2-1")
PROGRAMS = Path(__file__).parent / "programs"
PACK = ("--policy-pack", str(REPOSITORY / "policies"))

# The rule that must stop each of the programs, the resource that it names, and what it says of it.
BAD_PROGRAMS = {
    "anonymous_api": (
        "apim-api-knows-its-callers",
        "apimanagement:Api chat",
        "Api 'chat': subscriptionRequired is false and no policy of this stack validates a token. "
        "Set subscriptionRequired: true, or add validate-azure-ad-token (or validate-jwt) to the API's inbound policy.",
    ),
    "breaker_for_429_alone": (
        "apim-breaker-watches-502-to-504",
        "apimanagement:Backend east",
        "Backend 'east': circuitBreaker.rules[0].failureCondition counts 429, not 502, 503, 504. "
        "Add {min: 502, max: 504} to the rule's failureCondition.statusCodeRanges.",
    ),
    "calls_over_http": (
        "apim-backend-url-is-https",
        "apimanagement:Backend east",
        "Backend 'east': url is 'http://east.example/openai'. Begin the url with https://.",
    ),
    "key_in_a_header": (
        "apim-backend-holds-no-key",
        "apimanagement:Backend east",
        "Backend 'east': credentials.header.api-key[0] is a literal of 32 characters. "
        "Use the gateway's managed identity, or a named value that is secret: {{name}}.",
    ),
    "member_without_breaker": (
        "apim-pool-member-has-breaker",
        "apimanagement:Backend east",
        "Backend 'east': it is a member of 'pool' and has no circuit breaker. "
        "Give it a circuitBreaker with one rule that counts 429 and 502–504.",
    ),
    "no_such_backend": (
        "apim-policy-backend-exists",
        "apimanagement:ApiPolicy chat-policy",
        "ApiPolicy 'chat-policy': <set-backend-service> in line 1 names backend 'pol', which ApiManagementService "
        "'service' does not have. Correct backend-id, or add the backend; let the policy depend on it.",
    ),
    "old_tls": (
        "apim-service-has-no-weak-tls",
        "apimanagement:ApiManagementService service",
        "ApiManagementService 'service': customProperties.Microsoft.WindowsAzure.ApiManagement.Gateway.Security."
        "Protocols.Tls10 is 'true'. Remove the custom property, or set it to \"false\".",
    ),
    "pool_with_url": (
        "apim-pool-has-no-url",
        "apimanagement:Backend pool",
        "Backend 'pool': the pool has url 'https://east.example/openai', protocol 'http'. "
        "Remove url and protocol from the pool; each member has its own.",
    ),
    "retry_without_body": (
        "apim-policy-retry-replays-body",
        "apimanagement:ApiPolicy chat-policy",
        "ApiPolicy 'chat-policy': <forward-request> in line 1 is retried and does not buffer the request's body. "
        'Set buffer-request-body="true" on the <forward-request> inside the <retry>.',
    ),
    "wide_role": (
        "openai-role-is-least",
        "authorization:RoleAssignment gateway-on-account",
        "RoleAssignment 'gateway-on-account': roleDefinitionId is Contributor. "
        "Assign Cognitive Services OpenAI User (5e0bd9bd-7b93-4f28-af87-19fc36ad61bd).",
    ),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of the small programs; `settings["program"]` names the one to run."""
    with empty_stack(tmp_path_factory.mktemp("programs"), program=PROGRAMS) as made:
        yield made


def test_the_first_preview_of_the_reference_breaks_no_mandatory_rule(stack: Stack):
    report = stack.preview(*PACK)
    assert [one for one in report.violations if one.level == "mandatory"] == []


def test_the_deployed_reference_breaks_no_mandatory_rule(deployed: Stack):
    report = deployed.preview(*PACK)
    assert [one for one in report.violations if one.level == "mandatory"] == []


def test_a_configuration_that_breaks_a_rule_stops_the_program_of_this_repository(deployed: Stack):
    deployed.settings["breaker"] = {"statusRanges": [{"min": 502, "max": 504}]}

    report = deployed.fail("preview", *PACK)

    broken = {(one.rule, str(one.resource)) for one in report.violations if one.level == "mandatory"}
    assert broken == {("apim-breaker-watches-429", f"apimanagement:Backend ai-gateway-{name}") for name in ACCOUNTS}


def test_the_configuration_on_the_packs_page_is_taken(deployed: Stack, tmp_path: Path):
    [configuration] = written("docs/policy-pack.md", "test_the_configuration_on_the_packs_page_is_taken")
    (tmp_path / "pack.json").write_text(configuration)

    report = deployed.fail("preview", *PACK, "--policy-pack-config", str(tmp_path / "pack.json"))

    [stopped] = [one for one in report.violations if one.level == "mandatory"]
    assert "<retry> in line 28 has count 4" in stopped.message  # the page allows 3, the pack 5


def test_a_program_without_components_and_without_mistakes_breaks_no_mandatory_rule(programs: Stack):
    programs.settings = {"program": "sound"}
    report = programs.preview(*PACK)
    assert [one for one in report.violations if one.level == "mandatory"] == []


@pytest.mark.parametrize("program", BAD_PROGRAMS)
def test_a_program_with_one_mistake_is_stopped_by_the_rule_for_it_before_anything_is_made(
    programs: Stack, program: str
):
    rule, resource, words = BAD_PROGRAMS[program]
    programs.settings = {"program": program}

    report = programs.fail("preview", *PACK)

    assert {one.message for one in report.errors} <= {"preview failed"}  # nothing but the pack stops it
    assert [(one.rule, str(one.resource)) for one in report.violations if one.level == "mandatory"] == [
        (rule, resource)
    ]
    [said] = [one.message for one in report.violations if one.level == "mandatory"]
    assert said.endswith(words)
    assert programs.writes() == []


def test_every_program_of_the_folder_is_tried():
    written = {file.stem for file in PROGRAMS.glob("*.py")} - {"__main__", "parts", "sound"}
    assert written == set(BAD_PROGRAMS)
