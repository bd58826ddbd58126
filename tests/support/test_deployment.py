"""The harness itself: it keeps the engine's rules where Pulumi's mocks do not."""

import pulumi
import pytest
from pulumi_azure_native import resources

from tests.support.deployment import Secret, Unknown, deploy, refusal

GROUP = "azure-native:resources:ResourceGroup"


class Team(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Team", name, None, opts)
        resources.ResourceGroup(f"{name}-group", opts=pulumi.ResourceOptions(parent=self))


def test_urns_are_the_ones_an_engine_gives() -> None:
    def program() -> None:
        Team("inner", pulumi.ResourceOptions(parent=Team("outer")))

    assert deploy(program).urns == [
        "urn:pulumi:dev::apim-ai-gateway::test:index:Team$azure-native:resources:ResourceGroup::outer-group",
        "urn:pulumi:dev::apim-ai-gateway::test:index:Team$test:index:Team$azure-native:resources:ResourceGroup::inner-group",
        "urn:pulumi:dev::apim-ai-gateway::test:index:Team$test:index:Team::inner",
        "urn:pulumi:dev::apim-ai-gateway::test:index:Team::outer",
    ]


def test_two_resources_of_one_name_are_refused() -> None:
    def program() -> None:
        for _ in range(2):
            resources.ResourceGroup("twice")

    with pytest.raises(AssertionError, match="Duplicate resource URN"):
        deploy(program)


def test_a_question_without_an_answer_fails_loudly() -> None:
    def program() -> None:
        pulumi.export("name", resources.get_resource_group_output(resource_group_name="rg").name)

    with pytest.raises(AssertionError, match=r"getResourceGroup.* and the test gives no answer"):
        deploy(program)
    answers = {"resources:getResourceGroup": lambda arguments: {"name": arguments["resourceGroupName"]}}
    assert deploy(program, answers=answers).exports == {"name": "rg"}


def test_a_preview_knows_inputs_and_not_what_azure_makes() -> None:
    def program() -> None:
        made = resources.ResourceGroup("group", location="eastus2")
        pulumi.export("id", made.id)
        pulumi.export("location", made.location)

    assert deploy(program, preview=True).exports == {"id": Unknown(), "location": "eastus2"}
    assert deploy(program).exports == {"id": "/resources:ResourceGroup/group", "location": "eastus2"}


def test_secrets_stay_visible_as_secrets() -> None:
    def program() -> None:
        config = pulumi.Config()
        pulumi.export("password", config.require_secret("password"))

    assert deploy(program, secrets={"password": "guess"}).exports == {"password": Secret("guess")}


def test_an_assertion_that_fails_in_an_apply_fails_the_run() -> None:
    def program() -> None:
        def check(_: str) -> None:
            raise AssertionError("seen")

        resources.ResourceGroup("group").id.apply(check)

    with pytest.raises(AssertionError, match="seen"):
        deploy(program)
    assert deploy(lambda: None).urns == [], "what a failed run left behind does not reach the next one"


def test_a_refusal_shows_what_was_registered_before_it() -> None:
    def program() -> None:
        Team("early")
        raise pulumi.RunError("too late")

    text, registered = refusal(program)
    assert text == "too late"
    assert [urn.rpartition("::")[2] for urn in registered] == ["early-group", "early"]
    with pytest.raises(AssertionError, match="refused nothing"):
        refusal(lambda: None)


def test_aliases_of_a_program_stay_and_those_of_the_providers_versions_do_not() -> None:
    def program() -> None:
        resources.ResourceGroup("new", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")]))

    (made,) = deploy(program).all("ResourceGroup")
    assert [alias.spec.name for alias in made.request.aliases] == ["old"]
    assert made.type == GROUP
