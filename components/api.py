"""The API that callers use, its catch-all operations, and the policy that sends their calls to the pool."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree import ElementTree

import pulumi
from pulumi_azure_native import apimanagement

from .arguments import OpenAIApiArgs
from .checks import OPENAI_API
from .checks.place import Place, quoted
from .checks.reading import mapping
from .checks.resource_ids import parts
from .children import child, on_service
from .existing_policy import insert
from .lookups import look_up
from .outputs import declared
from .policy import render
from .policy_inputs import policy_settings
from .validation import settled

# What the Azure OpenAI SDKs send their key in.
KEY_NAME = "api-key"

# What an API expects the key in that was not told otherwise.
# https://learn.microsoft.com/azure/api-management/api-management-subscriptions#use-a-subscription-key
AZURES_HEADER, AZURES_QUERY = "Ocp-Apim-Subscription-Key", "subscription-key"


@dataclass(frozen=True)
class _Api:
    """An API, made or found."""

    name: pulumi.Input[str]
    id: pulumi.Output[str]
    path: pulumi.Input[str]
    key_header: pulumi.Input[str] = KEY_NAME
    key_query: pulumi.Input[str] = KEY_NAME
    """Where callers present their key; the policy takes it out before an account sees the call."""
    operations: dict[str, apimanagement.ApiOperation] = field(default_factory=dict)
    """The catch-all operations by method; none of an API that was found."""
    made: list[pulumi.Resource] = field(default_factory=list)
    """What was made of it so far, each after the one before: Azure answers 409 to parallel writes to one API."""


class OpenAIApi(pulumi.ComponentResource):
    """An API for Azure OpenAI's clients: every path, one catch-all operation a method, and the failover policy.

    Callers present a subscription key in `api-key`, as Azure OpenAI's SDKs do. Of an existing API only the policy is
    set. Where it has a policy already, the deployment stops with "cannot create already existing resource" and nothing
    is lost; `policy.importExisting` takes that policy into the stack. A destroy removes the policy from such an API.
    https://learn.microsoft.com/azure/api-management/azure-openai-api-from-specification
    """

    name: pulumi.Output[str]
    """Name (id) of the API in API Management; all of the API is made when this is known."""
    api_id: pulumi.Output[str]
    """Resource id of the API, the scope of its subscriptions."""
    endpoint: pulumi.Output[str]
    """Address that callers use instead of an account's `https://<account>.openai.azure.com/openai`."""
    policy_xml: pulumi.Output[str]
    """Text of the policy."""

    def __init__(self, name: str, args: OpenAIApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        further = import_problems(args.get("api"), args.get("policy"), Place())
        inputs = settled(f'OpenAIApi "{name}"', OPENAI_API, args, *further)
        super().__init__("apim-ai-gateway:index:OpenAIApi", name, None, opts)

        self._inputs = inputs
        self._on = on_service(inputs)
        api = self._find() if "existing" in inputs["api"] else self._make(name)

        self.policy_xml = self._policy_text(api)
        if inputs["policy"]["scope"] == "operation":
            self._set_on_operations(name, api)
        else:
            self._set_on_api(name, api)

        self.name = pulumi.Output.all(api.name, *(part.urn for part in api.made)).apply(lambda values: values[0])
        self.api_id = api.id
        self.endpoint = pulumi.Output.concat(inputs["gateway_url"], "/", api.path)
        self.register_outputs(declared(self, OpenAIApi))

    def _find(self) -> _Api:
        name = pulumi.Output.from_input(self._inputs["api"]["existing"]).apply(api_name)
        found = look_up(
            "api.existing: API",
            "apimanagement:getApi",
            apimanagement.GetApiResult,
            self._question(apiId=name),
            parent=self,
        )
        names = found.subscription_key_parameter_names
        return _Api(
            name,
            found.id,
            found.path,
            key_header=names.apply(lambda known: (known and known.header) or AZURES_HEADER),
            key_query=names.apply(lambda known: (known and known.query) or AZURES_QUERY),
        )

    def _question(self, **more: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
        on = self._on
        return {**more, "serviceName": on["service_name"], "resourceGroupName": on["resource_group_name"]}

    def _make(self, name: str) -> _Api:
        inputs = self._inputs["api"]
        made = apimanagement.Api(
            name,
            api_id=inputs["name"],
            **self._on,
            display_name=inputs["display_name"],
            description="Azure OpenAI accounts behind one address",
            path=inputs["path"],
            protocols=[apimanagement.Protocol.HTTPS],
            api_type=apimanagement.ApiType.HTTP,
            subscription_required=inputs["subscription_required"],
            subscription_key_parameter_names=apimanagement.SubscriptionKeyParameterNamesContractArgs(
                header=KEY_NAME, query=KEY_NAME
            ),
            # Azure refuses a second API of the same path, so here the one of another name has to go first.
            opts=child(self, delete_before_replace=True),
        )
        api = _Api(made.name, made.id, inputs["path"], made=[made])
        for method in inputs["methods"]:
            api.operations[method] = self._operation(f"{name}-{method.lower()}", method, api)
            api.made.append(api.operations[method])
        return api

    def _operation(self, name: str, method: str, api: _Api) -> apimanagement.ApiOperation:
        return apimanagement.ApiOperation(
            name,
            operation_id=f"{method.lower()}-any-path",
            api_id=api.name,
            **self._on,
            display_name=f"{method} any path",
            method=method,
            url_template="/{*path}",
            # Named without the star. Azure refuses a template whose parameters are not declared.
            template_parameters=[apimanagement.ParameterContractArgs(name="path", type="string", required=True)],
            opts=child(self, depends_on=api.made[-1:]),
        )

    def _policy_text(self, api: _Api) -> pulumi.Output[str]:
        """The text waits for the name of the pool, hence for every pool that it names."""
        inputs, policy = self._inputs, self._inputs["policy"]
        if policy["import_existing"]:
            asked = self._question(policyId="policy", apiId=api.name)
            return look_up(
                "policy.importExisting: policy",
                "apimanagement:getApiPolicy",
                apimanagement.GetApiPolicyResult,
                asked,
                parent=self,
            ).value
        client_id, existing = inputs.get("client_id"), policy.get("existing")
        values = pulumi.Output.all(inputs["pool"], client_id, existing, api.key_header, api.key_query)
        return values.apply(lambda known: policy_text(inputs["members"], policy, *known))

    def _set_on_api(self, name: str, api: _Api) -> None:
        opts = child(self, depends_on=api.made[-1:])
        if self._inputs["policy"]["import_existing"]:
            opts.import_ = f"{self._inputs['api']['existing']}/policies/policy"
        policy = apimanagement.ApiPolicy(
            f"{name}-policy",
            policy_id="policy",
            api_id=api.name,
            **self._on,
            format=self.policy_xml.apply(policy_format),
            value=self.policy_xml,
            opts=opts,
        )
        api.made.append(policy)

    def _set_on_operations(self, name: str, api: _Api) -> None:
        for method, operation in api.operations.items():
            policy = apimanagement.ApiOperationPolicy(
                f"{name}-{method.lower()}-policy",
                policy_id="policy",
                operation_id=operation.name,
                api_id=api.name,
                **self._on,
                format=self.policy_xml.apply(policy_format),
                value=self.policy_xml,
                opts=child(self, depends_on=api.made[-1:]),
            )
            api.made.append(policy)


def api_name(reference: str) -> str:
    """The name of an API that is given by its name or by its resource id."""
    return parts(reference).get("apis", reference)


def policy_text(
    members: list[Mapping[str, Any]],
    policy: Mapping[str, Any],
    pool: str,
    client_id: str | None,
    existing: str | None,
    key_header: str,
    key_query: str,
) -> str:
    settings = policy_settings(pool, members, policy, client_id)
    settings = replace(settings, key_header=key_header, key_query=key_query)
    if existing is None:
        return render(settings)
    try:
        return insert(existing, settings, failover=policy["failover"])
    except ValueError as error:
        raise pulumi.RunError(f"policy.existing: {error}") from error


def policy_format(text: str) -> apimanagement.PolicyContentFormat:
    """Well-formed text, as ours is, goes as XML: Azure gives every policy back as that, so that an import and a refresh
    compare like with like. In somebody else's text C# may stand unescaped, which Azure takes as rawxml."""
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return apimanagement.PolicyContentFormat.RAWXML
    return apimanagement.PolicyContentFormat.XML


def import_problems(api: object, policy: object, place: Place) -> list[str]:
    """Pulumi takes a resource into a stack by its id, which has to be known before anything is asked of Azure."""
    existing = mapping(api).get("existing")
    wanted = mapping(policy).get("import_existing") is True
    if not wanted or existing is None or (isinstance(existing, str) and parts(existing)):
        return []
    advice = "Write the id of the API, /subscriptions/…/apis/<name>."
    return [
        place.key("api")
        .key("existing")
        .refuse(quoted(existing), "an import needs the resource id, as plain text", advice)
    ]
