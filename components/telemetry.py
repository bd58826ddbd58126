"""Requests, failures and metrics of an API in Application Insights, without prompts, completions and keys."""

import pulumi
from pulumi_azure_native import apimanagement, applicationinsights

from .api import KEY_NAME
from .checks.resource_ids import parts
from .children import OnService, child
from .lookups import look_up

# Of the calls that succeed; every failure is kept. All of them cost 40 to 50 % of the throughput above 1,000 calls a
# second. https://learn.microsoft.com/azure/api-management/api-management-howto-app-insights
SAMPLED_PERCENT = 10

# Azure knows a diagnostic by this name only.
DIAGNOSTIC = "applicationinsights"


def send_to_application_insights(
    name: str,
    *,
    component_id: pulumi.Input[str],
    on: OnService,
    logger_id: str,
    api_name: pulumi.Input[str],
    parent: pulumi.Resource,
) -> None:
    """A logger for the component and a diagnostic of the API that writes to it."""
    connection_string = _connection_string(component_id, parent)
    secret = apimanagement.NamedValue(
        f"{name}-connection",
        named_value_id=f"{logger_id}-connection",
        display_name=f"{logger_id}-connection",
        **on,
        secret=True,
        value=pulumi.Output.secret(connection_string),
        opts=child(parent),
    )
    logger = apimanagement.Logger(
        f"{name}-logger",
        logger_id=logger_id,
        **on,
        logger_type=apimanagement.LoggerType.APPLICATION_INSIGHTS,
        description="Telemetry of the gateway's API",
        resource_id=component_id,
        # By reference: given as it is, Azure makes another named value of it at every update and shows it in the log.
        credentials={"connectionString": f"{{{{{logger_id}-connection}}}}"},
        is_buffered=True,
        opts=child(parent, depends_on=[secret]),
    )
    apimanagement.ApiDiagnostic(
        f"{name}-diagnostic",
        diagnostic_id=DIAGNOSTIC,
        api_id=api_name,
        **on,
        logger_id=logger.id,
        always_log=apimanagement.AlwaysLog.ALL_ERRORS,
        sampling=apimanagement.SamplingSettingsArgs(
            sampling_type=apimanagement.SamplingType.FIXED, percentage=SAMPLED_PERCENT
        ),
        http_correlation_protocol=apimanagement.HttpCorrelationProtocol.W3_C,
        verbosity=apimanagement.Verbosity.INFORMATION,
        # The catch-all operation has one name for every path.
        operation_name_format=apimanagement.OperationNameFormat.URL,
        log_client_ip=False,
        metrics=True,
        frontend=_recorded(),
        backend=_recorded(),
        opts=child(parent),
    )


def _recorded() -> apimanagement.PipelineDiagnosticSettingsArgs:
    """What is kept of a message. A logged body is a stored prompt, and to log a stream is to buffer it."""
    none = apimanagement.BodyDiagnosticSettingsArgs(bytes=0)
    key = apimanagement.DataMaskingEntityArgs(value=KEY_NAME, mode=apimanagement.DataMaskingMode.HIDE)
    hidden = apimanagement.DataMaskingArgs(query_params=[key], headers=[key])
    return apimanagement.PipelineDiagnosticSettingsArgs(
        request=apimanagement.HttpMessageDiagnosticArgs(headers=[], body=none, data_masking=hidden),
        response=apimanagement.HttpMessageDiagnosticArgs(headers=["Retry-After"], body=none),
    )


def _connection_string(component_id: pulumi.Input[str], parent: pulumi.Resource) -> pulumi.Output[str]:
    wanted = pulumi.Output.from_input(component_id)
    found = look_up(
        "applicationInsights: component",
        "applicationinsights:getComponent",
        applicationinsights.GetComponentResult,
        {
            "resourceName": wanted.apply(lambda id_: parts(id_)["components"]),
            "resourceGroupName": wanted.apply(lambda id_: parts(id_)["group"]),
        },
        parent=parent,
    )

    def connection_string(values: list[str]) -> str:
        wanted_id, found_id, text = values
        if wanted_id.casefold() != found_id.casefold():
            raise pulumi.RunError(
                f"applicationInsights: found {wanted_id}; the provider looks in its own Azure subscription, where"
                f" another component has this name. Name a component in the subscription of the deployment."
            )
        return text

    return pulumi.Output.all(wanted, found.id, found.connection_string).apply(connection_string)
