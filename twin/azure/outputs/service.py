"""What Azure adds to an API Management service. The fields are those of the specification's examples (2024-05-01)."""

from ..rules.proposal import Proposal, View
from ..rules.services import same_location
from .completion import Body, Circumstances, Completed, before, inner, system_data
from .identities import complete_identity


def complete_service(proposal: Proposal, body: Body, circumstances: Circumstances, view: View) -> Completed:
    name, properties = proposal.name, inner(body)
    tier = str(body["sku"]["name"]).lower()
    host = f"{name.lower()}.azure-api.net"
    complete_identity(proposal, body, circumstances, view)
    properties.pop("restore", None)
    properties.setdefault("notificationSenderEmail", "apimgmt-noreply@mail.windowsazure.com")
    properties.setdefault("virtualNetworkType", "None")
    properties.setdefault("publicNetworkAccess", "Enabled")
    properties.setdefault("disableGateway", False)
    properties.setdefault(
        "hostnameConfigurations",
        [
            {
                "type": "Proxy",
                "hostName": host,
                "negotiateClientCertificate": False,
                "defaultSslBinding": True,
                "certificateSource": "BuiltIn",
            }
        ],
    )
    properties.update(
        createdAtUtc=before(proposal, "properties", "createdAtUtc") or circumstances.stamp,
        provisioningState="Succeeded",
        targetProvisioningState="",
        gatewayUrl=f"https://{host}",
        platformVersion="stv2.1" if tier.endswith("v2") else "mtv1" if tier == "consumption" else "stv2",
    )
    if tier != "consumption":
        # An address of the range for documentation (RFC 5737): nobody's.
        properties["publicIPAddresses"] = ["203.0.113.10"]
    if tier != "consumption" and not tier.endswith("v2"):
        region = same_location(str(body["location"]))
        properties.update(
            gatewayRegionalUrl=f"https://{name.lower()}-{region}-01.regional.azure-api.net",
            developerPortalUrl=f"https://{name.lower()}.developer.azure-api.net",
            portalUrl=f"https://{name.lower()}.portal.azure-api.net",
            managementApiUrl=f"https://{name.lower()}.management.azure-api.net",
            scmUrl=f"https://{name.lower()}.scm.azure-api.net",
        )
    body["systemData"] = system_data(proposal, circumstances)
    return Completed(body)
