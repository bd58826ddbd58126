"""What Cognitive Services says: Azure OpenAI accounts and deployments."""

from .refusal import Refusal


class RequestConflict(Refusal):
    """hashicorp/terraform-provider-azurerm#22607, Azure/bicep#11211."""

    status = 409

    def __init__(self, account: str) -> None:
        super().__init__(
            f"Another operation is being performed on the parent resource '{account}'. Please try again later."
        )


class KeysDisabled(Refusal):
    """An account with `disableLocalAuth` has no keys to list."""

    @property
    def code(self) -> str:
        return "BadRequest"

    def __init__(self) -> None:
        super().__init__("Failed to list key. disableLocalAuth is set to be true")


class CustomDomainInUse(Refusal):
    """A custom subdomain is unique in all of Azure."""

    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Please pick a different name. The subdomain name '{name}' is not available as it's already used by"
            " a resource."
        )
