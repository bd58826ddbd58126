"""What authorization says."""

from .refusal import Refusal


class RoleAssignmentExists(Refusal):
    """Azure/azure-cli#8599, Azure-Samples/azure-search-openai-demo#1091."""

    status = 409

    def __init__(self, existing: str) -> None:
        name = existing.rpartition("/")[2].replace("-", "")
        super().__init__(f"The role assignment already exists. The ID of the existing role assignment is {name}.")


class RoleAssignmentUpdateNotPermitted(Refusal):
    """Azure/Azure-Landing-Zones#2040: a bad request, not a conflict."""

    def __init__(self) -> None:
        super().__init__("Tenant ID, application ID, principal ID, and scope are not allowed to be updated.")


class RoleAssignmentNotFound(Refusal):
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"The role assignment '{name}' is not found.")


class RoleDefinitionDoesNotExist(Refusal):
    """pumasecurity/serverless-prey#23."""

    status = 404

    def __init__(self, role: str) -> None:
        super().__init__(f"The specified role definition with ID '{role}' does not exist.")


class InvalidRoleDefinitionId(Refusal):
    """hashicorp/terraform-provider-azurerm#8547."""

    def __init__(self, role: str) -> None:
        super().__init__(f"The role definition ID '{role}' is not valid.")


class InvalidPrincipalId(Refusal):
    def __init__(self, principal: str) -> None:
        super().__init__(f"A valid principal ID must be provided for role assignment. '{principal}' is not a GUID.")


class InvalidRoleAssignmentId(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.")


class PrincipalNotFound(Refusal):
    """Azure-Samples/azure-search-openai-demo#9."""

    def __init__(self, principal: str, tenant: str) -> None:
        super().__init__(
            f"Principal {principal.replace('-', '')} does not exist in the directory {tenant}. Check that you have the"
            " correct principal ID. If you are creating this principal and then immediately assigning a role, this"
            " error might be related to a replication delay. In this case, set the role assignment principalType"
            " property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype"
        )
