"""Cases of the rules over accounts, access, services and tags."""

from cases import Case, preview, world
from parts import (
    account,
    api,
    backend,
    fragment,
    operation_policy,
    policy,
    pool,
    previewed_pool,
    role,
    section,
    service,
    service_policy,
)
from stage import UNKNOWN, Asked

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
WIDE = "a97b65f3-24c7-4388-baec-2e87135dc908"
TO_POOL = '<base /><set-backend-service backend-id="openaiopool" />'
BARE_TO_ONE = '<set-backend-service backend-id="one" />'
TO_ONE = f"<base />{BARE_TO_ONE}"
TOKEN = '<authentication-managed-identity resource="https://cognitiveservices.azure.com" />'
ONE, POOL = backend("one"), pool("one")
SECURITY = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security."

ACCESS = {
    "apim-policy-uses-identity": Case(
        passes=[
            world(service(), ONE, POOL, account("one"), api(), policy()),
            world(service(), ONE, POOL, account("one", disableLocalAuth=False), policy(section(TO_POOL))),
            world(ONE, POOL, account("one"), policy(section(TO_POOL))),  # an existing service's policy may sign in
            world(service(), ONE, account("one"), operation_policy(section(TO_ONE))),  # so may an existing API's
            world(service(), ONE, POOL, policy(section(TO_POOL))),  # whose account takes keys or not is not known here
            world(ONE, POOL, account("one"), policy(section(TO_POOL)), service_policy(section(TOKEN))),
            world(
                ONE,
                POOL,
                account("one"),
                policy(section(TO_POOL + '<include-fragment fragment-id="sign-in" />')),
                fragment(f"<fragment>{TOKEN}</fragment>", "sign-in"),
            ),
            world(
                backend("one", credentials={"managedIdentity": {"resource": "x"}}),
                POOL,
                account("one"),
                policy(section(TO_POOL)),
            ),
        ],
        fails=[
            (
                world(service(), ONE, POOL, account("one"), policy(section(TO_POOL))),
                "it sends calls to Account 'one', where properties.disableLocalAuth is true, without a token",
            ),
            (
                world(service(), ONE, account("one"), policy(section(BARE_TO_ONE))),
                "it sends calls to Account 'one'",
            ),
            (  # the existing service's policy is here, and it does not sign in
                world(ONE, POOL, account("one"), policy(section(TO_POOL)), service_policy(section(""))),
                "it sends calls to Account 'one'",
            ),
            (
                world(service(), ONE, account("one"), api(), policy(section()), operation_policy(section(TO_ONE))),
                "OperationPolicy 'operation-policy': it sends calls to Account 'one'",
            ),
            (
                world(
                    service(),
                    ONE,
                    account("one"),
                    policy(section(BARE_TO_ONE)),
                    service_policy(section(TOKEN)),
                ),
                "it sends calls to Account 'one'",
            ),
        ],
        decided=[
            (
                preview(
                    service(),
                    backend("two").of(url=["made"]),
                    account("made"),
                    previewed_pool("two"),
                    policy(section(TO_POOL)),
                ),
                "it sends calls to Account 'made'",
            )
        ],
        undecided=[
            preview(service(), ONE, POOL, account("one"), policy(UNKNOWN)),
            preview(service(), ONE, POOL, account("one", disableLocalAuth=UNKNOWN), policy(section(TO_POOL))),
        ],
    ),
    "openai-role-is-least": Case(
        passes=[
            world(role()),
            world(role(OWNER, scope="/subscriptions/s/resourceGroups/rg")),  # not about an account or the gateway
            world(role("abc")),  # not the gateway's
            world(service(), role("abc", scope="/subscriptions/s").of(principalId=["apim"])),  # not on an account
            world(service(), role().of(principalId=["apim"])),
            world(service(), role("abc").of(principalId=["apim"]), config={"gatewayRoles": ["ABC"]}),
            preview(role(scope=UNKNOWN)),  # the least role is fine wherever it lies
            preview(service(), role(scope=UNKNOWN).of(principalId=["apim"])),
            preview(role(BLOB_READER, scope=UNKNOWN)),
            preview(service(), role(BLOB_READER, scope=UNKNOWN).of(principalId=["apim"])),  # nothing about models
            preview(role(scope="/subscriptions/s/resourceGroups/rg", roleDefinitionId=UNKNOWN)),  # whichever it is
        ],
        fails=[
            (world(role(WIDE)), "RoleAssignment 'role': roleDefinitionId is Cognitive Services User"),
            (world(role(OWNER)), "roleDefinitionId is Owner"),
            (
                world(
                    service(),
                    Asked(
                        "azure-native:authorization:RoleAssignment",
                        "role",
                        {"scope": "/subscriptions/s", "principalId": "p", "roleDefinitionId": OWNER},
                        {"principalId": ["apim"]},
                    ),
                ),
                "roleDefinitionId is Owner",
            ),
            (world(role("abc"), config={"refusedRoles": ["ABC"]}), "roleDefinitionId is abc"),
            (world(service(), role("abc").of(principalId=["apim"])), "roleDefinitionId is abc"),
        ],
        decided=[
            (preview(role(WIDE, principalId=UNKNOWN)), "roleDefinitionId is Cognitive Services User"),
            (preview(account("one"), role(WIDE).but("scope").of(scope=["one"])), "Cognitive Services User"),
            (
                preview(service(), role(WIDE, scope=UNKNOWN).of(principalId=["apim"])),
                "roleDefinitionId is Cognitive Services User",
            ),
            (
                preview(service(), account("one"), role("abc").but("scope").of(scope=["one"], principalId=["apim"])),
                "roleDefinitionId is abc",
            ),
            (
                preview(service(), role(OWNER, scope="/subscriptions/s").but("principalId").of(principalId=["apim"])),
                "roleDefinitionId is Owner",
            ),
        ],
        undecided=[
            preview(role(roleDefinitionId=UNKNOWN)),
            preview(role(roleDefinitionId=UNKNOWN, scope=UNKNOWN)),
            preview(role(WIDE, scope=UNKNOWN)),
            preview(role(OWNER, scope=UNKNOWN)),
        ],
    ),
}

ACCOUNTS = {
    "openai-account-disables-keys": Case(
        passes=[world(account()), world(account(disableLocalAuth=False).but(kind="SpeechServices"))],
        fails=[
            (world(account(disableLocalAuth=False)), "Account 'aoai-eus-1': properties.disableLocalAuth is false"),
            (world(account().but("properties")), "properties.disableLocalAuth is not set"),
            (world(account(disableLocalAuth=False).but(kind="AIServices")), "properties.disableLocalAuth is false"),
        ],
        decided=[(preview(account(disableLocalAuth=False, customSubDomainName=UNKNOWN)), "disableLocalAuth is false")],
        undecided=[preview(account(disableLocalAuth=UNKNOWN)), preview(account().but(properties=UNKNOWN))],
    ),
    "openai-account-is-private-in-production": Case(
        passes=[
            world(account(publicNetworkAccess="Disabled"), stack="prod"),
            world(account(publicNetworkAccess="Enabled")),
            world(account(), stack="product-team"),
            world(account(), stack="prod", config={"productionStacks": ["live"]}),
            preview(account(publicNetworkAccess=UNKNOWN)),
        ],
        fails=[
            (
                world(account(publicNetworkAccess="Enabled"), stack="prod"),
                "properties.publicNetworkAccess is 'Enabled'",
            ),
            (world(account(), stack="weu-prod"), "properties.publicNetworkAccess is not set"),
            (world(account(), stack="live", config={"productionStacks": ["live"]}), "is not set"),
        ],
        decided=[(preview(account(customSubDomainName=UNKNOWN), stack="prod"), "publicNetworkAccess is not set")],
        undecided=[preview(account(publicNetworkAccess=UNKNOWN), stack="prod")],
    ),
}

SERVICES = {
    "apim-service-has-no-weak-tls": Case(
        passes=[
            world(service()),
            world(service(customProperties={f"{SECURITY}Protocols.Tls10": "false"})),
            world(
                service(
                    customProperties={"Microsoft.WindowsAzure.ApiManagement.Gateway.Protocols.Server.Http2": "true"}
                )
            ),
            world(service(customProperties={f"{SECURITY}Ciphers.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256": "true"})),
        ],
        fails=[
            (
                world(service(customProperties={f"{SECURITY}Protocols.Tls11": "True"})),
                f"customProperties.{SECURITY}Protocols.Tls11 is 'True'",
            ),
            (world(service(customProperties={f"{SECURITY}Backend.Protocols.Tls10": "true"})), "Tls10 is 'true'"),
            (world(service(customProperties={f"{SECURITY}Backend.Protocols.Ssl30": True})), "Ssl30 is true"),
            (world(service(customProperties={f"{SECURITY}Ciphers.TripleDes168": "true"})), "TripleDes168 is 'true'"),
            (
                world(service(customProperties={f"{SECURITY}Ciphers.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "true"})),
                "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA is 'true'",
            ),
            (
                world(service(customProperties={f"{SECURITY}Ciphers.TLS_RSA_WITH_AES_128_CBC_SHA256": "true"})),
                "TLS_RSA_WITH_AES_128_CBC_SHA256 is 'true'",
            ),
        ],
        decided=[
            (
                preview(
                    service(
                        customProperties={f"{SECURITY}Protocols.Tls10": UNKNOWN, f"{SECURITY}Protocols.Tls11": "true"}
                    )
                ),
                "Tls11 is 'true'",
            )
        ],
        undecided=[preview(service(customProperties={f"{SECURITY}Protocols.Tls10": UNKNOWN}))],
    ),
    "apim-service-tier-fits-production": Case(
        passes=[world(service(sku={"name": "Developer"})), world(service(), stack="prod")],
        fails=[(world(service(sku={"name": "Developer"}), stack="prod"), "sku.name is Developer")],
        undecided=[preview(service(sku={"name": UNKNOWN}), stack="prod")],
    ),
}

TAGS = {
    "azure-resource-has-tags": Case(
        passes=[
            world(service(tags={"Environment": "dev", "project": "x"})),
            world(backend("one")),
            preview(service(tags={"environment": UNKNOWN, "project": "x"})),
            world(service(tags={"owner": "me"}), config={"tags": {"owner": "nobody"}}),
        ],
        fails=[
            (world(service()), "it has no tag 'environment' and no tag 'project'"),
            (world(service(tags={"project": "x"})), "it has no tag 'environment'"),
        ],
        undecided=[preview(service(tags=UNKNOWN))],
    ),
}

CASES = {**ACCESS, **ACCOUNTS, **SERVICES, **TAGS}
