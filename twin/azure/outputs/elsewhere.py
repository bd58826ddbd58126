"""What other services than API Management add: resource groups, accounts, deployments, telemetry, role assignments."""

from ..identity import CLIENT, TENANT
from ..rules.proposal import Proposal, View
from ..rules.services import same_location
from .completion import Body, Circumstances, Completed, before, inner, system_data
from .identities import complete_identity


def complete_group(_proposal: Proposal, body: Body, _circumstances: Circumstances, _view: View) -> Completed:
    body["properties"] = {"provisioningState": "Succeeded"}
    return Completed(body)


def complete_account(proposal: Proposal, body: Body, circumstances: Circumstances, view: View) -> Completed:
    properties = inner(body)
    complete_identity(proposal, body, circumstances, view)
    subdomain = properties.get("customSubDomainName")
    domain = "openai.azure.com" if body.get("kind") == "OpenAI" else "cognitiveservices.azure.com"
    region = same_location(str(body["location"]))
    endpoint = f"https://{subdomain}.{domain}/" if subdomain else f"https://{region}.api.cognitive.microsoft.com/"
    properties.setdefault("publicNetworkAccess", "Enabled")
    properties.update(
        endpoint=endpoint,
        provisioningState="Succeeded",
        internalId=before(proposal, "properties", "internalId") or circumstances.new_id().hex,
        dateCreated=before(proposal, "properties", "dateCreated") or circumstances.stamp,
        isMigrated=False,
    )
    body["systemData"] = system_data(proposal, circumstances)
    kept = proposal.previous.private if proposal.previous else {}
    return Completed(body, {name: kept.get(name) or circumstances.new_key() for name in ("key1", "key2")})


def complete_deployment(proposal: Proposal, body: Body, circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    body["sku"].setdefault("capacity", 1)
    properties.setdefault("versionUpgradeOption", "OnceNewDefaultVersionAvailable")
    properties["provisioningState"] = "Succeeded"
    body["systemData"] = system_data(proposal, circumstances)
    return Completed(body)


def complete_component(proposal: Proposal, body: Body, circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    key = before(proposal, "properties", "InstrumentationKey") or str(circumstances.new_id())
    app = before(proposal, "properties", "AppId") or str(circumstances.new_id())
    region = same_location(str(body["location"]))
    properties.update(
        ApplicationId=proposal.name,
        AppId=app,
        Name=proposal.name,
        InstrumentationKey=key,
        ConnectionString=(
            f"InstrumentationKey={key};IngestionEndpoint=https://{region}-1.in.applicationinsights.azure.com/;"
            f"LiveEndpoint=https://{region}.livediagnostics.monitor.azure.com/;ApplicationId={app}"
        ),
        CreationDate=before(proposal, "properties", "CreationDate") or circumstances.stamp,
        TenantId=TENANT,
        provisioningState="Succeeded",
    )
    return Completed(body)


def complete_assignment(proposal: Proposal, body: Body, circumstances: Circumstances, _view: View) -> Completed:
    properties = inner(body)
    subscription = "/".join(proposal.path.split("/")[:3])
    role = properties["roleDefinitionId"].rpartition("/")[2]
    properties["roleDefinitionId"] = f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties.setdefault("principalType", "ServicePrincipal")
    properties.update(
        scope=proposal.parent,
        createdOn=before(proposal, "properties", "createdOn") or circumstances.stamp,
        updatedOn=circumstances.stamp,
        createdBy=before(proposal, "properties", "createdBy") or CLIENT,
        updatedBy=CLIENT,
    )
    return Completed(body)
