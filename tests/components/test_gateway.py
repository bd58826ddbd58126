"""AIGateway as another program uses it: what it composes, in which order, and what it passes on."""

import functools
import itertools
from typing import Any, cast

import pulumi
import pytest

from components import AIGateway, AIGatewayArgs
from tests.support import strict
from tests.support.deployment import Deployment, Secret, Unknown, deploy, refusal
from tests.support.reference import ANSWERS, PROGRAM, SUBSCRIPTION, as_config

INSIGHTS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-logs/providers/Microsoft.Insights/components/appi"
ARGS: dict[str, Any] = {
    "location": "eastus2",
    "resource_group": {"name": "rg-gateway"},
    "service": {"publisher_email": "platform@example.com", "publisher_name": "Platform", "sku": "Developer"},
    "backends": [
        {"name": "east", "account": {"name": "aoai-east", "resource_group": "rg-openai"}, "priority": 1},
        {"name": "north", "account": {"name": "aoai-north", "resource_group": "rg-openai"}, "priority": 2},
        {"name": "west", "url": "https://west.example.com/openai", "priority": 2, "breaker": {"count": 2}},
    ],
    "breaker": {"trip_duration": "PT30S"},
    "api": {"methods": ["POST", "GET"]},
    "subscriptions": ["team-a", "team-b"],
    "application_insights": INSIGHTS,
    "tags": {"team": "platform"},
}


def gateway(*, preview: bool = False, protect: bool | None = None, answers: Any = None, **changes: Any) -> Deployment:
    def program() -> None:
        args = {key: value for key, value in {**ARGS, **changes}.items() if value is not None}
        made = AIGateway("main", cast("AIGatewayArgs", args), pulumi.ResourceOptions(protect=protect))
        pulumi.export("keys", made.keys)

    return deploy(program, preview=preview, answers={**ANSWERS, **(answers or {})})


@functools.cache
def whole() -> Deployment:
    return gateway()


def named(name: str, type_: str = "Backend") -> Any:
    return whole().one(type_, name)


def test_every_input_fits_the_types_of_the_providers_sdk() -> None:
    assert strict.all_problems(whole()) == []


def test_what_a_component_registers_is_what_it_declares() -> None:
    outputs = whole().one("AIGateway").outputs
    assert set(outputs) == {"endpoint", "gatewayUrl", "poolId", "principalId", "keys", "missingRoles"}
    assert outputs["keys"] == whole().exports["keys"]


def test_the_group_and_the_service_have_the_tags() -> None:
    for made in (named("main-group", "ResourceGroup"), named("main-apim", "ApiManagementService")):
        assert made.inputs["tags"] == {"team": "platform"}


def test_a_pool_comes_after_its_members() -> None:
    for pool in ("main-pool", "main-pool-first", "main-pool-last", "main-pool-turned"):
        assert {"main-east", "main-north", "main-west"} <= named(pool).depends_on


def test_the_policy_comes_after_everything_it_names_and_after_the_roles() -> None:
    """An existing API must not send its calls to accounts that refuse the gateway."""
    assert named("main-api-policy", "ApiPolicy").depends_on >= {
        *("main-pool", "main-pool-first", "main-pool-last", "main-pool-turned"),
        *("main-rg-openai-aoai-east-role", "main-rg-openai-aoai-north-role"),
    }


def test_what_belongs_to_one_api_is_made_one_after_the_other() -> None:
    """Azure answers 409 to parallel writes to one API."""
    chain = [
        named("main-api", "Api"),
        named("main-api-post", "ApiOperation"),
        named("main-api-get", "ApiOperation"),
        named("main-api-policy", "ApiPolicy"),
        named("main-telemetry-diagnostic", "ApiDiagnostic"),
    ]
    for earlier, later in itertools.pairwise(chain):
        assert earlier.name in later.depends_on, f"{later.name} after {earlier.name}"


def test_backends_roles_and_the_api_wait_for_the_service_and_not_for_each_other() -> None:
    ground = {"main-apim", "main-group"}
    assert named("main-east").depends_on == ground
    assert named("main-rg-openai-aoai-east-role", "RoleAssignment").depends_on == ground
    assert named("main-api", "Api").depends_on == ground


def test_a_breaker_is_the_gateways_unless_the_backend_says_otherwise() -> None:
    def rule(name: str) -> Any:
        return named(name).inputs["circuitBreaker"]["rules"][0]

    assert (rule("main-east")["tripDuration"], rule("main-east")["failureCondition"]["count"]) == ("PT30S", 1)
    assert (rule("main-west")["tripDuration"], rule("main-west")["failureCondition"]["count"]) == ("PT30S", 2)


def test_a_subscription_may_call_the_api_at_once_and_nothing_else() -> None:
    assert named("main-team-a", "Subscription").inputs == {
        "sid": "team-a",
        "resourceGroupName": "rg-gateway",
        "serviceName": "main-apim01234567",
        "displayName": "team-a",
        "scope": "/apimanagement:Api/main-api",
        "state": "active",
        "allowTracing": False,
    }


def test_the_keys_are_secret_and_read_only_after_the_subscriptions_exist() -> None:
    assert whole().exports["keys"] == Secret({"team-a": "key of team-a", "team-b": "key of team-b"})
    assert gateway(subscriptions=[]).exports["keys"] == Secret({})

    planned = gateway(preview=True)
    assert planned.exports["keys"] == Secret(Unknown())
    assert "apimanagement:listSubscriptionSecrets" not in [call.token for call in planned.calls]


def test_telemetry_has_every_failure_and_no_prompt_no_key_and_no_address() -> None:
    diagnostic = named("main-telemetry-diagnostic", "ApiDiagnostic").inputs
    hidden = [{"value": "api-key", "mode": "Hide"}]
    recorded = {
        "request": {"headers": [], "body": {"bytes": 0}, "dataMasking": {"queryParams": hidden, "headers": hidden}},
        "response": {"headers": ["Retry-After"], "body": {"bytes": 0}},
    }
    assert diagnostic == {
        "diagnosticId": "applicationinsights",
        "apiId": "openai",
        "resourceGroupName": "rg-gateway",
        "serviceName": "main-apim01234567",
        "loggerId": "/apimanagement:Logger/main-telemetry-logger",
        "alwaysLog": "allErrors",
        "sampling": {"samplingType": "fixed", "percentage": 10},
        "httpCorrelationProtocol": "W3C",
        "verbosity": "information",
        "operationNameFormat": "Url",
        "logClientIp": False,
        "metrics": True,
        "frontend": recorded,
        "backend": recorded,
    }


def test_the_connection_string_is_a_secret_that_the_logger_only_refers_to() -> None:
    value = named("main-telemetry-connection", "NamedValue").inputs
    assert value["secret"] is True
    assert value["value"] == Secret("InstrumentationKey=00000000-0000-0000-0000-000000000000")

    logger = named("main-telemetry-logger", "Logger")
    assert logger.inputs["credentials"] == {"connectionString": "{{openaiopool-telemetry-connection}}"}
    assert logger.inputs["credentials"]["connectionString"] == f"{{{{{value['displayName']}}}}}"
    assert logger.inputs["resourceId"] == INSIGHTS
    assert "main-telemetry-connection" in logger.depends_on


def test_a_component_of_the_same_name_in_another_subscription_is_not_taken_for_the_wanted_one() -> None:
    elsewhere = INSIGHTS.replace(SUBSCRIPTION, "00000000-0000-0000-0000-00000000000b")
    with pytest.raises(pulumi.RunError) as refused:
        gateway(application_insights=elsewhere, preview=True)
    assert str(refused.value).startswith(f"applicationInsights: found {elsewhere}; the provider looks in its own")


def test_protect_reaches_everything_that_is_made() -> None:
    protected = gateway(protect=True)
    assert all(made.request.protect for made in protected if made.type != "pulumi:pulumi:Stack")
    assert not any(made.request.protect for made in whole())


def test_the_callers_provider_is_used_for_everything() -> None:
    def program() -> None:
        import pulumi_azure_native as azure_native

        theirs = azure_native.Provider("theirs")
        AIGateway("main", cast("AIGatewayArgs", ARGS), pulumi.ResourceOptions(providers=[theirs]))

    deployed = deploy(program, answers=ANSWERS)
    theirs = deployed.one("pulumi:providers:azure-native").urn
    made = [resource for resource in deployed if resource.type.startswith("azure-native:")]
    assert {resource.request.provider.rpartition("::")[0] for resource in made} == {theirs}
    assert {call.provider.rpartition("::")[0] for call in deployed.calls} == {theirs}


def test_two_gateways_fit_in_one_program() -> None:
    def program() -> None:
        for name in ("blue", "green"):
            args = {**ARGS, "resource_group": {"name": f"rg-{name}"}}
            AIGateway(name, cast("AIGatewayArgs", args))

    deployed = deploy(program, answers=ANSWERS)
    assert len(deployed.all("AIGateway")) == 2
    assert {pool.parent for pool in deployed.all("BackendPool")} == {"blue", "green"}


def test_texts_may_come_from_other_resources() -> None:
    """Names of accounts, services and groups that the same program makes are known only while it runs."""

    def program() -> None:
        def later(text: str) -> pulumi.Output[str]:
            return pulumi.CustomResource("test:index:Made", text.replace("/", "-"), {}).id.apply(lambda _: text)

        east = {"name": "east", "account": {"name": later("aoai-east"), "resource_group": later("rg-openai")}}
        args = {
            **ARGS,
            "resource_group": {"name": later("rg-gateway"), "existing": True},
            "backends": [east, {"name": "west", "url": later("https://west.example.com/openai")}],
            "application_insights": later(INSIGHTS),
        }
        AIGateway("main", cast("AIGatewayArgs", args))

    deployed, planned = deploy(program, answers=ANSWERS), deploy(program, preview=True)
    assert planned.urns == deployed.urns
    assert deployed.one("Backend", "main-east").inputs["url"] == "https://aoai-east.openai.azure.com/openai"
    assert deployed.one("RoleAssignment").name == "main-east-role"
    assert strict.all_problems(deployed) == []


def test_what_azure_accepts_and_somebody_will_regret_is_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    gateway(api={"path": "ai"})
    assert any(record.message.startswith("api.path: ") for record in caplog.records)


def test_arguments_and_configuration_are_refused_in_the_same_words() -> None:
    args = {
        "service": {"publisher_email": "me", "publisher_name": "Platform", "sku": "Developer", "name": "apim-1"},
        "backends": [{"name": "a", "url": "http://a.example.com", "priority": 1.5}],
        "breaker": {"trip_duration": "10s"},
    }
    config = {
        "service": {"publisherEmail": "me", "publisherName": "Platform", "sku": "Developer", "name": "apim-1"},
        "backends": args["backends"],
        "breaker": {"tripDuration": "10s"},
    }
    by_arguments, registered = refusal(lambda: AIGateway("main", cast("AIGatewayArgs", args)))
    by_configuration, _ = refusal(PROGRAM, config=as_config(config))

    assert registered == []
    assert by_arguments.splitlines()[0] == 'AIGateway "main" has 6 problems:'
    assert by_arguments.splitlines()[1:] == by_configuration.splitlines()[1:]


def test_problems_that_only_the_component_can_find_are_told_with_the_others() -> None:
    args = {
        **ARGS,
        "api": {"existing": "chat"},
        "policy": {"import_existing": True, "scope": "operation"},
        "pool": {"name": "-"},
    }
    text, _ = refusal(lambda: AIGateway("my_gateway", cast("AIGatewayArgs", args)))
    told = {line.split(":")[0].strip(" -") for line in text.splitlines()[1:-1]}
    assert told == {"api.existing", "policy.scope", "pool.name", "service.name"}
