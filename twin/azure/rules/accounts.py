"""Azure OpenAI accounts and their deployments."""

from collections.abc import Iterator
from typing import Final

from ..errors import CustomDomainInUse, LocationRequired, Refusal, ValidationError
from .proposal import Proposal, View

ACCOUNT: Final = "cognitiveservices:Account"
DEPLOYMENT: Final = "cognitiveservices:Deployment"

# What stands below an account of the estate and says how it is simulated. Nothing in Azure is like it.
SIMULATION: Final = "twin:Simulation"


def account_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What Cognitive Services refuses in an account."""
    for name in ("kind", "sku"):
        if proposal.body.get(name) is None:
            yield ValidationError.of(name, f"The '{name}' property is required.")
    if proposal.body.get("location") is None:
        yield LocationRequired()
    subdomain = proposal.properties.get("customSubDomainName")
    for other in view.all(ACCOUNT):
        theirs = other.properties.get("customSubDomainName")
        if subdomain and theirs and theirs.lower() == subdomain.lower() and other.id.lower() != proposal.path.lower():
            yield CustomDomainInUse(subdomain)


def deployment_problems(proposal: Proposal, _view: View) -> Iterator[Refusal]:
    """What Cognitive Services refuses in a deployment."""
    model = proposal.properties.get("model") or {}
    if not model.get("name") or not model.get("format"):
        yield ValidationError.of("model", "A deployment needs a model with format and name.")
    if not (proposal.body.get("sku") or {}).get("name"):
        yield ValidationError.of("sku", "The 'sku' property is required.")
