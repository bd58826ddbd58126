"""The kinds of resources that rules speak of, and the input that holds each one's name in Azure."""

from pulumi_policy.proxy import UnknownValueError

from guardrails.reading import Resource

SERVICE = "apimanagement:ApiManagementService"
WORKSPACE = "apimanagement:Workspace"


def _and_in_workspaces(kind: str) -> tuple[str, str]:
    """What lives in a service, and the same in a workspace of one."""
    return f"apimanagement:{kind}", f"{WORKSPACE}{kind}"


BACKENDS = _and_in_workspaces("Backend")
APIS = _and_in_workspaces("Api")
OPERATIONS = _and_in_workspaces("ApiOperation")
PRODUCTS = _and_in_workspaces("Product")
NAMED_VALUES = _and_in_workspaces("NamedValue")
SERVICE_POLICY, WORKSPACE_POLICY = _and_in_workspaces("Policy")
API_POLICIES = _and_in_workspaces("ApiPolicy")
OPERATION_POLICIES = _and_in_workspaces("ApiOperationPolicy")
PRODUCT_POLICIES = _and_in_workspaces("ProductPolicy")
FRAGMENTS = _and_in_workspaces("PolicyFragment")
POLICIES = (
    SERVICE_POLICY,
    WORKSPACE_POLICY,
    *API_POLICIES,
    *OPERATION_POLICIES,
    *PRODUCT_POLICIES,
    *FRAGMENTS,
)
API_DIAGNOSTICS = _and_in_workspaces("ApiDiagnostic")
DIAGNOSTICS = _and_in_workspaces("Diagnostic")
ACCOUNT = "cognitiveservices:Account"
ROLE_ASSIGNMENT = "authorization:RoleAssignment"

_NAME_INPUT = {
    SERVICE: "serviceName",
    WORKSPACE: "workspaceId",
    ACCOUNT: "accountName",
    **dict.fromkeys(BACKENDS, "backendId"),
    **dict.fromkeys(APIS, "apiId"),
    **dict.fromkeys(OPERATIONS, "operationId"),
    **dict.fromkeys(FRAGMENTS, "id"),
    **dict.fromkeys((*API_DIAGNOSTICS, *DIAGNOSTICS), "diagnosticId"),
}
NAMED = tuple(_NAME_INPUT)


def azure_name(resource: Resource) -> str | None:
    """The resource's own name in Azure, such as the backend id; raises UnknownValueError while only `up` will know."""
    return resource.props.text(_NAME_INPUT[resource.kind]) or resource.props.text("name")


def in_workspace(resource: Resource) -> bool:
    return resource.kind.startswith(WORKSPACE) and resource.kind != WORKSPACE


def is_pool(backend: Resource) -> bool:
    """Whether the backend is a pool; decided by the keys alone, so never in doubt for what a program asks."""
    try:
        declared = (backend.props.text("type") or "").lower()
    except UnknownValueError:
        declared = ""
    return declared == "pool" or backend.props.given("pool")
