"""The provider's configuration: what the engine says (`azure-native:config:…`), else the environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..azure.identity import CLIENT, DEPLOYER, SUBSCRIPTION, TENANT
from .refusal import ArmError


@dataclass(frozen=True)
class Settings:
    """Where ARM is, and who deploys."""

    metadata_host: str
    subscription_id: str
    tenant_id: str
    client_id: str
    object_id: str
    location: str


def read_settings(variables: Mapping[str, str], environment: Mapping[str, str]) -> Settings:
    """Raises ArmError without a metadata host: the real Azure is never the default."""
    config = {name.removeprefix("azure-native:config:"): value for name, value in variables.items()}
    host = config.get("metadataHost") or environment.get("ARM_METADATA_HOSTNAME")
    if not host:
        raise ArmError(
            "the twin's azure-native provider does not know where the twin is: neither ARM_METADATA_HOSTNAME nor "
            "azure-native:metadataHost is set. `python -m twin pulumi ...` sets it."
        )
    return Settings(
        metadata_host=host,
        subscription_id=config.get("subscriptionId") or environment.get("ARM_SUBSCRIPTION_ID") or SUBSCRIPTION,
        tenant_id=config.get("tenantId") or environment.get("ARM_TENANT_ID") or TENANT,
        client_id=config.get("clientId") or environment.get("ARM_CLIENT_ID") or CLIENT,
        object_id=environment.get("ARM_OBJECT_ID") or DEPLOYER,
        location=config.get("location", ""),
    )
