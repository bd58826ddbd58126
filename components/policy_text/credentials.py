"""The caller's key stays at the gateway; the accounts see the gateway's identity, or the caller's own token."""

from .elements import delete_header
from .markup import Code, Markup, block, comment, csharp_string, element
from .settings import PolicySettings

AUDIENCE = "https://cognitiveservices.azure.com"


def credentials(settings: PolicySettings) -> list[Markup]:
    key = [
        delete_header(settings.key_header),
        element("set-query-parameter", name=settings.key_query, exists_action="delete"),
    ]
    if not settings.managed_identity:
        repeated = element("when", delete_header("Authorization"), condition=_repeats_key(settings))
        return [
            comment("The caller's key opens this API only; the accounts see the caller's own token."),
            element("choose", repeated),
            *key,
        ]
    return [
        comment("The caller's key opens this API only; the accounts see the gateway's identity."),
        *key,
        element("authentication-managed-identity", resource=AUDIENCE, client_id=settings.client_id),
    ]


def _repeats_key(settings: PolicySettings) -> Code:
    """Whether the caller's Authorization is the subscription key once more."""
    return block(
        """
        var authorization = context.Request.Headers.GetValueOrDefault("Authorization", "");
        var header = context.Request.Headers.GetValueOrDefault($header, "");
        var query = context.Request.Url.Query.GetValueOrDefault($query, "");
        return new[] { header, query }.Any(key => key != "" && authorization.EndsWith(key));
        """,
        header=csharp_string(settings.key_header),
        query=csharp_string(settings.key_query),
    )
