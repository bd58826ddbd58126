"""What API Management says."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from .refusal import Detail, Refusal


class ValidationError(Refusal):
    """Wrong fields, each with its target and message; or one sentence about the whole."""

    FIELDS: ClassVar[str] = "One or more fields contain incorrect values:"

    def __init__(self, message: str = FIELDS, details: Sequence[Detail] = ()) -> None:
        super().__init__(message, details)

    @classmethod
    def of(cls, target: str, message: str) -> "ValidationError":
        return cls(details=(Detail(target, message),))


class ServiceAlreadyExists(Refusal):
    """microsoft/vscode-apimanagement#177, Azure/apiops#20."""

    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"Api service already exists: {name}")


class ServiceAlreadyExistsInSoftDeletedState(Refusal):
    """Azure-Samples/azure-health-data-and-ai-samples#96, hashicorp/terraform-provider-azurerm#11580."""

    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Api service {name} was soft-deleted. In order to create the new service with the same name, you have to"
            " either undelete the service or purge it. See https://aka.ms/apimsoftdelete."
        )


class ServiceNotInSoftDeletedState(Refusal):
    """`restore: true` for a service that was not deleted. That it is refused is known; the words are the twin's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Api service {name} is not in the soft-deleted state, so it cannot be restored.")


class ServiceIsTransitioning(Refusal):
    """A service that is being created, changed or deleted takes no other write. The words are the twin's."""

    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(f"The API Service {name} is transitioning at this time. Please try the request again later.")


class PessimisticConcurrencyConflict(Refusal):
    """Azure/apiops#141, #379, #497."""

    status = 409

    def __init__(self) -> None:
        super().__init__("Operation on the API is in progress")


def merged(refusals: Iterable[Refusal]) -> Refusal | None:
    """What Azure answers when several rules refuse: wrong fields together, any other refusal alone and first."""
    found = list(refusals)
    if not found:
        return None
    alone = next((refusal for refusal in found if not refusal.details), None)
    if alone is not None:
        return alone
    return ValidationError(details=[detail for refusal in found for detail in refusal.details])
