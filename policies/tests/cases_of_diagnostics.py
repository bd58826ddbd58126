"""Cases of the rules over diagnostics and alerts."""

from dataclasses import replace

from cases import Case, preview, world
from parts import (
    account,
    api,
    backend,
    diagnostic,
    inside,
    operation_policy,
    policy,
    pool,
    previewed_pool,
    section,
)
from stage import UNKNOWN, Asked

BODY = {"response": {"body": {"bytes": 8192}}}
TO_MODELS = '<set-backend-service base-url="https://one.openai.azure.com/openai" />'
UNBUFFERED = '<forward-request buffer-response="false" />'
BUFFERED = policy(section('<set-backend-service backend-id="orders" />', backend="<forward-request />"))

FOR_ALL = Asked("azure-native:apimanagement:Diagnostic", "all", {"serviceName": "apim", "frontend": BODY})

CASES = {
    "apim-streaming-api-logs-no-response-body": Case(
        passes=[
            world(api(), policy(), diagnostic(frontend={"response": {"body": {"bytes": 0}}})),
            world(api(), backend("orders", url="https://orders.example"), BUFFERED, diagnostic(frontend=BODY)),
            world(api(), policy(), diagnostic(frontend={"request": {"body": {"bytes": 512}}})),
            world(api(), policy(), diagnostic(frontend=BODY, apiId="another")),
            world(api(), policy(), replace(FOR_ALL, props={**FOR_ALL.props, "serviceName": "another"})),
        ],
        fails=[
            (
                world(api(), policy(), diagnostic(frontend=BODY)),
                "frontend.response.body.bytes is 8192, and Api 'openai' streams",
            ),
            (
                world(inside(api()), inside(policy()), inside(diagnostic(frontend=BODY))),
                "and WorkspaceApi 'openai' streams",
            ),
            (world(inside(api()), inside(policy()), FOR_ALL), "and WorkspaceApi 'openai' streams"),
            (world(api(), policy(), diagnostic(backend=BODY)), "backend.response.body.bytes is 8192"),
            (
                world(api(), policy(), FOR_ALL),
                "Diagnostic 'all': frontend.response.body.bytes is 8192, and Api 'openai'",
            ),
            (
                world(api(), operation_policy(section(backend=UNBUFFERED)), diagnostic(frontend=BODY)),
                "and Api 'openai' streams",
            ),
            (
                world(api(serviceUrl="https://one.openai.azure.com/openai"), diagnostic(frontend=BODY)),
                "and Api 'openai' streams",
            ),
            (
                world(api(), policy(section(TO_MODELS)), diagnostic(frontend=BODY)),
                "and Api 'openai' streams",
            ),
            (
                world(
                    api(),
                    backend("one"),
                    pool("one"),
                    policy(section('<set-backend-service backend-id="openaiopool" />')),
                    diagnostic(frontend=BODY),
                ),
                "and Api 'openai' streams",
            ),
        ],
        decided=[
            (
                preview(
                    api(),
                    backend("one").of(url=["account"]),
                    account("account"),
                    previewed_pool("one"),
                    policy(section('<set-backend-service backend-id="openaiopool" />')),
                    diagnostic(frontend=BODY).but("apiId").of(apiId=["openai"]),
                ),
                "and Api 'openai' streams",
            )
        ],
        undecided=[
            preview(api(), policy(), diagnostic(frontend={"response": {"body": {"bytes": UNKNOWN}}})),
            preview(api(), policy(UNKNOWN), diagnostic(frontend=BODY)),
            preview(api(serviceUrl=UNKNOWN), diagnostic(frontend=BODY)),
        ],
    ),
    "apim-policy-records-no-streamed-body": Case(
        passes=[
            world(policy()),
            world(
                policy(
                    section(
                        outbound='<trace source="x"><message>@(context.Response.Body.As<string>())</message></trace>'
                    )
                )
            ),
            world(
                policy(section(backend=UNBUFFERED, outbound='<log-to-eventhub logger-id="l">@("x")</log-to-eventhub>'))
            ),
            preview(policy(UNKNOWN)),
        ],
        fails=[
            (
                world(
                    policy(
                        section(
                            backend=UNBUFFERED,
                            outbound='<log-to-eventhub logger-id="l">@(context.Response.Body)</log-to-eventhub>',
                        )
                    )
                ),
                "<log-to-eventhub> in line 1 reads context.Response.Body",
            )
        ],
        decided=[
            (
                preview(
                    policy(
                        section(
                            backend=UNBUFFERED,
                            outbound='<trace source="@(context.Response.Body.As<string>())" />',
                        ),
                        apiId=UNKNOWN,
                    )
                ),
                "<trace> in line 1 reads context.Response.Body",
            )
        ],
    ),
    "apim-diagnostic-records-no-key": Case(
        passes=[world(diagnostic()), world(diagnostic(backend={"response": {"headers": ["Retry-After"]}}))],
        fails=[
            (
                world(diagnostic(frontend={"request": {"headers": ["api-key"]}})),
                "frontend.request.headers[0] is 'api-key'",
            ),
            (
                world(diagnostic(backend={"request": {"headers": ["x", "Authorization"]}})),
                "headers[1] is 'Authorization'",
            ),
        ],
        decided=[
            (preview(diagnostic(frontend={"request": {"headers": [UNKNOWN, "api-key"]}})), "headers[1] is 'api-key'")
        ],
        undecided=[preview(diagnostic(frontend={"request": {"headers": [UNKNOWN]}}))],
    ),
    "apim-api-has-diagnostics": Case(
        passes=[
            world(api(), diagnostic()),
            world(api(), Asked("azure-native:apimanagement:Diagnostic", "all", {"serviceName": "apim"})),
            preview(api(), diagnostic().but("apiId").of(apiId=["openai"])),
        ],
        fails=[
            (world(api()), "neither it nor its service has a diagnostic in this stack"),
            (world(api(), diagnostic(apiId="another")), "neither it nor its service"),
            (
                world(api(), Asked("azure-native:apimanagement:Diagnostic", "all", {"serviceName": "other"})),
                "neither it nor its service",
            ),
        ],
        decided=[(preview(api(serviceName=UNKNOWN)), "neither it nor its service")],
    ),
    "apim-breaker-open-is-alerted": Case(
        passes=[
            world(pool("one"), Asked("azure-native:monitor:ScheduledQueryRule", "alert", {})),
            world(pool("one"), Asked("azure-native:eventgrid:EventSubscription", "events", {})),
            world(
                pool("one"),
                Asked(
                    "azure-native:eventgrid:SystemTopicEventSubscription",
                    "events",
                    {"filter": {"includedEventTypes": ["Microsoft.ApiManagement.CircuitBreaker.Opened"]}},
                ),
            ),
            world(backend("one")),
        ],
        fails=[
            (
                world(pool("one", name="spare"), pool("one")),
                "Backend 'openaiopool': nothing in this stack tells anyone when a member's circuit breaker opens",
            ),
            (
                world(
                    pool("one"),
                    Asked(
                        "azure-native:eventgrid:EventSubscription",
                        "events",
                        {"filter": {"includedEventTypes": ["Microsoft.ApiManagement.APICreated"]}},
                    ),
                ),
                "nothing in this stack tells anyone",
            ),
        ],
        undecided=[
            preview(
                pool("one"),
                Asked("azure-native:eventgrid:EventSubscription", "e", {"filter": {"includedEventTypes": [UNKNOWN]}}),
            )
        ],
    ),
}
