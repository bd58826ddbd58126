"""The gateway could change the account, not only call its models."""

from parts import service
from pulumi_azure_native import authorization, cognitiveservices

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"

apim = service()
account = cognitiveservices.get_account_output(account_name="aoai-eus2-1", resource_group_name="rg-openai")
authorization.RoleAssignment(
    "gateway-on-account",
    role_assignment_name="00000000-0000-0000-0000-000000000042",
    scope=account.id,
    principal_id=apim.identity.apply(lambda identity: identity.principal_id if identity else ""),
    principal_type="ServicePrincipal",
    role_definition_id=f"/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}",
)
