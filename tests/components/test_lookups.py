"""What exists already is asked for, and what is not there is told in a sentence, in the preview."""

from typing import Any

import pulumi
import pytest

from tests.support.reference import deploy_reference, reference_config

EXISTING = {
    "location": None,
    "resourceGroup": None,
    "service": {"existing": {"resourceGroup": "rg-shared", "name": "apim-shared"}},
}
COMPONENT = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-logs/providers"
NOT_FOUND = 'Status=404 Code="ResourceNotFound" Message="It is not there."'


def not_found(arguments: Any) -> str:
    """As the engine hands on what the provider says."""
    return f"invocation of azure-native:… returned an error: request failed /subscriptions/…: {NOT_FOUND}"


@pytest.mark.parametrize(
    ("function", "changes", "text"),
    [
        ("cognitiveservices:getAccount", {}, 'backends: account "aoai-eus2-1" in "rg-openai"'),
        ("apimanagement:getApiManagementService", EXISTING, 'service "apim-shared" in "rg-shared"'),
        (
            "apimanagement:getApi",
            {**EXISTING, "api": {"existing": "chat"}},
            'api.existing: API "chat" in "apim-shared" in "rg-shared"',
        ),
        (
            "apimanagement:getApiPolicy",
            {
                **EXISTING,
                "api": {
                    "existing": f"{COMPONENT}/Microsoft.ApiManagement/service/apim-shared/apis/chat".replace(
                        "rg-logs", "rg-shared"
                    )
                },
                "policy": {"importExisting": True},
            },
            'policy.importExisting: policy "policy" in "chat" in "apim-shared" in "rg-shared"',
        ),
        (
            "applicationinsights:getComponent",
            {"applicationInsights": f"{COMPONENT}/Microsoft.Insights/components/appi"},
            'applicationInsights: component "appi" in "rg-logs"',
        ),
        (
            "resources:getResourceGroup",
            {"resourceGroup": {"name": "rg-nowhere", "existing": True}},
            'resourceGroup: existing group "rg-nowhere"',
        ),
    ],
)
def test_what_does_not_exist_is_told_in_the_preview(function: str, changes: dict[str, Any], text: str) -> None:
    one = {"backends": reference_config()["backends"][:1]}
    with pytest.raises(pulumi.RunError) as refused:
        deploy_reference(preview=True, answers={function: not_found}, **{**one, **changes})
    assert str(refused.value) == (
        f"{text} cannot be read. Correct the name, or let the identity that deploys read it."
        f" Azure's answer: {NOT_FOUND} ()"
    )


def test_the_key_of_a_subscription_that_somebody_deleted_is_told_with_the_way_out() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        deploy_reference(answers={"apimanagement:listSubscriptionSecrets": not_found})
    assert str(refused.value) == (
        'subscriptions: the key of "team-a" in "ai-gateway-apim01234567" in "rg-ai-gateway-dev" cannot be read.'
        " If it was deleted outside of Pulumi, `pulumi up --refresh` makes it again, with new keys."
        f" If it exists, let the identity that deploys read its keys. Azure's answer: {NOT_FOUND} ()"
    )


def test_questions_go_to_the_provider_that_makes_the_resources() -> None:
    """Without a version Pulumi would start a second one."""
    deployed = deploy_reference()
    asked = {call.version for call in deployed.calls}
    assert asked == {made.request.version for made in deployed if made.type.startswith("azure-native:")}
