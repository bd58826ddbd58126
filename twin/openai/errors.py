"""The errors of an account, in the two shapes that Azure OpenAI answers with.

Those of the service itself have a code and a message; those of the model behind it have OpenAI's four fields.
"""

import json
import math
from typing import Any, Final

from ..messages import Headers, Response

TYPE: Final = ("Content-Type", "application/json")

# Of a fault's answer: what Azure says with these statuses.
_USUAL: Final = {
    401: ("PermissionDenied", "Principal does not have access to API/Operation."),
    403: ("403", "Access denied due to Virtual Network/Firewall rules."),
    404: ("404", "Resource not found"),
    408: ("RequestTimeout", "The operation was timeout."),
    429: ("429", "Requests to this deployment have exceeded its rate limit. Please retry later."),
    500: ("InternalServerError", "The server had an error processing your request. Sorry about that!"),
    503: ("ServiceUnavailable", "The service is temporarily unable to process your request. Please try again later."),
}


class Refused(Exception):
    """A request gets this error in place of what it asked for."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"status {response.status}")
        self.response = response


def error(status: int, code: str, message: str, *headers: tuple[str, str]) -> Refused:
    return _refused(status, {"error": {"code": code, "message": message}}, *headers)


def usual_error(status: int, retry_after: float | None) -> Refused:
    """What a fault answers."""
    code, message = _USUAL.get(status) or (str(status), f"The service answered with status {status}.")
    return error(status, code, message, *(retry_headers(retry_after) if retry_after is not None else ()))


def invalid_request(message: str, param: str | None = None, code: str | None = None, status: int = 400) -> Refused:
    """What the model's own API answers to a request that it cannot take."""
    body = {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}
    return _refused(status, body)


def resource_not_found() -> Refused:
    return error(404, "404", "Resource not found")


def model_missing() -> Refused:
    return invalid_request("you must provide a model parameter")


def wrong_model(operation: str, model: str) -> Refused:
    return error(
        400,
        "OperationNotSupported",
        f"The {operation} operation does not work with the specified model, {model}. Please choose different model and"
        " try again. You can learn more about which models can be used with each operation here:"
        " https://go.microsoft.com/fwlink/?linkid=2197993.",
    )


def not_simulated(method: str, path: str) -> Refused:
    """The twin's own: the operation exists in Azure, and the caller may use it there."""
    return error(501, "NotSimulated", f"The twin's accounts do not simulate {method} {path}.")


def deployment_not_found() -> Refused:
    return error(
        404,
        "DeploymentNotFound",
        "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes,"
        " please wait a moment and try again.",
    )


def wrong_key() -> Refused:
    return error(
        401,
        "401",
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an"
        " active subscription and use a correct regional API endpoint for your resource.",
    )


def keys_disabled() -> Refused:
    return error(403, "AuthenticationTypeDisabled", "Key based authentication is disabled for this resource.")


def wrong_token() -> Refused:
    """The one error that has no `error` around it."""
    message = (
        "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com),"
        " or have expired."
    )
    return _refused(401, {"statusCode": 401, "message": message})


def permission_denied() -> Refused:
    return error(401, *_USUAL[401])


def rate_limited(operation: str, version: str, wait: float) -> Refused:
    """The 429 of a full deployment; `wait` 0: it does not say when to come back."""
    seconds = math.ceil(wait)
    message = (
        f"Requests to the {operation} Operation under Azure OpenAI API version {version} have exceeded token rate"
        f" limit of your current OpenAI S0 pricing tier. Please retry after {seconds} second{'s' * (seconds != 1)}."
        " Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate"
        " limit."
    )
    return error(429, "429", message, *(retry_headers(wait) if wait else ()))


def retry_headers(wait: float) -> tuple[tuple[str, str], ...]:
    """Whole seconds for everybody, and milliseconds for the clients that know the second header."""
    return ("Retry-After", str(math.ceil(wait))), ("retry-after-ms", str(math.ceil(wait * 1000)))


def _refused(status: int, body: dict[str, Any], *headers: tuple[str, str]) -> Refused:
    return Refused(Response(status, headers=Headers([TYPE, *headers]), body=json.dumps(body).encode()))
