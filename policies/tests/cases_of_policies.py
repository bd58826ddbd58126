"""Cases of the rules over policy documents."""

from cases import Case, preview, world
from parts import (
    backend,
    fragment,
    policy,
    pool,
    section,
    service,
    service_policy,
)
from stage import UNKNOWN, Asked

RETRY = '<retry condition="@(true)" count="{count}" interval="{interval}"{more}><forward-request {body} /></retry>'


def retrying(count: str = "2", interval: str = "0", more: str = "", body: str = 'buffer-request-body="true"') -> Asked:
    return policy(section(backend=RETRY.format(count=count, interval=interval, more=more, body=body)))


def waiting(count: str, interval: str, more: str = "", beside: str = "", inner: str = "0") -> Asked:
    """A retry around another."""
    retried = RETRY.format(count="2", interval=inner, more="", body='buffer-request-body="true"')
    attributes = f'condition="@(true)" count="{count}" interval="{interval}"{more}'
    return policy(section(backend=f"<retry {attributes}>{retried}{beside}</retry>"))


def setting_header(name: str, value: str, action: str = "override") -> Asked:
    return policy(section(f'<set-header name="{name}" exists-action="{action}"><value>{value}</value></set-header>'))


CASES = {
    "apim-policy-is-well-formed": Case(
        passes=[
            world(policy()),
            world(policy(section('<set-variable name="x" value="@(context.Variables["y"] + "&" + 1 < 2)" />'))),
            world(fragment("<fragment><base /></fragment>")),
            world(policy("https://example/policy.xml", format="xml-link")),
        ],
        fails=[
            (world(policy("<policies><inbound></policies>")), "not well-formed: mismatched tag in line 1, column 22"),
            (world(policy(section("<a b='1&2'/>"), format="xml")), "its text is not well-formed: not well-formed"),
            (world(policy("<inbound />")), "its text begins with <inbound>, not <policies>"),
            (world(policy("")), "its text is not well-formed: no element found"),
            (world(policy("<policies>\n<inbond /></policies>")), "<inbond> in line 2 is no section of a policy"),
            (world(fragment("<policies />")), "its text begins with <policies>, not <fragment>"),
        ],
        decided=[(preview(policy("<policies>", apiId=UNKNOWN)), "its text is not well-formed")],
        undecided=[preview(policy(UNKNOWN))],
    ),
    "apim-policy-holds-no-key": Case(
        passes=[
            world(policy()),
            world(setting_header("api-key", "{{openai-key}}")),
            world(setting_header("Authorization", "Bearer {{token}}")),
            world(setting_header("Authorization", '@("Bearer " + (string)context.Variables["token"])')),
            world(setting_header("x-team", "blue")),
            world(policy(section("<set-body>a text</set-body>"))),
            world(policy(section('<set-query-parameter name="key"><value>fruit</value></set-query-parameter>'))),
            preview(policy(UNKNOWN)),
        ],
        fails=[
            (
                world(setting_header("api-key", "abc")),
                "<set-header> in line 1 writes out 'api-key', a literal of 3 characters",
            ),
            (
                world(policy(section('<set-variable name="api-key" value="abc" />'))),
                "<set-variable> in line 1 writes out 'api-key', a literal of 3 characters",
            ),
            (
                world(policy(section('<check-header name="api-key"><value>abc</value></check-header>'))),
                "<check-header> in line 1 writes out 'api-key'",
            ),
            (
                world(policy(section("<set-body>client_secret=abcdefgh</set-body>"))),
                "<set-body> in line 1 holds a key",
            ),
            (world(setting_header("Authorization", "Bearer abcdefgh")), "writes out 'Authorization', a literal of 15"),
            (world(setting_header("x", "0123456789abcdef" * 2)), "writes out 'x', a literal of 32 characters"),
            (world(setting_header("x", f'@("{"0123456789abcdef" * 2}")')), "<set-header> in line 1 holds a key"),
            (
                world(policy(section('<authentication-basic username="u" password="p" />'))),
                "<authentication-basic> in line 1 holds a key in password",
            ),
            (
                world(
                    policy(
                        section(
                            "<validate-jwt><issuer-signing-keys><key>c2VjcmV0</key></issuer-signing-keys></validate-jwt>"
                        )
                    )
                ),
                "<key> in line 1 holds a key",
            ),
            (
                world(fragment('<fragment>\n<set-header name="api-key"><value>abc</value></set-header></fragment>')),
                "PolicyFragment 'check': <set-header> in line 2",
            ),
        ],
        decided=[
            (preview(setting_header("api-key", "abc").but(apiId=UNKNOWN, serviceName=UNKNOWN)), "writes out 'api-key'")
        ],
    ),
    "apim-policy-backend-exists": Case(
        passes=[
            world(service(), pool("one"), policy()),
            world(policy()),  # the service is not of this stack: it may have such a backend
            world(service(), policy(section('<set-backend-service backend-id="@(1)" />'))),
            world(service(), policy(section('<set-backend-service base-url="https://x" />'))),
            world(service("other"), policy()),
            preview(service(), policy(UNKNOWN)),
        ],
        fails=[
            (world(service(), backend("one"), policy()), "<set-backend-service> in line 4 names backend 'openaiopool'")
        ],
        decided=[
            (
                preview(
                    service().but("serviceName", serviceName="apim-1"),
                    policy().but("serviceName").of(serviceName=["apim"]),
                ),
                "names backend 'openaiopool', which ApiManagementService 'apim' does not have",
            )
        ],
    ),
    "apim-policy-url-is-https": Case(
        passes=[
            world(policy(section('<set-backend-service base-url="https://x" />'))),
            world(policy(section('<set-backend-service base-url="@(x)" />'))),
            preview(policy(UNKNOWN)),
        ],
        fails=[
            (
                world(policy(section('<set-backend-service base-url="HTTP://x" />'))),
                "<set-backend-service> in line 1 sends calls to 'HTTP://x'",
            )
        ],
        decided=[
            (
                preview(policy(section('<set-backend-service base-url="http://x" />'), apiId=UNKNOWN)),
                "sends calls to 'http://x'",
            )
        ],
    ),
    "apim-policy-retry-replays-body": Case(
        passes=[world(policy()), world(policy(section(backend="<forward-request />"))), preview(policy(UNKNOWN))],
        fails=[
            (world(retrying(body="")), "<forward-request> in line 1 is retried and does not buffer the request's body"),
            (world(retrying(body='buffer-request-body="false"')), "does not buffer the request's body"),
        ],
        decided=[(preview(retrying(body="").but(apiId=UNKNOWN)), "does not buffer the request's body")],
    ),
    "apim-policy-retry-does-not-wait": Case(
        passes=[
            world(policy()),
            world(retrying(interval="@(0)")),
            world(retrying(interval="{{wait}}")),
            world(retrying(count="1", interval="1", more=' first-fast-retry="true"')),
            world(policy(section('<retry condition="@(true)" count="9" interval="9"><send-request /></retry>'))),
            world(waiting(count="5", interval="1")),
            world(waiting(count="@(n)", interval="1")),
            preview(policy(UNKNOWN)),
        ],
        fails=[
            (world(retrying(interval="1")), "<retry> in line 1 has interval '1'"),
            (world(retrying(interval="@(1)")), "<retry> in line 1 has interval '@(1)'"),
            (world(retrying(interval="1", more=' first-fast-retry="true"')), "has interval '1'"),
            (world(retrying(more=' delta="2"')), "has delta '2'"),
            (world(waiting(count="2", interval="3")), "<retry> in line 1 waits 6 seconds in all"),
            (world(waiting(count="5", interval="1"), config={"maximumWait": 4.0}), "waits 5 seconds in all"),
            (world(waiting(count="1", interval="1", more=' delta="1"')), "has interval '1'"),
            (world(waiting(count="1", interval="1", beside="<forward-request />")), "has interval '1'"),
            (world(waiting(count="1", interval="1", inner="2")), "has interval '2'"),
        ],
        decided=[(preview(retrying(interval="1").but(apiId=UNKNOWN)), "has interval '1'")],
    ),
    "apim-policy-retry-is-short": Case(
        passes=[world(policy()), world(retrying("5")), world(retrying("@(n)")), preview(policy(UNKNOWN))],
        fails=[
            (world(retrying("6")), "<retry> in line 1 has count 6"),
            (world(retrying("@(9)")), "<retry> in line 1 has count 9"),
            (world(retrying("3"), config={"maximumCount": 2.0}), "has count 3"),
        ],
        decided=[(preview(retrying("50").but(apiId=UNKNOWN)), "has count 50")],
    ),
    "apim-policy-cors-names-origins": Case(
        passes=[
            world(
                service_policy(section("<cors><allowed-origins><origin>https://a</origin></allowed-origins></cors>"))
            ),
            world(policy(section("<cors><allowed-origins><origin>*</origin></allowed-origins></cors>"))),
        ],
        fails=[
            (
                world(service_policy(section("<cors><allowed-origins><origin>*</origin></allowed-origins></cors>"))),
                "Policy 'service-policy': <cors> in line 1 allows origin *",
            )
        ],
        decided=[
            (
                preview(
                    service_policy(section("<cors><allowed-origins><origin> * </origin></allowed-origins></cors>"))
                ),
                "allows origin *",
            )
        ],
    ),
    "apim-policy-checks-signatures": Case(
        passes=[world(policy(section("<validate-jwt />"))), preview(policy(UNKNOWN))],
        fails=[
            (
                world(policy(section('<validate-jwt require-signed-tokens="false" />'))),
                "<validate-jwt> in line 1 accepts tokens without a signature",
            )
        ],
        decided=[
            (
                preview(policy(section('<validate-jwt require-signed-tokens="False" />'), apiId=UNKNOWN)),
                "accepts tokens without a signature",
            )
        ],
    ),
}
