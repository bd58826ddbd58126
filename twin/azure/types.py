"""THE table: the resource types of Azure Resource Manager that the twin knows, one row each.

To add a type, add one row: its pulumi-azure-native token, its path as Microsoft's client writes it, and the name of the
model of its PUT body (and of the answer's, when that is another one). That is all: property names, lengths and patterns
are read from Microsoft's models (`shapes.py`), and a test compares the row with the SDK and with Microsoft's client.
A type of a service that is not here yet also needs a line in `_SERVICES`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

# The SDK's modules: the API version that pulumi-azure-native 3.29 uses, and where the models of that version are. Those
# of resource groups are the twin's own: azure-mgmt-resource is 76 MB, for one type of five properties.
_SERVICES: Final = {
    "resources": ("2024-03-01", ".resource_group"),
    "apimanagement": ("2024-05-01", "azure.mgmt.apimanagement.models"),
    "cognitiveservices": ("2025-06-01", "azure.mgmt.cognitiveservices.models"),
    "authorization": ("2022-04-01", "azure.mgmt.authorization.v2022_04_01.models"),
    "applicationinsights": ("2020-02-02", "azure.mgmt.applicationinsights.v2020_02_02.models"),
}


@dataclass(frozen=True)
class ResourceType:
    """One type of resource.

    `request` and `answer` name Microsoft's models; no `answer` means that both are the same, and an empty `request`
    that the PUT has no body. `create_only` names
    inputs, besides those in the path, that Azure cannot change: a new value means a new resource. `query` names inputs
    that travel in the query of the PUT. `long_running` names the methods that Azure may answer before the work is
    done. `default` is what such a resource holds, as inputs, from the moment its parent exists.
    """

    token: str
    path: str
    request: str
    answer: str = ""
    create_only: frozenset[str] = frozenset()
    query: tuple[str, ...] = ()
    long_running: frozenset[str] = frozenset()
    default: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def response(self) -> str:
        return self.answer or self.request

    @property
    def api_version(self) -> str:
        return _SERVICES[self.token.partition(":")[0]][0]

    @property
    def models(self) -> str:
        return _SERVICES[self.token.partition(":")[0]][1]

    @property
    def arm_type(self) -> str:
        """What Azure calls the type, such as `Microsoft.ApiManagement/service/backends`."""
        if "/providers/" not in self.path:
            return "Microsoft.Resources/resourceGroups"
        namespace, *segments = self.path.rpartition("/providers/")[2].split("/")
        return "/".join([namespace, *segments[::2]])

    @property
    def parameters(self) -> tuple[str, ...]:
        """The inputs that stand in the path, outermost first; the last one is the resource's own name."""
        return tuple(name for name in re.findall(r"{(\w+)}", self.path) if name != "subscriptionId")


@dataclass(frozen=True)
class Action:
    """A function that POSTs to `{path of the resource}/{verb}`."""

    token: str
    resource: str
    verb: str


_SUBSCRIPTION = "/subscriptions/{subscriptionId}"
_GROUP = _SUBSCRIPTION + "/resourceGroups/{resourceGroupName}"
_SERVICE = _GROUP + "/providers/Microsoft.ApiManagement/service/{serviceName}"
_API = _SERVICE + "/apis/{apiId}"
_PRODUCT = _SERVICE + "/products/{productId}"
_OPERATION = _API + "/operations/{operationId}"
_ACCOUNT = _GROUP + "/providers/Microsoft.CognitiveServices/accounts/{accountName}"

# The service-wide policy that comes with every new service.
_DEFAULT_POLICY: Final = (
    "<policies>\r\n\t<inbound />\r\n\t<backend>\r\n\t\t<forward-request />\r\n\t</backend>\r\n"
    "\t<outbound />\r\n\t<on-error />\r\n</policies>"
)


_ROWS = (
    ResourceType(
        "resources:ResourceGroup",
        _SUBSCRIPTION + "/resourcegroups/{resourceGroupName}",
        "ResourceGroup",
        create_only=frozenset({"location"}),
        long_running=frozenset({"DELETE"}),
    ),
    ResourceType(
        "apimanagement:ApiManagementService",
        _SERVICE,
        "ApiManagementServiceResource",
        create_only=frozenset({"location"}),
        long_running=frozenset({"PUT", "DELETE"}),
    ),
    ResourceType("apimanagement:Backend", _SERVICE + "/backends/{backendId}", "BackendContract"),
    ResourceType(
        "apimanagement:Api",
        _API,
        "ApiCreateOrUpdateParameter",
        "ApiContract",
        long_running=frozenset({"PUT", "DELETE"}),
    ),
    ResourceType("apimanagement:ApiOperation", _OPERATION, "OperationContract"),
    ResourceType("apimanagement:ApiPolicy", _API + "/policies/{policyId}", "PolicyContract"),
    ResourceType("apimanagement:ApiOperationPolicy", _OPERATION + "/policies/{policyId}", "PolicyContract"),
    ResourceType(
        "apimanagement:Policy",
        _SERVICE + "/policies/{policyId}",
        "PolicyContract",
        default={"format": "xml", "value": _DEFAULT_POLICY},
    ),
    ResourceType(
        "apimanagement:NamedValue",
        _SERVICE + "/namedValues/{namedValueId}",
        "NamedValueCreateContract",
        "NamedValueContract",
        long_running=frozenset({"PUT"}),
    ),
    ResourceType(
        "apimanagement:Subscription",
        _SERVICE + "/subscriptions/{sid}",
        "SubscriptionCreateParameters",
        "SubscriptionContract",
        query=("notify", "appType"),
    ),
    ResourceType("apimanagement:Logger", _SERVICE + "/loggers/{loggerId}", "LoggerContract"),
    ResourceType("apimanagement:ApiDiagnostic", _API + "/diagnostics/{diagnosticId}", "DiagnosticContract"),
    ResourceType("apimanagement:Diagnostic", _SERVICE + "/diagnostics/{diagnosticId}", "DiagnosticContract"),
    ResourceType("apimanagement:Product", _PRODUCT, "ProductContract"),
    ResourceType("apimanagement:ProductApi", _PRODUCT + "/apis/{apiId}", "", "ApiContract"),
    ResourceType("apimanagement:ProductPolicy", _PRODUCT + "/policies/{policyId}", "PolicyContract"),
    ResourceType(
        "apimanagement:PolicyFragment",
        _SERVICE + "/policyFragments/{id}",
        "PolicyFragmentContract",
        long_running=frozenset({"PUT"}),
    ),
    ResourceType(
        "cognitiveservices:Account",
        _ACCOUNT,
        "Account",
        create_only=frozenset({"location"}),
        long_running=frozenset({"PUT", "DELETE"}),
    ),
    ResourceType(
        "cognitiveservices:Deployment",
        _ACCOUNT + "/deployments/{deploymentName}",
        "Deployment",
        long_running=frozenset({"PUT", "DELETE"}),
    ),
    ResourceType(
        "authorization:RoleAssignment",
        "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        "RoleAssignmentCreateParameters",
        "RoleAssignment",
        create_only=frozenset({"principalId"}),
    ),
    ResourceType(
        "applicationinsights:Component",
        _GROUP + "/providers/Microsoft.Insights/components/{resourceName}",
        "ApplicationInsightsComponent",
        create_only=frozenset({"location", "applicationType"}),
    ),
)

TYPES: Final[Mapping[str, ResourceType]] = MappingProxyType({row.token: row for row in _ROWS})

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        action.token: action
        for action in (
            Action("apimanagement:listSubscriptionSecrets", "apimanagement:Subscription", "listSecrets"),
            Action("apimanagement:listNamedValue", "apimanagement:NamedValue", "listValue"),
            Action("cognitiveservices:listAccountKeys", "cognitiveservices:Account", "listKeys"),
        )
    }
)
