"""API Management services."""

from guardrails.accounts import PRODUCTION, is_production
from guardrails.kinds import SERVICE
from guardrails.reading import Node, Resource
from guardrails.rule import ADVISORY, HIGH, MANDATORY, MEDIUM, Finding, learn, resource_rule

_SECURITY = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security."
_OLD_PROTOCOLS = ("ssl30", "tls10", "tls11")


def custom_properties(service: Resource) -> list[Node]:
    return [service.props.at("customProperties", key) for key in service.props.keys("customProperties")]


@resource_rule(
    "apim-service-has-no-weak-tls",
    SERVICE,
    MANDATORY,
    HIGH,
    each=custom_properties,
    says="No old protocol and no weak cipher is switched on: SSL 3.0, TLS 1.0, TLS 1.1, 3DES and ciphers without "
    "forward secrecy or with SHA-1 are broken or breaking.",
    fix='Remove the custom property, or set it to "false".',
    link=learn("api-management/api-management-howto-manage-protocols-ciphers"),
)
def has_no_weak_tls(place: Node) -> Finding:
    name = place.path.removeprefix("customProperties.")
    if not name.startswith(_SECURITY) or not _is_weak(name.rsplit(".", 1)[-1]):
        return None
    return f"{place.path} is {place.shown()}" if place.shown().strip("'").lower() == "true" else None


@resource_rule(
    "apim-service-tier-fits-production",
    SERVICE,
    ADVISORY,
    MEDIUM,
    says="Production stacks do not run on the Developer tier: it has one unit and no service level agreement.",
    fix="Use Basic, Standard or Premium (or a v2 tier, whose limits on long calls are other ones).",
    link=learn("api-management/api-management-features"),
    settings=PRODUCTION,
)
def tier_fits_production(service: Resource, production_stacks: list[str]) -> Finding:
    developer = (service.props.text("sku", "name") or "").lower() == "developer"
    return "sku.name is Developer" if developer and is_production(service, production_stacks) else None


def _is_weak(setting: str) -> bool:
    cipher = setting.upper()
    return (
        setting.lower() in _OLD_PROTOCOLS
        or cipher == "TRIPLEDES168"
        or cipher.startswith("TLS_RSA_")
        or (cipher.startswith("TLS_") and cipher.endswith("_CBC_SHA"))
    )
