"""The API Management service: made here with its identity, or used as it exists."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_azure_native import apimanagement

from .arguments import ApimServiceArgs
from .checks import APIM_SERVICE
from .checks.names import SERVICE_NAME
from .checks.place import Place, quoted
from .checks.reading import mapping
from .checks.skus import LIMITED
from .children import child
from .lookups import look_up
from .outputs import declared
from .validation import settled

# Azure takes 30 to 45 minutes to make a service of a classic tier or to scale it; the provider's default is too close.
PATIENCE = pulumi.CustomTimeouts(create="120m", update="120m", delete="120m")

SECURITY = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security"
OLD_PROTOCOLS = tuple(
    f"{side}Protocols.{protocol}" for side in ("", "Backend.") for protocol in ("Ssl30", "Tls10", "Tls11")
)
# Every cipher that can be switched off: what stays on has forward secrecy. The tiers other than the classic ones have a
# fixed list. https://learn.microsoft.com/azure/api-management/api-management-howto-manage-protocols-ciphers
WEAK_CIPHERS = tuple(
    f"Ciphers.{cipher}"
    for cipher in (
        "TripleDes168",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        "TLS_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_RSA_WITH_AES_256_CBC_SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA256",
        "TLS_RSA_WITH_AES_256_CBC_SHA",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
    )
)


class ApimService(pulumi.ComponentResource):
    """An API Management service with a managed identity, or one that exists already.

    A new service takes Azure 30 to 45 minutes in the classic tiers. TLS 1.0, TLS 1.1 and weak ciphers are switched off.
    A service that is deleted stays for 48 hours under its name, so a name of your own can be used again only after a
    purge. `protect` on the component protects the service.
    https://learn.microsoft.com/azure/api-management/api-management-key-concepts
    """

    name: pulumi.Output[str]
    """Name of the service."""
    resource_group_name: pulumi.Output[str]
    """Name of the resource group that the service is in."""
    resource_id: pulumi.Output[str]
    """Resource id of the service."""
    gateway_url: pulumi.Output[str]
    """Address of the gateway, such as https://my-apim.azure-api.net."""
    principal_id: pulumi.Output[str]
    """Principal id of the identity that the gateway calls with; empty for an existing service without one."""

    def __init__(self, name: str, args: ApimServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        inputs = settled(f'ApimService "{name}"', APIM_SERVICE, args, *autoname_problems(name, args, Place()))
        super().__init__("apim-ai-gateway:index:ApimService", name, None, opts)

        existing = inputs.get("existing")
        if existing:
            group, wanted = existing["resource_group"], existing["name"]
        else:
            group, wanted = inputs["resource_group_name"], self._make(name, inputs).name
        # A new service is looked up as well. Its outputs are unknown in the preview of any change to it, a tag for
        # instance, and the preview would then show every role assignment as replaced. Its name is known.
        found = look_up(
            "service",
            "apimanagement:getApiManagementService",
            apimanagement.GetApiManagementServiceResult,
            {"serviceName": wanted, "resourceGroupName": group},
            parent=self,
        )
        self.name = found.name if existing else wanted
        self.resource_group_name = pulumi.Output.from_input(group)
        self.resource_id = found.id
        self.gateway_url = found.gateway_url
        identity = inputs.get("identity")
        self.principal_id = (
            pulumi.Output.from_input(identity["principal_id"]) if identity else found.apply(system_principal)
        )
        self.register_outputs(declared(self, ApimService))

    def _make(self, name: str, inputs: Mapping[str, Any]) -> apimanagement.ApiManagementService:
        return apimanagement.ApiManagementService(
            name,
            service_name=inputs.get("name"),
            resource_group_name=inputs["resource_group_name"],
            location=inputs["location"],
            publisher_email=inputs["publisher_email"],
            publisher_name=inputs["publisher_name"],
            sku=apimanagement.ApiManagementServiceSkuPropertiesArgs(name=inputs["sku"], capacity=inputs["capacity"]),
            identity=_identity(inputs.get("identity")),
            custom_properties=_security(inputs["sku"]),
            tags=inputs.get("tags"),
            opts=pulumi.ResourceOptions.merge(child(self), pulumi.ResourceOptions(custom_timeouts=PATIENCE)),
        )


def autoname_problems(logical_name: str, service: object, place: Place) -> list[str]:
    """A service without a name of its own is called like the component, followed by eight hexadecimal digits."""
    given = mapping(service)
    if "existing" in given or "name" in given or SERVICE_NAME.fullmatch(f"{logical_name}01234567"):
        return []
    allowed = f'{quoted(logical_name)} and eight digits would be it; Azure allows letters, digits and "-", at most 50'
    return [place.key("name").refuse("nothing", allowed, "Add a name, or give the component another one.")]


def identified(service: ApimService) -> pulumi.Output[str]:
    """The principal id of a service whose policy calls the accounts with it; RunError where there is no identity."""

    def checked(values: list[str]) -> str:
        name, group, principal_id = values
        if not principal_id:
            raise pulumi.RunError(
                f"service.existing: {name} has no managed identity of its own, and the policy calls the accounts with"
                f" it. Turn it on: az apim update --name {name} --resource-group {group} --enable-managed-identity"
                " true. Or write policy.managedIdentity: false, and callers bring a token for the accounts."
            )
        return principal_id

    return pulumi.Output.all(service.name, service.resource_group_name, service.principal_id).apply(checked)


def system_principal(service: apimanagement.GetApiManagementServiceResult) -> str:
    return (service.identity.principal_id or "") if service.identity else ""


def _identity(identity: Mapping[str, Any] | None) -> apimanagement.ApiManagementServiceIdentityArgs:
    if identity is None:
        return apimanagement.ApiManagementServiceIdentityArgs(type=apimanagement.ApimIdentityType.SYSTEM_ASSIGNED)
    return apimanagement.ApiManagementServiceIdentityArgs(
        type=apimanagement.ApimIdentityType.USER_ASSIGNED,
        user_assigned_identities=pulumi.Output.from_input(identity["resource_id"]).apply(_only),
    )


def _only(identity_id: str) -> dict[str, pulumi.Input[apimanagement.UserIdentityPropertiesArgs]]:
    return {identity_id: apimanagement.UserIdentityPropertiesArgs()}


def _security(sku: str) -> dict[str, str] | None:
    """Said explicitly, as Azure resets to its defaults whatever an update leaves out."""
    if sku in LIMITED:
        return None
    return {f"{SECURITY}.{setting}": "False" for setting in (*OLD_PROTOCOLS, *WEAK_CIPHERS)}
