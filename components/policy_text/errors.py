"""What callers are told, in Azure OpenAI's shape. Nothing here names a backend, a pool, a host or an identity."""

from .attempts import REFUSED
from .markup import Code, block, csharp_string
from .recovery import STATUS as REFUSAL_STATUS
from .settings import PolicySettings
from .variables import LOST_CONNECTION, MESSAGE, STATUS, TIMED_OUT, is_status

STATUS_OF_ANSWER = "context.Response.StatusCode"


def error_status() -> Code:
    """For an error of the gateway. 503: no backend answered. 0: another policy refused the call (a rate limit, a token
    check) and has said so."""
    return block(
        """
        var status = context.Response?.StatusCode ?? 500;
        switch (context.LastError?.Reason) {
            case "SubscriptionKeyNotFound":
            case "SubscriptionKeyInvalid": return 401;
            case "OperationNotFound": return 404;
            case $timed_out: return 504;
            case $lost_connection: return 503;
            case "ExpressionValueEvaluationFailure": return 500;
            default: return status == 503 ? 503 : status >= 400 && status < 500 ? 0 : 500;
        }
        """,
        timed_out=csharp_string(TIMED_OUT),
        lost_connection=csharp_string(LOST_CONNECTION),
    )


def error_body(settings: PolicySettings) -> Code:
    messages = {
        401: f"Access denied: send a valid key of this gateway in the header {settings.key_header}.",
        404: "This gateway has no such operation.",
        504: "No backend answered in time. One may still be at work on the request.",
    }
    chosen = "".join(f"status == {status} ? {csharp_string(text)} : " for status, text in messages.items())
    return block(
        "var status = $status;\nreturn $body;",
        status=STATUS,
        body=_body(
            'status == 500 ? "gateway_error" : status.ToString()',
            chosen + csharp_string("The gateway could not handle this call."),
        ),
    )


def failure_status(settings: PolicySettings) -> Code:
    """Of the last answer, except that the gateway's own refused identity is no caller's 401."""
    if not settings.managed_identity:
        return Code(STATUS_OF_ANSWER)
    return Code(f"{is_status(STATUS_OF_ANSWER, REFUSED)} ? 502 : {STATUS_OF_ANSWER}")


def failure_message(settings: PolicySettings) -> Code:
    failed = csharp_string("Every backend that was tried failed on this request.")
    if not settings.managed_identity:
        return Code(failed)
    refused = "The gateway is not authorized for this operation on any backend it tried; your key is fine."
    return Code(f"{is_status(STATUS_OF_ANSWER, REFUSED)} ? {csharp_string(refused)} : {failed}")


def failure_body() -> Code:
    return Code(_body(f"({STATUS}).ToString()", MESSAGE))


def refusal_body() -> Code:
    message = "No backend can answer now. Try again after the time in Retry-After."
    return Code(_body(f"({REFUSAL_STATUS}).ToString()", csharp_string(message)))


def _body(name: str, message: str) -> str:
    """From two C# texts."""
    error = f'new JObject(new JProperty("code", {name}), new JProperty("message", {message}))'
    return f'new JObject(new JProperty("error", {error})).ToString()'
