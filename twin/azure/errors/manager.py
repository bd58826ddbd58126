"""What Azure Resource Manager says before it asks a resource provider."""

from collections.abc import Iterable

from .refusal import Refusal


class MissingApiVersionParameter(Refusal):
    def __init__(self) -> None:
        super().__init__("The api-version query parameter (?api-version=) is required for all requests.")


class InvalidApiVersionParameter(Refusal):
    """Azure/azure-cli#28038."""

    def __init__(self, version: str, supported: Iterable[str]) -> None:
        known = ",".join(supported)
        super().__init__(f"The api-version '{version}' is invalid. The supported versions are '{known}'.")


class NoRegisteredProviderFound(Refusal):
    """Azure/bicep#15227."""

    def __init__(self, kind: str, location: str, version: str, supported: Iterable[str]) -> None:
        super().__init__(
            f"No registered resource provider found for location '{location}' and API version '{version}' for type"
            f" '{kind}'. The supported api-versions are '{', '.join(supported)}'."
        )


class InvalidResourceType(Refusal):
    """Azure/azure-rest-api-specs#14807. The twin adds what it knows."""

    status = 404

    def __init__(self, kind: str, namespace: str, version: str, known: Iterable[str]) -> None:
        super().__init__(
            f"The resource type '{kind}' could not be found in the namespace '{namespace}' for api version '{version}'."
            f" The types that this local Azure knows there are '{', '.join(known)}'."
        )


class InvalidResourceNamespace(Refusal):
    status = 404

    def __init__(self, namespace: str) -> None:
        super().__init__(f"The resource namespace '{namespace}' is invalid.")


class InvalidSubscriptionId(Refusal):
    def __init__(self, subscription: str) -> None:
        super().__init__(f"The provided subscription identifier '{subscription}' is malformed or invalid.")


class SubscriptionNotFound(Refusal):
    status = 404

    def __init__(self, subscription: str) -> None:
        super().__init__(f"The subscription '{subscription}' could not be found.")


class ResourceGroupNotFound(Refusal):
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"Resource group '{name}' could not be found.")


class ResourceGroupBeingDeleted(Refusal):
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"The resource group '{name}' is in deprovisioning state and cannot perform this operation.")


class ResourceNotFound(Refusal):
    """Two speakers share this code: Resource Manager (`of_group`), and API Management ("Api not found.")."""

    status = 404

    @classmethod
    def of_group(cls, kind: str, name: str, group: str) -> "ResourceNotFound":
        return cls(
            f"The Resource '{kind}/{name}' under resource group '{group}' was not found. For more details please go"
            " to https://aka.ms/ARMResourceNotFoundFix"
        )


class ParentResourceNotFound(Refusal):
    status = 404

    def __init__(self, parent: str) -> None:
        super().__init__(
            f"Can not perform requested operation on nested resource. Parent resource '{parent}' not found."
        )


class InvalidRequestContent(Refusal):
    def __init__(self, reason: str) -> None:
        super().__init__(f"The request content was invalid and could not be deserialized: '{reason}'.")


class LocationRequired(Refusal):
    def __init__(self) -> None:
        super().__init__("The location property is required for this definition.")


class InvalidResourceLocation(Refusal):
    status = 409

    def __init__(self, name: str, group: str, here: str, wanted: str) -> None:
        super().__init__(
            f"The resource '{name}' already exists in location '{here}' in resource group '{group}'. A resource with"
            f" the same name cannot be created in location '{wanted}'. Please select a new resource name."
        )


class InvalidResourceGroupLocation(Refusal):
    status = 409

    def __init__(self, name: str, here: str, wanted: str) -> None:
        super().__init__(
            f"Invalid resource group location '{wanted}'. The Resource group already exists in location '{here}'."
            f" (Resource group '{name}'.)"
        )


class MethodNotAllowed(Refusal):
    status = 405

    def __init__(self, method: str) -> None:
        super().__init__(f"The requested resource does not support http method '{method}'.")


class PreconditionFailed(Refusal):
    status = 412

    def __init__(self) -> None:
        super().__init__("The entity has been modified: the If-Match header does not hold its current ETag.")


class MissingIfMatch(Refusal):
    """API Management asks for If-Match on PATCH (azure-mgmt-apimanagement: `if_match` is required there)."""

    def __init__(self) -> None:
        super().__init__("The If-Match header is required for this operation: an ETag, or '*'.")
