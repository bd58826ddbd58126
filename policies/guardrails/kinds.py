"""The kinds of resources that rules speak of, and the input that holds each one's name in Azure."""

from pulumi_policy.proxy import UnknownValueError

from guardrails.reading import Resource

SERVICE = "apimanagement:ApiManagementService"
BACKENDS = ("apimanagement:Backend", "apimanagement:WorkspaceBackend")
API = "apimanagement:Api"
OPERATION = "apimanagement:ApiOperation"
PRODUCT = "apimanagement:Product"
NAMED_VALUES = ("apimanagement:NamedValue", "apimanagement:WorkspaceNamedValue")
SERVICE_POLICY = "apimanagement:Policy"
API_POLICY = "apimanagement:ApiPolicy"
OPERATION_POLICY = "apimanagement:ApiOperationPolicy"
FRAGMENT = "apimanagement:PolicyFragment"
POLICIES = (
    SERVICE_POLICY,
    API_POLICY,
    OPERATION_POLICY,
    FRAGMENT,
    "apimanagement:ProductPolicy",
    "apimanagement:WorkspacePolicy",
    "apimanagement:WorkspaceApiPolicy",
    "apimanagement:WorkspaceApiOperationPolicy",
    "apimanagement:WorkspaceProductPolicy",
    "apimanagement:WorkspacePolicyFragment",
)
API_DIAGNOSTIC = "apimanagement:ApiDiagnostic"
DIAGNOSTIC = "apimanagement:Diagnostic"
ACCOUNT = "cognitiveservices:Account"
ROLE_ASSIGNMENT = "authorization:RoleAssignment"

_NAME_INPUT = {
    SERVICE: "serviceName",
    BACKENDS[0]: "backendId",
    BACKENDS[1]: "backendId",
    API: "apiId",
    OPERATION: "operationId",
    FRAGMENT: "id",
    ACCOUNT: "accountName",
    API_DIAGNOSTIC: "diagnosticId",
    DIAGNOSTIC: "diagnosticId",
}
NAMED = tuple(_NAME_INPUT)


def azure_name(resource: Resource) -> str | None:
    """The resource's own name in Azure, such as the backend id; raises UnknownValueError while only `up` will know."""
    return resource.props.text(_NAME_INPUT[resource.kind]) or resource.props.text("name")


def is_pool(backend: Resource) -> bool:
    """Whether the backend is a pool; decided by the keys alone, so never in doubt for what a program asks."""
    try:
        declared = (backend.props.text("type") or "").lower()
    except UnknownValueError:
        declared = ""
    return declared == "pool" or backend.props.given("pool")
