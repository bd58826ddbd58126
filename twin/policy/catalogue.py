"""Every documented policy element: where it may stand, what it may hold, which attributes it has. Data, one row each.

Source: Microsoft's policy reference, one page an element, `https://learn.microsoft.com/azure/api-management/<tag>-policy`
(api-management-policies lists them), and the attribute lists of Azure/azure-api-management-policy-toolkit
(src/Authoring/Configs). Where a page and the service are known to differ the row says so. Rows whose attributes are
not known well enough are `open`: what they hold is not checked, rather than wrongly refused.

A row's path is the tag, or for an element that is no policy of its own the path from its policy: `choose/when`. Every
policy may also have an `id` (context.LastError.PolicyId). The notation is explained in row.py.
"""

from collections.abc import Mapping

from .row import Row

_ALL = "inbound backend outbound on-error"
_BODY = "inbound outbound on-error"
_CACHE = "caching-type=:prefer-external|external|internal"
_ACTION = "ignore|prevent|detect"
_REQUEST = "set-url? set-method? set-header set-body? authentication-certificate? authentication-managed-identity? "
_REQUEST += "authentication-basic? proxy?"
_LIMIT_HEADERS = "retry-after-header-name= retry-after-variable-name= remaining-calls-header-name= "
_LIMIT_HEADERS += "remaining-calls-variable-name= total-calls-header-name="
_TOKEN_LIMIT = (
    "counter-key! tokens-per-minute:int token-quota:long token-quota-period:Hourly|Daily|Weekly|Monthly|Yearly "
    "estimate-prompt-tokens!:bool retry-after-header-name= retry-after-variable-name= "
    "remaining-quota-tokens-header-name= remaining-quota-tokens-variable-name= remaining-tokens-header-name= "
    "remaining-tokens-variable-name= tokens-consumed-header-name= tokens-consumed-variable-name="
)
_SEMANTIC = "score-threshold!:number embeddings-backend-id! embeddings-backend-auth! ignore-system-messages:bool "
_SEMANTIC += "max-message-count:int"
_TOKEN = "header-name query-parameter-name token-value failed-validation-httpcode:int failed-validation-error-message "
_CHECKED = f"specified-parameter-action:{_ACTION} unspecified-parameter-action:{_ACTION}"
_DAPR = "ignore-error=:bool response-variable-name= timeout:int template= content-type="

_ROWS = (
    Row("base", _ALL, once="section"),
    # Control and flow
    Row("choose", _ALL, inside="when! otherwise?"),
    Row("choose/when", attribute_words="condition!:bool", inside="*"),
    Row("choose/otherwise", inside="*"),
    Row("include-fragment", _ALL, "fragment-id!="),
    Row(
        "retry",
        _ALL,
        # The page calls the interval positive; Microsoft's samples use 0 and the service takes it (facts C3).
        "condition!:bool count!:int(1,50) interval!:int max-interval:int delta:int first-fast-retry:bool",
        inside="*",
    ),
    Row("wait", "inbound backend outbound", "for:all|any", inside="send-request cache-lookup-value choose"),
    Row("limit-concurrency", _ALL, "key! max-count!=:int", inside="*"),
    # Routing
    Row(
        "forward-request",
        "backend",
        "timeout:int timeout-ms:int continue-timeout:int http-version=:1|2or1|2 follow-redirects:bool "
        "buffer-request-body=:bool buffer-response=:bool fail-on-error-status-code=:bool",
        not_both="timeout timeout-ms",
    ),
    Row(
        "set-backend-service",
        "inbound backend",
        "base-url backend-id sf-resolve-condition:bool sf-service-instance-name sf-partition-key sf-replica-type "
        "sf-listener-name dapr-app-id dapr-method dapr-namespace",
        needs_one_of="base-url backend-id",
        not_both="base-url backend-id",
    ),
    Row("proxy", "inbound", "url! username password"),
    # Transformation
    Row("set-method", "inbound on-error", text=True),
    Row("set-status", _ALL, "code!:int reason"),  # the page requires reason; its own samples leave it out
    Row("set-variable", _ALL, "name!= value!:any"),
    # The page leaves on-error out; the service takes it there (MicrosoftDocs/azure-docs#59226). Liquid holds any XML.
    Row("set-body", _ALL, "template=:liquid|none xsi-nil=:blank|null parse-date:bool", inside="**", text=True),
    Row("set-header", _ALL, "name! exists-action:override|skip|append|delete", inside="value"),
    Row("set-header/value", text=True),
    Row("set-query-parameter", "inbound backend", "name! exists-action:override|skip|append|delete", inside="value"),
    Row("set-query-parameter/value", text=True),
    Row("rewrite-uri", "inbound", "template! copy-unmatched-params:bool"),
    Row(
        "json-to-xml",
        _BODY,
        "apply!:always|content-type-json consider-accept-header:bool parse-date:bool namespace-separator "
        "namespace-prefix attribute-block-name",
    ),
    Row(
        "xml-to-json",
        _BODY,
        "kind!:javascript-friendly|direct apply!:always|content-type-xml consider-accept-header:bool "
        "always-array-child-elements:bool",
    ),
    Row("find-and-replace", _ALL, "from! to!"),
    Row("redirect-content-urls", "inbound outbound"),
    Row("xsl-transform", "inbound outbound", open=True),
    Row("return-response", _ALL, "response-variable-name=", inside="set-status? set-header set-body?"),
    Row("mock-response", _BODY, "status-code=:int content-type="),  # no expressions: MicrosoftDocs/azure-docs#103071
    # Integration and external communication
    Row(
        "send-request",
        _ALL,
        "mode:new|copy response-variable-name= timeout:int ignore-error:bool",
        inside=_REQUEST,
    ),
    Row("send-request/set-url", text=True),
    Row("send-one-way-request", _ALL, "mode:new|copy timeout:int ignore-error:bool", inside=_REQUEST),
    Row("send-one-way-request/set-url", text=True),
    Row(
        "log-to-eventhub",
        _ALL,
        "logger-id!= partition-id= partition-key",
        text=True,
        not_both="partition-id partition-key",
    ),
    Row("send-service-bus-message", _ALL, open=True),
    Row("publish-to-dapr", _BODY, f"topic! pubsub-name {_DAPR}", text=True),
    Row("invoke-dapr-binding", _BODY, f"name! operation= {_DAPR}", inside="metadata? data?"),
    Row("invoke-dapr-binding/metadata", inside="item"),
    Row("invoke-dapr-binding/metadata/item", attribute_words="key!", text=True),
    Row("invoke-dapr-binding/data", text=True, open=True),
    # Logging
    Row("trace", _ALL, "source!= severity:verbose|information|error", inside="message! metadata"),
    Row("trace/message", text=True),
    Row("trace/metadata", attribute_words="name! value!"),
    Row("emit-metric", _ALL, "name!= value:number namespace=", inside="dimension!"),
    Row("emit-metric/dimension", attribute_words="name! value"),
    # Caching
    Row(
        "cache-lookup",
        "inbound",
        f"vary-by-developer!:bool vary-by-developer-groups!:bool allow-private-response-caching:bool {_CACHE} "
        "downstream-caching-type:none|private|public must-revalidate:bool",
        inside="vary-by-header vary-by-query-parameter",
        once="section",
    ),
    Row("cache-lookup/vary-by-header", text=True),
    Row("cache-lookup/vary-by-query-parameter", text=True),
    Row("cache-store", "outbound", "duration!:int cache-response:bool", once="section"),
    # Two pages say "once in a section"; Microsoft's own snippets have several and the service takes them (facts I2).
    Row("cache-lookup-value", _ALL, f"key! variable-name!= default-value:any {_CACHE}"),
    Row("cache-store-value", _ALL, f"key! value!:any duration!:int {_CACHE}"),
    Row("cache-remove-value", _ALL, f"key! {_CACHE}"),
    # Rate limits and quotas
    Row(
        "rate-limit",
        "inbound",
        f"calls!=:int renewal-period!=:int(1,300) {_LIMIT_HEADERS}",
        inside="api",
        once="policy",
        scopes="product api operation",
    ),
    Row("rate-limit/api", "", "name= id= calls!=:int renewal-period!=:int(1,300)", "operation", needs_one_of="name id"),
    Row("rate-limit/api/operation", "", "name= id= calls!=:int renewal-period!=:int(1,300)", needs_one_of="name id"),
    Row(
        "rate-limit-by-key",
        "inbound",
        # The page says at most 300 seconds; the bound is not checked because expressions are allowed here.
        f"calls!:int renewal-period!:int counter-key! increment-condition:bool increment-count:int {_LIMIT_HEADERS}",
    ),
    Row(
        "quota",
        "inbound",
        "calls=:int bandwidth=:int renewal-period!=:int",
        inside="api",
        once="policy",
        scopes="product",
        needs_one_of="calls bandwidth",
    ),
    Row("quota/api", "", "name= id= calls=:int bandwidth=:int renewal-period=:int", "operation"),
    Row("quota/api/operation", "", "name= id= calls=:int bandwidth=:int renewal-period=:int"),
    Row(
        "quota-by-key",
        "inbound",
        "counter-key! calls=:int bandwidth=:int renewal-period!=:int increment-condition:bool increment-count:int "
        "first-period-start=",
        needs_one_of="calls bandwidth",
    ),
    # AI gateway
    Row("azure-openai-token-limit", "inbound", _TOKEN_LIMIT, needs_one_of="tokens-per-minute token-quota"),
    Row("llm-token-limit", "inbound", _TOKEN_LIMIT, needs_one_of="tokens-per-minute token-quota"),
    Row("azure-openai-emit-token-metric", "inbound", "namespace=", inside="dimension"),
    Row("azure-openai-emit-token-metric/dimension", attribute_words="name! value"),
    Row("llm-emit-token-metric", "inbound", "namespace=", inside="dimension"),
    Row("llm-emit-token-metric/dimension", attribute_words="name! value"),
    Row("azure-openai-semantic-cache-lookup", "inbound", _SEMANTIC, inside="vary-by", once="section"),
    Row("azure-openai-semantic-cache-lookup/vary-by", text=True),
    Row("llm-semantic-cache-lookup", "inbound", _SEMANTIC, inside="vary-by", once="section"),
    Row("llm-semantic-cache-lookup/vary-by", text=True),
    Row("azure-openai-semantic-cache-store", "outbound", "duration!:int", once="section"),
    Row("llm-semantic-cache-store", "outbound", "duration!:int", once="section"),
    Row("llm-content-safety", "inbound outbound", open=True),
    # Authentication and authorization
    Row("authentication-basic", "inbound", "username! password!"),
    Row("authentication-certificate", "inbound", "thumbprint certificate-id body password"),
    Row(
        "authentication-managed-identity",
        "inbound",
        "resource! client-id= output-token-variable-name= ignore-error:bool",
    ),
    Row(
        "get-authorization-context",
        "inbound",
        "provider-id! authorization-id! context-variable-name! identity-type:managed|jwt identity ignore-error:bool",
    ),
    Row(
        "check-header",
        "inbound",
        "name! failed-check-httpcode!:int failed-check-error-message! ignore-case!:bool",
        inside="value",
    ),
    Row("check-header/value", text=True),
    Row("ip-filter", "inbound", "action!:allow|forbid", inside="address address-range"),
    Row("ip-filter/address", text=True),
    Row("ip-filter/address-range", attribute_words="from! to!"),
    Row(
        "validate-jwt",
        "inbound",
        _TOKEN + "require-expiration-time:bool require-scheme require-signed-tokens:bool clock-skew "
        "output-token-variable-name=",
        needs_one_of="header-name query-parameter-name token-value",
        inside="openid-config issuer-signing-keys? decryption-keys? audiences? issuers? required-claims?",
    ),
    Row("validate-jwt/openid-config", attribute_words="url!"),
    Row("validate-jwt/issuer-signing-keys", inside="key!"),
    Row("validate-jwt/issuer-signing-keys/key", attribute_words="id certificate-id n e", text=True),
    Row("validate-jwt/decryption-keys", inside="key!"),
    Row("validate-jwt/decryption-keys/key", attribute_words="id certificate-id n e", text=True),
    Row("validate-jwt/audiences", inside="audience!"),
    Row("validate-jwt/audiences/audience", text=True),
    Row("validate-jwt/issuers", inside="issuer!"),
    Row("validate-jwt/issuers/issuer", text=True),
    Row("validate-jwt/required-claims", inside="claim!"),
    Row("validate-jwt/required-claims/claim", attribute_words="name! match:all|any separator", inside="value"),
    Row("validate-jwt/required-claims/claim/value", text=True),
    Row(
        "validate-azure-ad-token",
        "inbound",
        _TOKEN + "tenant-id! authentication-endpoint output-token-variable-name=",
        inside="client-application-ids? backend-application-ids? audiences? required-claims? decryption-keys?",
    ),
    Row("validate-azure-ad-token/client-application-ids", inside="application-id!"),
    Row("validate-azure-ad-token/client-application-ids/application-id", text=True),
    Row("validate-azure-ad-token/backend-application-ids", inside="application-id!"),
    Row("validate-azure-ad-token/backend-application-ids/application-id", text=True),
    Row("validate-azure-ad-token/audiences", inside="audience!"),
    Row("validate-azure-ad-token/audiences/audience", text=True),
    Row("validate-azure-ad-token/required-claims", inside="claim!"),
    Row(
        "validate-azure-ad-token/required-claims/claim",
        attribute_words="name! match:all|any separator",
        inside="value",
    ),
    Row("validate-azure-ad-token/required-claims/claim/value", text=True),
    Row("validate-azure-ad-token/decryption-keys", open=True),
    Row(
        "validate-client-certificate",
        "inbound",
        "validate-revocation=:bool validate-trust=:bool validate-not-before=:bool validate-not-after=:bool "
        "ignore-error=:bool",
        inside="identities?",
    ),
    Row("validate-client-certificate/identities", inside="identity!"),
    Row(
        "validate-client-certificate/identities/identity",
        attribute_words="thumbprint serial-number common-name subject dns-name issuer-subject issuer-thumbprint "
        "issuer-certificate-id",
    ),
    # Content validation
    Row(
        "validate-content",
        _BODY,
        f"unspecified-content-type-action!:{_ACTION} max-size!:int size-exceeded-action!:{_ACTION} "
        "errors-variable-name=",
        inside="content-type-map? content",
    ),
    Row(
        "validate-content/content-type-map",
        attribute_words="any-content-type-value missing-content-type-value",
        inside="type",
    ),
    Row("validate-content/content-type-map/type", attribute_words="from when:bool to!"),
    Row(
        "validate-content/content",
        attribute_words=f"type validate-as!:json|xml|soap action:{_ACTION} schema-id schema-ref "
        "allow-additional-properties:bool case-insensitive-property-names:bool",
    ),
    Row("validate-parameters", "inbound", _CHECKED + " errors-variable-name=", "headers? query? path?", once="section"),
    Row("validate-parameters/headers", attribute_words=_CHECKED, inside="parameter"),
    Row("validate-parameters/headers/parameter", attribute_words=f"name! action!:{_ACTION}"),
    Row("validate-parameters/query", attribute_words=_CHECKED, inside="parameter"),
    Row("validate-parameters/query/parameter", attribute_words=f"name! action!:{_ACTION}"),
    Row("validate-parameters/path", attribute_words=_CHECKED, inside="parameter"),
    Row("validate-parameters/path/parameter", attribute_words=f"name! action!:{_ACTION}"),
    Row(
        "validate-headers",
        "outbound on-error",
        f"specified-header-action!:{_ACTION} unspecified-header-action!:{_ACTION} errors-variable-name=",
        inside="header",
        once="section",
    ),
    Row("validate-headers/header", attribute_words=f"name! action!:{_ACTION}"),
    Row(
        "validate-status-code",
        "outbound on-error",
        f"unspecified-status-code-action!:{_ACTION} errors-variable-name=",
        inside="status-code",
        once="section",
    ),
    Row("validate-status-code/status-code", attribute_words=f"code!:int action!:{_ACTION}"),
    Row("validate-odata-request", "inbound", open=True),
    Row("validate-graphql-request", "inbound", open=True),
    # Cross-domain
    Row(
        "cors",
        "inbound",
        "allow-credentials:bool terminate-unmatched-request:bool",
        inside="allowed-origins!? allowed-methods? allowed-headers? expose-headers?",
        once="section",
    ),
    Row("cors/allowed-origins", inside="origin!"),
    Row("cors/allowed-origins/origin", text=True),
    Row("cors/allowed-methods", attribute_words="preflight-result-max-age:int", inside="method!"),
    Row("cors/allowed-methods/method", text=True),
    Row("cors/allowed-headers", inside="header!"),
    Row("cors/allowed-headers/header", text=True),
    Row("cors/expose-headers", inside="header!"),
    Row("cors/expose-headers/header", text=True),
    Row("cross-domain", "inbound", scopes="global", open=True),
    Row("jsonp", "outbound", "callback-parameter-name!", once="section"),
    # GraphQL resolvers: they have a document of their own and no place in a section
    Row("http-data-source", open=True),
    Row("sql-data-source", open=True),
    Row("cosmosdb-data-source", open=True),
    Row("publish-event", open=True),
)

ROWS: Mapping[str, Row] = {row.path: row for row in _ROWS}
POLICIES: Mapping[str, Row] = {path: row for path, row in ROWS.items() if row.is_policy}


def row_of(tag: str, parent: Row | None) -> Row | None:
    """The row of an element by its tag inside a parent's row (None: directly in a section)."""
    own = ROWS.get(f"{parent.path}/{tag}") if parent else None
    return own or POLICIES.get(tag)
