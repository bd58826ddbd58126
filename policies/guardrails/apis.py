"""APIs and products: nobody gets through without a key or a token."""

from functools import partial

from guardrails.documents import Element
from guardrails.keys import holds_key, speaks_of_keys
from guardrails.kinds import APIS, NAMED_VALUES, OPERATION_POLICIES, OPERATIONS, PRODUCTS
from guardrails.reading import Resource, any_true
from guardrails.rule import CRITICAL, HIGH, MANDATORY, Finding, learn, resource_rule, stack_rule
from guardrails.scopes import UNSEEN, holds_on, keeps_base, operation_policies_of, steps
from guardrails.stack import Placed, Stack

SUBSCRIPTIONS_PAGE = learn("api-management/api-management-subscriptions")
VALIDATORS = ("validate-jwt", "validate-azure-ad-token", "validate-client-certificate")


@stack_rule(
    "apim-api-knows-its-callers",
    APIS,
    MANDATORY,
    CRITICAL,
    says="Every API requires a subscription or validates a token: what anonymous callers ask of Azure OpenAI is paid "
    "for by whoever owns the accounts.",
    fix="Set subscriptionRequired: true, or add validate-azure-ad-token (or validate-jwt) to the API's inbound policy.",
    link=SUBSCRIPTIONS_PAGE,
)
def knows_its_callers(api: Placed) -> Finding:
    if not _is_open(api.resource) or _checks_every_call(api):
        return None
    return "subscriptionRequired is false and no policy of this stack validates a token"


@stack_rule(
    "apim-operation-policy-keeps-checks",
    OPERATION_POLICIES,
    MANDATORY,
    CRITICAL,
    says="No operation's policy makes an API anonymous: without <base/> in inbound, the API's own check of the "
    "caller's token does not run.",
    fix="Begin the operation's inbound section with <base />.",
    link=learn("api-management/api-management-howto-policies"),
)
def operation_policy_keeps_checks(policy: Placed) -> Finding:
    api = policy.stack.referred(policy.resource, "apiId", APIS)
    if api is None or not _is_open(api):
        return None
    if any_true([partial(keeps_base, policy.resource), partial(validates, policy.stack, policy.resource)]):
        return None
    return f"its inbound section has no <base />, and {api.label} has subscriptionRequired false"


@resource_rule(
    "apim-api-service-url-is-https",
    APIS,
    MANDATORY,
    CRITICAL,
    says="An API's own service url is https: a call that no policy sends elsewhere goes there, with all it carries.",
    fix="Begin serviceUrl with https://, or leave it out where a policy names the backend.",
    link=learn("api-management/backends"),
)
def service_url_is_https(api: Resource) -> Finding:
    url = api.props.text("serviceUrl") or ""
    return f"serviceUrl is '{url.split('?')[0]}'" if url.lower().startswith("http://") else None


@resource_rule(
    "apim-product-requires-subscription",
    PRODUCTS,
    MANDATORY,
    CRITICAL,
    says="Every product requires a subscription: an open product lets calls without a key into its APIs, also into "
    "those that require one.",
    fix="Set subscriptionRequired: true.",
    link=SUBSCRIPTIONS_PAGE,
)
def product_requires_subscription(product: Resource) -> Finding:
    return "subscriptionRequired is false" if product.props.flag("subscriptionRequired") is False else None


@resource_rule(
    "apim-named-value-is-secret",
    NAMED_VALUES,
    MANDATORY,
    HIGH,
    says="A named value that holds a key is marked secret: others are shown in the portal, in traces and in the state.",
    fix="Set secret: true, or refer to Key Vault with keyVault.",
    link=learn("api-management/api-management-howto-properties"),
)
def named_value_is_secret(value: Resource) -> Finding:
    if value.props.flag("secret") or value.props.given("keyVault"):
        return None
    names = [value.props.text("displayName"), value.props.text("namedValueId")]
    speaking = next((name for name in names if name and speaks_of_keys(name)), None)
    if speaking:
        return f"its name, '{speaking}', says that it holds a key, and secret is {value.props.shown('secret')}"
    if holds_key(value.props.text("value") or ""):
        return f"its value looks like a key, and secret is {value.props.shown('secret')}"
    return None


def validates(stack: Stack, policy: Resource) -> bool:
    """Whether the policy checks a token or certificate of every call (not only under a condition)."""
    return any(_checks(step) for step in steps(policy, stack))


def _checks(step: Element) -> bool:
    ignores = step.attributes.get("ignore-error", "false").lower() == "true"
    return (step.tag in VALIDATORS and not ignores) or step is UNSEEN


def _is_open(api: Resource) -> bool:
    return api.props.flag("subscriptionRequired") is False  # Azure's default is true


def _checks_every_call(api: Placed) -> bool:
    def every_operation() -> bool:
        operations = api.stack.referring(OPERATIONS, "apiId", api.resource)
        policies = operation_policies_of(api)
        checked = [policy for policy in policies if validates(api.stack, policy)]
        return bool(operations) and len(checked) == len(operations)

    # An API that is declared open is stopped also where an existing service's own policies may check its callers.
    for_all = partial(holds_on, api, partial(validates, api.stack), unseen=False)
    return any_true([for_all, every_operation])
