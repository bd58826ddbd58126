"""What an account is, as its callers can tell: its name, its deployments, who may call it, how fast it answers."""

from dataclasses import dataclass, field

from .limits import Limiter, PayAsYouGo, Provisioned

# A standard deployment's capacity is bought in thousands of tokens a minute, each with six requests a minute.
# https://learn.microsoft.com/azure/ai-foundry/openai/how-to/quota
TOKENS_PER_UNIT = 1_000
REQUESTS_PER_UNIT = 6

# Tokens a minute that one provisioned throughput unit gives; models that are not named here count like gpt-4o.
# https://learn.microsoft.com/azure/ai-foundry/openai/how-to/provisioned-throughput-onboarding
TOKENS_PER_PTU = {
    "gpt-4o": 2_500,
    "gpt-4o-mini": 37_000,
    "gpt-4.1": 3_000,
    "gpt-4.1-mini": 14_900,
    "gpt-4.1-nano": 59_400,
    "gpt-5": 4_750,
    "gpt-5-mini": 23_750,
    "o3": 3_000,
    "o4-mini": 5_400,
}


@dataclass(frozen=True)
class Behaviour:
    """How an account works. The defaults are quick, so that tests and demonstrations are.

    first_token: seconds until an answer begins. spread: how much that varies, as the sigma of a log-normal
    distribution. tokens_per_second: how fast an answer goes on. error: seconds until an error is answered. burst:
    seconds' worth of tokens that a provisioned deployment lets in at once (see limits.Provisioned).
    """

    first_token: float = 0.02
    spread: float = 0.0
    tokens_per_second: float = 500.0
    error: float = 0.0
    burst: float = 1.0


@dataclass(frozen=True)
class Deployment:
    """One deployment of a model. `capacity` counts thousands of tokens a minute, or PTUs where the sku says so.

    any_model: it chats and embeds alike, because nobody said what it is.
    """

    name: str
    model: str
    sku: str = "Standard"
    capacity: int = 1
    version: str = ""
    any_model: bool = False

    @property
    def provisioned(self) -> bool:
        return "Provisioned" in self.sku

    @property
    def tokens_per_minute(self) -> int:
        if self.provisioned:
            return self.capacity * TOKENS_PER_PTU.get(self.model, TOKENS_PER_PTU["gpt-4o"])
        return self.capacity * TOKENS_PER_UNIT

    def limiter(self, burst: float, tokens_per_minute: int | None = None) -> Limiter:
        """A new limiter for what was bought, or for another number of tokens a minute."""
        tokens = self.tokens_per_minute if tokens_per_minute is None else tokens_per_minute
        if self.provisioned:
            return Provisioned(tokens, burst=burst)
        return PayAsYouGo(tokens, max(1, tokens * REQUESTS_PER_UNIT // TOKENS_PER_UNIT))


@dataclass(frozen=True)
class Settings:
    """One account. `grants` are pairs of a principal's id and a role's id; `keys` is empty where keys are disabled.

    any_deployment: it has a deployment of every name, which does all that models do, with ample capacity.
    """

    name: str
    host: str
    region: str = "eastus2"
    deployments: tuple[Deployment, ...] = ()
    any_deployment: bool = False
    keys: frozenset[str] = frozenset()
    grants: frozenset[tuple[str, str]] = frozenset()
    behaviour: Behaviour = field(default_factory=Behaviour)

    def deployment(self, name: str) -> Deployment | None:
        """The deployment of that name; names compare without regard to case."""
        wanted = name.lower()
        found = next((one for one in self.deployments if one.name.lower() == wanted), None)
        if found is None and self.any_deployment and name:
            return Deployment(name, model=name, capacity=AMPLE, any_model=True)
        return found


AMPLE = 10_000  # the capacity of deployments that nobody described: ten million tokens a minute
