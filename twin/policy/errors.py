"""Errors of the gateway itself: what on-error sees of them, and what the caller gets unless it says otherwise.

https://learn.microsoft.com/azure/api-management/api-management-error-handling-policies
"""

import json
from http import HTTPStatus

from ..messages import Headers, Response
from . import context as c
from .exchange import Exchange
from .expressions import ExpressionFault
from .fault import PolicyFault

_MESSAGES = {500: "Internal server error"}


def last_error(exchange: Exchange, fault: PolicyFault | ExpressionFault) -> c.LastError:
    """context.LastError for a fault of the element that runs, or that ran when it was raised."""
    at, source, message = exchange.at, "", str(fault)
    if isinstance(fault, PolicyFault):
        at, source = fault.place or at, fault.source
    return c.LastError(source or at.tag, fault.reason, message, at.scope, at.section, at.path, at.id)


def error_response(status: int, request_id: str, message: str = "") -> Response:
    """In the shape of API Management's own errors; only those from 500 on name the call."""
    reason = HTTPStatus(status).phrase
    body: dict[str, object] = {"statusCode": status, "message": message or _MESSAGES.get(status, reason)}
    if status >= 500:
        body["activityId"] = request_id
    headers = Headers([("Content-Type", "application/json")])
    return Response(status, reason, headers, json.dumps(body).encode())
