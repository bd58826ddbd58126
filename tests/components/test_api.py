"""OpenAIApi on its own: a new API, an existing one, and where the policy goes."""

from typing import Any, cast
from xml.etree import ElementTree

import pulumi
import pytest

from components import OpenAIApi, OpenAIApiArgs
from components.policy import render
from components.policy_inputs import counted_by_all, policy_settings
from tests.support import reference, strict
from tests.support.deployment import Deployment, Secret, Unknown, deploy, refusal

ON = {"resource_group_name": "rg-shared", "service_name": "apim-shared"}
MEMBERS = [{"name": "east", "priority": 1}, {"name": "north", "priority": 2}, {"name": "west", "priority": 2}]
ARGS = {**ON, "gateway_url": "https://apim-shared.azure-api.net", "pool": "openaiopool", "members": MEMBERS}
CHAT = (
    f"/subscriptions/{reference.SUBSCRIPTION}/resourceGroups/rg-shared"
    "/providers/Microsoft.ApiManagement/service/apim-shared/apis/chat"
)
BREAKER = {
    "count": 1,
    "interval": "PT10S",
    "trip_duration": "PT10S",
    "status_ranges": [{"min": 429, "max": 429}, {"min": 502, "max": 504}],
    "accept_retry_after": True,
}
POLICY = {
    "recovery_wait": 3,
    "request_timeout": 230,
    "replay_body": True,
    "retry_ambiguous": False,
    "managed_identity": True,
    "expose_attempts": False,
}
THEIRS = """<policies>
    <inbound>
        <base />
        <rate-limit calls="10" renewal-period="60" />
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>"""


def api(*, preview: bool = False, answers: Any = None, **args: Any) -> Deployment:
    return deploy(
        lambda: OpenAIApi("chat", cast("OpenAIApiArgs", {**ARGS, **args})),
        preview=preview,
        answers={**reference.ANSWERS, **(answers or {})},
    )


def test_a_new_api_takes_the_clients_of_azure_openai_as_they_are() -> None:
    deployed = api()

    assert strict.all_problems(deployed) == []
    expected = {
        "apiId": "openai",
        "displayName": "Azure OpenAI",
        "path": "openai",
        "protocols": ["https"],
        "apiType": "http",
        "subscriptionRequired": True,
        "subscriptionKeyParameterNames": {"header": "api-key", "query": "api-key"},
    }
    made = deployed.one("Api").inputs
    assert {key: made.get(key) for key in expected} == expected
    assert "serviceUrl" not in made, "the policy decides where calls go"
    assert deployed.one("OpenAIApi").outputs["endpoint"] == "https://apim-shared.azure-api.net/openai"


def test_the_catch_all_operation_declares_its_parameter_without_the_star() -> None:
    assert api().one("ApiOperation").inputs == {
        "apiId": "openai",
        "operationId": "post-any-path",
        "resourceGroupName": "rg-shared",
        "serviceName": "apim-shared",
        "displayName": "POST any path",
        "method": "POST",
        "urlTemplate": "/{*path}",
        "templateParameters": [{"name": "path", "type": "string", "required": True}],
    }


def test_the_children_of_an_api_are_made_one_after_the_other() -> None:
    """Azure answers 409 to parallel writes to one API."""
    deployed = api(api={"methods": ["POST", "GET", "DELETE"]})

    chain = ["chat-post", "chat-get", "chat-delete", "chat-policy"]
    for earlier, later in zip(["chat", *chain], chain, strict=False):
        made = next(resource for resource in deployed if resource.name == later)
        assert earlier in made.depends_on, f"{later} after {earlier}"


def test_the_policy_stands_on_the_api_in_the_form_in_which_azure_gives_it_back() -> None:
    policy = api().one("ApiPolicy").inputs

    assert {key: policy[key] for key in ("apiId", "policyId", "format")} == {
        "apiId": "openai",
        "policyId": "policy",
        "format": "xml",
    }
    members = [{**member, "weight": 1, "breaker": BREAKER} for member in MEMBERS]
    assert policy["value"] == render(policy_settings("openaiopool", members, POLICY))
    assert ElementTree.fromstring(policy["value"]).tag == "policies"


def test_the_policy_is_known_in_the_first_preview() -> None:
    planned = api(preview=True)
    assert planned.one("ApiPolicy").inputs["value"] == api().one("ApiPolicy").inputs["value"]
    assert planned.one("OpenAIApi").outputs["policyXml"] == api().one("OpenAIApi").outputs["policyXml"]


def test_with_scope_operation_every_operation_has_the_policy_and_the_api_none() -> None:
    deployed = api(api={"methods": ["POST", "GET"]}, policy={"scope": "operation"})

    assert strict.all_problems(deployed) == []
    assert deployed.all("ApiPolicy") == []
    policies = {policy.name: policy for policy in deployed.all("ApiOperationPolicy")}
    assert {name: policy.inputs["operationId"] for name, policy in policies.items()} == {
        "chat-post-policy": "post-any-path",
        "chat-get-policy": "get-any-path",
    }
    assert "chat-get" in policies["chat-post-policy"].depends_on
    assert "chat-post-policy" in policies["chat-get-policy"].depends_on
    assert {policy.inputs["value"] for policy in policies.values()} == {api().one("ApiPolicy").inputs["value"]}


def test_an_api_of_another_name_replaces_the_old_one_which_goes_first_as_both_have_one_path() -> None:
    request = api().one("Api").request
    assert request.deleteBeforeReplaceDefined
    assert request.deleteBeforeReplace


@pytest.mark.parametrize("reference_to_it", ["chat", CHAT], ids=["by name", "by id"])
def test_of_an_existing_api_only_the_policy_is_set(reference_to_it: str) -> None:
    planned = api(api={"existing": reference_to_it}, preview=True)

    assert strict.all_problems(planned) == []
    assert [made.type for made in planned if made.request.custom] == ["azure-native:apimanagement:ApiPolicy"]
    assert planned.one("ApiPolicy").inputs["apiId"] == "chat"
    assert planned.one("ApiPolicy").request.importId == ""
    outputs = planned.one("OpenAIApi").outputs
    assert outputs["apiId"] == CHAT
    assert outputs["endpoint"] == "https://apim-shared.azure-api.net/paths/of/chat"


def test_the_pool_is_inserted_into_the_policy_of_an_existing_api() -> None:
    text = (
        api(api={"existing": "chat"}, policy={"existing": THEIRS, "failover": False}).one("ApiPolicy").inputs["value"]
    )

    inbound = [part.tag for part in ElementTree.fromstring(text).iterfind("./inbound/*") if isinstance(part.tag, str)]
    assert "rate-limit" in inbound
    assert "set-backend-service" in inbound
    assert 'backend-id="openaiopool"' in text
    assert "<retry" not in text
    with_failover = api(api={"existing": "chat"}, policy={"existing": THEIRS}).one("ApiPolicy").inputs["value"]
    assert "<retry" in with_failover


def test_a_policy_with_unescaped_code_stays_in_the_form_that_allows_it() -> None:
    raw = THEIRS.replace("<rate-limit", '<set-variable name="both" value="@(1 < 2 && 2 < 3)" /><rate-limit')
    policy = api(api={"existing": "chat"}, policy={"existing": raw}).one("ApiPolicy").inputs

    assert policy["format"] == "rawxml"
    assert "@(1 < 2 && 2 < 3)" in policy["value"]


@pytest.mark.parametrize(
    ("known", "header", "query"),
    [
        ({}, "Ocp-Apim-Subscription-Key", "subscription-key"),
        ({"subscriptionKeyParameterNames": {"header": "x-key", "query": "key"}}, "x-key", "key"),
    ],
)
def test_the_key_of_an_existing_api_is_taken_out_wherever_that_api_expects_it(
    known: dict[str, Any], header: str, query: str
) -> None:
    id_ = "/subscriptions/s/resourceGroups/rg-shared/providers/Microsoft.ApiManagement/service/apim-shared/apis/chat"
    answers = {"apimanagement:getApi": {"id": id_, "name": "chat", "path": "chat", **known}}
    text = api(api={"existing": "chat"}, answers=answers).one("ApiPolicy").inputs["value"]
    inbound = ElementTree.fromstring(text).find("inbound")
    assert inbound is not None
    assert inbound.find(f"set-header[@name='{header}'][@exists-action='delete']") is not None
    assert inbound.find(f"set-query-parameter[@name='{query}'][@exists-action='delete']") is not None


def test_a_text_that_is_no_policy_is_refused_in_the_preview() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        api(api={"existing": "chat"}, policy={"existing": "<policies>"}, preview=True)
    assert "policy.existing: line 1: <policies> is not closed" in str(refused.value)


def test_an_import_takes_the_policy_into_the_stack_without_a_change() -> None:
    """Pulumi compares what it imports with the inputs, so the text has to be Azure's own, to the last line end."""
    text = "<policies>\r\n\t<inbound />\r\n</policies>"
    answers = {"apimanagement:getApiPolicy": {"value": text, "format": "xml"}}
    planned = api(api={"existing": CHAT}, policy={"import_existing": True}, answers=answers, preview=True)

    policy = planned.one("ApiPolicy")
    assert policy.request.importId == f"{CHAT}/policies/policy"
    assert policy.inputs == {
        "apiId": "chat",
        "policyId": "policy",
        "resourceGroupName": "rg-shared",
        "serviceName": "apim-shared",
        "format": "xml",
        "value": text,
    }


def test_an_import_needs_the_id_of_the_api() -> None:
    args = {**ARGS, "api": {"existing": "chat"}, "policy": {"import_existing": True}}
    text, registered = refusal(lambda: OpenAIApi("chat", cast("OpenAIApiArgs", args)))

    assert registered == []
    assert 'api.existing: found "chat"; an import needs the resource id, as plain text. Write the id of the API' in text


def test_a_user_assigned_identity_asks_for_tokens_with_its_client_id() -> None:
    client_id = "00000000-0000-0000-0000-0000000000c1"
    text = api(client_id=client_id).one("ApiPolicy").inputs["value"]
    (element,) = ElementTree.fromstring(text).iterfind("./inbound/authentication-managed-identity")
    assert element.get("client-id") == client_id


def test_a_pool_that_is_known_later_makes_the_policy_known_later() -> None:
    """As for a pool whose name is an output of another program."""

    def program() -> None:
        pool = pulumi.CustomResource("test:index:Pool", "pool", {"name": None})
        name = pool.id.apply(lambda _: "their-pool")
        OpenAIApi("chat", cast("OpenAIApiArgs", {**ARGS, "pool": name}))

    assert deploy(program, preview=True).one("ApiPolicy").inputs["value"] == Unknown()
    made = deploy(program).one("ApiPolicy")
    assert 'backend-id="their-pool"' in made.inputs["value"]
    assert "pool" in made.depends_on


def test_a_secret_in_the_policy_stays_a_secret() -> None:
    def program() -> None:
        args = {**ARGS, "api": {"existing": "chat"}, "policy": {"existing": pulumi.Output.secret(THEIRS)}}
        OpenAIApi("chat", cast("OpenAIApiArgs", args))

    assert isinstance(deploy(program, answers=reference.ANSWERS).one("ApiPolicy").inputs["value"], Secret)


def test_the_policy_goes_by_what_holds_for_the_breaker_of_every_member() -> None:
    """It cannot tell which member answered."""
    slow = {**BREAKER, "count": 5, "trip_duration": "PT1M", "accept_retry_after": False}
    slow["status_ranges"] = [{"min": 429, "max": 429}, {"min": 500, "max": 503}]
    members = [{"name": n, "priority": 1, "weight": 1, "breaker": b} for n, b in (("a", BREAKER), ("b", slow))]
    settings = policy_settings("pool", members, {**POLICY, "retry_budget": 3}, "client")

    assert settings.trip_duration == 10, "the soonest that a member may come back"
    assert settings.breaker_count == 5
    assert settings.accept_retry_after is False
    assert settings.breaker_statuses == ((429, 429), (502, 503))
    assert (settings.retry_budget, settings.client_id) == (3, "client")


def test_status_codes_that_only_some_breakers_count_are_left_out() -> None:
    def breaker(*ranges: tuple[int, int]) -> dict[str, Any]:
        return {"status_ranges": [{"min": low, "max": high} for low, high in ranges]}

    assert counted_by_all([breaker((429, 429), (430, 440))]) == ((429, 440),)
    assert counted_by_all([breaker((200, 599)), breaker((500, 510), (599, 599))]) == ((500, 510), (599, 599))
    assert counted_by_all([breaker((429, 429)), breaker((500, 500))]) == ()
