"""Cases of the rules over APIs, products and named values."""

from cases import Case, preview, world
from parts import (
    api,
    fragment,
    inside,
    named_value,
    operation,
    operation_policy,
    policy,
    product,
    section,
    service_policy,
    workspace,
)
from stage import UNKNOWN

VALIDATING = "<validate-jwt />"
OPEN = api(subscriptionRequired=False)
VALIDATED = '<base /><validate-azure-ad-token tenant-id="t" />'
SOMETIMES = '<base /><choose><when condition="@(true)"><validate-jwt /></when></choose>'

CASES = {
    "apim-api-knows-its-callers": Case(
        passes=[
            world(api(), policy()),
            world(api().but("subscriptionRequired")),
            world(OPEN, policy(section(VALIDATED))),
            world(OPEN, policy(section('<validate-client-certificate ignore-error="false" />'))),
            world(OPEN, policy(section()), service_policy(section("<validate-jwt />"))),
            world(OPEN, service_policy(section("<validate-jwt />"))),
            world(
                OPEN,
                policy(section('<include-fragment fragment-id="check" />')),
                fragment("<fragment><validate-jwt /></fragment>"),
            ),
            world(OPEN, policy(section('<include-fragment fragment-id="made-elsewhere" />'))),
            world(OPEN, operation(), operation_policy(section(VALIDATED))),
            world(OPEN, policy("https://example/policy.xml", format="rawxml-link")),
            world(inside(OPEN), inside(policy(section(VALIDATED)))),
            world(inside(OPEN), inside(service_policy(section(VALIDATING)))),
            world(inside(OPEN), service_policy(section(VALIDATING))),
            world(inside(OPEN), inside(operation()), inside(operation_policy(section(VALIDATED)))),
            world(
                inside(OPEN),
                inside(policy(section('<include-fragment fragment-id="check" />'))),
                inside(fragment("<fragment><validate-jwt /></fragment>")),
                fragment("<fragment />"),
            ),
            preview(OPEN, policy(UNKNOWN), policy(section(VALIDATED), "second")),
        ],
        fails=[
            (world(OPEN, policy()), "Api 'openai': subscriptionRequired is false and no policy"),
            (world(OPEN), "subscriptionRequired is false and no policy"),
            (world(OPEN, policy(section(SOMETIMES))), "no policy of this stack validates a token"),
            (
                world(OPEN, policy(section('<validate-client-certificate ignore-error="true" />'))),
                "no policy of this stack validates a token",
            ),
            (
                world(OPEN, policy(section("")), service_policy(section("<validate-jwt />"))),
                "no policy of this stack validates a token",
            ),
            (
                world(OPEN, policy(section('<include-fragment fragment-id="check" />')), fragment("<fragment />")),
                "no policy of this stack validates a token",
            ),
            (
                world(OPEN, operation(), operation("get"), operation_policy(section(VALIDATED))),
                "no policy of this stack validates a token",
            ),
            (world(OPEN, policy(section(VALIDATED), apiId="another")), "no policy of this stack validates a token"),
            (world(inside(OPEN)), "WorkspaceApi 'openai': subscriptionRequired is false and no policy"),
            (world(inside(OPEN), policy(section(VALIDATED))), "WorkspaceApi 'openai': subscriptionRequired is false"),
            (world(OPEN, inside(policy(section(VALIDATED)))), "Api 'openai': subscriptionRequired is false"),
            (
                world(inside(OPEN), inside(policy(section(VALIDATED)), "another")),
                "WorkspaceApi 'openai': subscriptionRequired is false",
            ),
            (
                world(inside(OPEN), inside(service_policy(section(VALIDATING)), "another")),
                "WorkspaceApi 'openai': subscriptionRequired is false",
            ),
            (
                world(OPEN, inside(service_policy(section(VALIDATING)))),
                "Api 'openai': subscriptionRequired is false",
            ),
        ],
        decided=[
            (
                preview(
                    OPEN.but("apiId", serviceName=UNKNOWN, apiId="openai"),
                    policy().but("apiId").of(apiId=["openai"]),
                ),
                "no policy of this stack validates a token",
            ),
            (
                preview(
                    workspace("one"),
                    workspace("two"),
                    inside(OPEN, UNKNOWN).of(workspaceId=["one"]),
                    inside(policy(section(VALIDATED)), UNKNOWN).of(workspaceId=["two"]),
                ),
                "no policy of this stack validates a token",
            ),
        ],
        undecided=[preview(OPEN, policy(UNKNOWN)), preview(api(subscriptionRequired=UNKNOWN))],
    ),
    "apim-operation-policy-keeps-checks": Case(
        passes=[
            world(OPEN, operation_policy(section("<base />"))),
            world(OPEN, operation_policy(section("<validate-jwt />"))),
            world(api(), operation_policy(section(""))),
            world(operation_policy(section(""))),
        ],
        fails=[
            (world(OPEN, operation_policy(section(""))), "its inbound section has no <base />, and Api 'openai'"),
            (
                world(api(), inside(OPEN), inside(operation_policy(section("")))),
                "its inbound section has no <base />, and WorkspaceApi 'openai'",
            ),
        ],
        decided=[
            (
                preview(OPEN, operation_policy(section("")).but("apiId").of(apiId=["openai"])),
                "its inbound section has no <base />",
            ),
        ],
        undecided=[preview(OPEN, operation_policy(UNKNOWN))],
    ),
    "apim-api-service-url-is-https": Case(
        passes=[world(api()), world(api(serviceUrl="https://x"))],
        fails=[(world(api(serviceUrl="http://x?k=1")), "Api 'openai': serviceUrl is 'http://x'")],
        decided=[(preview(api(serviceUrl="http://x", path=UNKNOWN)), "serviceUrl is 'http://x'")],
        undecided=[preview(api(serviceUrl=UNKNOWN))],
    ),
    "apim-product-requires-subscription": Case(
        passes=[world(product()), world(product(subscriptionRequired=True))],
        fails=[
            (world(product(subscriptionRequired=False)), "Product 'product': subscriptionRequired is false"),
            (world(inside(product(subscriptionRequired=False))), "WorkspaceProduct 'product': subscriptionRequired is"),
        ],
        decided=[(preview(product(subscriptionRequired=False, displayName=UNKNOWN)), "subscriptionRequired is false")],
        undecided=[preview(product(subscriptionRequired=UNKNOWN))],
    ),
    "apim-named-value-is-secret": Case(
        passes=[
            world(named_value()),
            world(named_value(displayName="openai-key", secret=True)),
            world(named_value(displayName="openai-key", keyVault={"secretIdentifier": "https://v/secrets/k"})),
            world(named_value(displayName="monkey")),
            world(named_value(displayName="keyboard-layout")),
            preview(named_value(secret=True, value=UNKNOWN)),
        ],
        fails=[
            (world(named_value(displayName="openai-key")), "its name, 'openai-key', says that it holds a key"),
            (world(named_value(displayName="clientSecret", secret=False)), "and secret is false"),
            (world(named_value(namedValueId="openai-key")), "its name, 'openai-key', says that it holds a key"),
            (world(named_value(value="0123456789abcdef" * 2)), "its value looks like a key, and secret is not set"),
        ],
        decided=[
            (preview(named_value(displayName="openai-key", value=UNKNOWN)), "its name, 'openai-key'"),
        ],
        undecided=[preview(named_value(value=UNKNOWN)), preview(named_value(secret=UNKNOWN))],
    ),
}
