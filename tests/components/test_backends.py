"""OpenAIBackend and BackendPool on their own."""

from typing import Any, cast

import pulumi
import pytest

from components import BackendPool, BackendPoolArgs, OpenAIBackend, OpenAIBackendArgs
from tests.support import reference, strict
from tests.support.deployment import Deployment, Unknown, deploy, refusal

ON = {"resource_group_name": "rg-shared", "service_name": "apim-shared"}
EAST = {"name": "aoai-east", "resource_group": "rg-openai"}
SERVICE_ID = (
    f"/subscriptions/{reference.SUBSCRIPTION}/resourceGroups/rg-shared"
    "/providers/Microsoft.ApiManagement/service/apim-shared"
)


def backend(*, preview: bool = False, answers: Any = None, **args: Any) -> Deployment:
    def program() -> None:
        made = OpenAIBackend("east", cast("OpenAIBackendArgs", {**ON, "name": "east", **args}))
        pulumi.export("name", made.name)

    return deploy(program, preview=preview, answers={**reference.ANSWERS, **(answers or {})})


def pool(*members: tuple[str, int, int], preview: bool = False) -> Deployment:
    def program() -> None:
        args = {
            **ON,
            "members": [
                {"name": name, "id": f"{SERVICE_ID}/backends/{name}", "priority": priority, "weight": weight}
                for name, priority, weight in members
            ],
        }
        made = BackendPool("shared", cast("BackendPoolArgs", args))
        pulumi.export("name", made.name)

    return deploy(program, preview=preview)


def test_a_backend_calls_its_account_behind_one_circuit_breaker_rule() -> None:
    deployed = backend(account=EAST)

    assert strict.all_problems(deployed) == []
    assert deployed.one("Backend").inputs == {
        "backendId": "east",
        "resourceGroupName": "rg-shared",
        "serviceName": "apim-shared",
        "type": "Single",
        "title": "east",
        "description": "Azure OpenAI account aoai-east in rg-openai",
        "url": "https://aoai-east.openai.azure.com/openai",
        "protocol": "http",
        "tls": {"validateCertificateChain": True, "validateCertificateName": True},
        "circuitBreaker": {
            "rules": [
                {
                    "name": "throttled-or-down",
                    "failureCondition": {
                        "count": 1,
                        "interval": "PT10S",
                        "statusCodeRanges": [{"min": 429, "max": 429}, {"min": 502, "max": 504}],
                    },
                    "tripDuration": "PT10S",
                    "acceptRetryAfter": True,
                }
            ]
        },
    }
    assert deployed.one("OpenAIBackend").outputs == {"name": "east", "resourceId": "/apimanagement:Backend/east"}


def test_the_account_is_looked_up_where_the_inputs_say() -> None:
    deployed = backend(account=EAST, preview=True)

    assert [(call.token, call.arguments) for call in deployed.calls] == [
        ("cognitiveservices:getAccount", {"accountName": "aoai-east", "resourceGroupName": "rg-openai"})
    ]
    assert deployed.all("pulumi:providers:azure-native") == []
    assert deployed.one("Backend").inputs["url"] == "https://aoai-east.openai.azure.com/openai", "known in a preview"


def test_an_account_in_another_subscription_is_looked_up_through_a_provider_for_it() -> None:
    other = "00000000-0000-0000-0000-00000000000b"
    deployed = backend(account={**EAST, "subscription": other})

    provider = deployed.one("pulumi:providers:azure-native", f"east-{other}")
    assert provider.inputs["subscriptionId"] == other
    (call,) = deployed.calls
    assert call.provider.startswith(provider.urn)
    assert deployed.one("Backend").request.provider == "", "the backend itself is where the gateway is"


def test_a_url_is_called_as_it_is_without_asking_azure() -> None:
    deployed = backend(url="https://east.example.com/openai/")

    assert deployed.one("Backend").inputs["url"] == "https://east.example.com/openai"
    assert deployed.calls == []


def test_the_breaker_is_what_the_inputs_say_also_where_whole_numbers_came_as_doubles() -> None:
    breaker = {
        "count": 3.0,
        "interval": "PT60S",
        "trip_duration": "PT30S",
        "status_ranges": [{"min": 429.0, "max": 429.0}],
        "accept_retry_after": False,
    }
    deployed = backend(url="https://east.example.com", breaker=breaker)

    assert strict.all_problems(deployed) == []
    (rule,) = deployed.one("Backend").inputs["circuitBreaker"]["rules"]
    assert rule == {
        "name": "throttled-or-down",
        "failureCondition": {"count": 3, "interval": "PT1M", "statusCodeRanges": [{"min": 429, "max": 429}]},
        "tripDuration": "PT30S",
        "acceptRetryAfter": False,
    }


def account_with(**changes: Any) -> Any:
    return {"cognitiveservices:getAccount": lambda arguments: {**reference.account(arguments), **changes}}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"kind": "SpeechServices"},
            "account aoai-east is of kind SpeechServices; OpenAI and AIServices serve models.",
        ),
        (
            {"properties": {"endpoint": "https://eastus.api.cognitive.microsoft.com/"}},
            "az cognitiveservices account update --name aoai-east --resource-group rg-openai --custom-domain aoai-east",
        ),
    ],
    ids=["another kind", "no name of its own"],
)
def test_an_account_that_could_never_answer_is_refused_in_the_preview(changes: Any, text: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        backend(account=EAST, preview=True, answers=account_with(**changes))
    assert text in str(refused.value)


def test_an_ai_services_account_serves_models_as_well() -> None:
    endpoint = {"endpoint": "https://aoai-east.cognitiveservices.azure.com/"}
    answers = account_with(kind="AIServices", properties=endpoint)
    url = backend(account=EAST, answers=answers).one("Backend").inputs["url"]
    assert url == "https://aoai-east.cognitiveservices.azure.com/openai"


def test_with_a_principal_the_backend_gives_it_its_role_on_the_account() -> None:
    deployed = backend(account=EAST, principal_id=reference.PRINCIPAL)

    assert strict.all_problems(deployed) == []
    role = deployed.one("RoleAssignment")
    assert role.name == "east-role"
    assert role.inputs["scope"] == f"{reference.ACCOUNTS}/aoai-east"
    assert role.inputs["principalId"] == reference.PRINCIPAL
    assert backend(account=EAST).all("RoleAssignment") == []


def test_a_backends_name_is_known_in_a_preview_and_waits_for_the_backend() -> None:
    def program() -> None:
        made = OpenAIBackend("east", cast("OpenAIBackendArgs", {**ON, "name": "east", "url": "https://a.example.com"}))
        pulumi.ComponentResource("test:index:User", "user", {"backend": made.name}, remote=True)

    for preview in (False, True):
        user = deploy(program, preview=preview).one("test:index:User")
        assert user.inputs == {"backend": "east"}
        assert user.depends_on == {"east"}


def test_a_pool_has_priority_and_weight_of_every_member_and_nothing_that_azure_refuses() -> None:
    deployed = pool(("east", 1, 3), ("west", 2, 1))

    assert strict.all_problems(deployed) == []
    assert deployed.one("Backend", "shared").inputs == {
        "backendId": "openaiopool",
        "resourceGroupName": "rg-shared",
        "serviceName": "apim-shared",
        "type": "Pool",
        "title": "openaiopool",
        "description": "Azure OpenAI accounts behind the gateway",
        "pool": {
            "services": [
                {"id": f"{SERVICE_ID}/backends/east", "priority": 1, "weight": 3},
                {"id": f"{SERVICE_ID}/backends/west", "priority": 2, "weight": 1},
            ]
        },
    }


def test_the_pools_that_the_policy_turns_to_are_made_with_the_pool() -> None:
    deployed = pool(("east", 1, 1), ("north", 2, 1), ("west", 2, 1))

    assert {made.name: made.inputs["backendId"] for made in deployed.all("Backend")} == {
        "shared": "openaiopool",
        "shared-first": "openaiopool-first",
        "shared-last": "openaiopool-last",
        "shared-turned": "openaiopool-turned",
    }
    last = deployed.one("Backend", "shared-last").inputs["pool"]["services"]
    assert [(member["id"].rsplit("/")[-1], member["priority"]) for member in last] == [
        ("west", 1),
        ("north", 2),
        ("east", 3),
    ]


def test_a_pool_of_one_turns_nowhere() -> None:
    assert [made.name for made in pool(("east", 1, 1)).all("Backend")] == ["shared"]


def test_a_pools_name_waits_for_every_pool_that_the_policy_may_turn_to() -> None:
    def program() -> None:
        ids = [{"name": name, "id": f"{SERVICE_ID}/backends/{name}"} for name in ("a", "b")]
        made = BackendPool("shared", cast("BackendPoolArgs", {**ON, "members": ids}))
        pulumi.ComponentResource("test:index:User", "user", {"pool": made.name}, remote=True)
        pulumi.export("pool_id", made.pool_id)

    planned = deploy(program, preview=True)
    assert planned.one("test:index:User").inputs == {"pool": "openaiopool"}
    assert planned.one("test:index:User").depends_on == {"shared", "shared-first", "shared-last"}
    assert planned.exports == {"pool_id": Unknown()}


def test_a_backend_or_pool_of_another_name_is_made_before_the_old_one_goes() -> None:
    """The policy names the pool, and Azure does not delete what is named; the provider's default is the other order."""
    for made in (*backend(url="https://a.example.com").all("Backend"), *pool(("a", 1, 1), ("b", 1, 1)).all("Backend")):
        assert made.request.deleteBeforeReplaceDefined
        assert not made.request.deleteBeforeReplace


def test_a_bad_backend_and_a_bad_pool_register_nothing() -> None:
    bad = {**ON, "name": "a.b", "url": "http://a.example.com"}
    text, registered = refusal(lambda: OpenAIBackend("east", cast("OpenAIBackendArgs", bad)))
    assert registered == []
    assert text.startswith('OpenAIBackend "east" has 2 problems:\n  - name: found "a.b"')

    text, registered = refusal(lambda: BackendPool("shared", cast("BackendPoolArgs", {**ON, "members": []})))
    assert registered == []
    assert text.startswith('BackendPool "shared" has 1 problem:\n  - members: found an empty list')
