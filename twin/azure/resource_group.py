"""The model of a resource group, in the form of Microsoft's models (those of azure-mgmt-resource, API 2024-03-01)."""

from azure.mgmt.authorization._serialization import Model


class ResourceGroup(Model):
    """A resource group. Its properties hold nothing but the read-only `provisioningState`."""

    _attribute_map = {  # noqa: RUF012 (as the base class has it)
        "id": {"key": "id", "type": "str"},
        "name": {"key": "name", "type": "str"},
        "type": {"key": "type", "type": "str"},
        "properties": {"key": "properties", "type": "{str}"},
        "location": {"key": "location", "type": "str"},
        "managed_by": {"key": "managedBy", "type": "str"},
        "tags": {"key": "tags", "type": "{str}"},
    }
    _validation = {  # noqa: RUF012 (as the base class has it)
        "id": {"readonly": True},
        "name": {"readonly": True},
        "type": {"readonly": True},
        "properties": {"readonly": True},
        "location": {"required": True},
    }
