"""What an account answers besides inference: its models, its deployments, the responses it keeps. Pure."""

import json
from typing import Any, Final

from ..messages import Headers, Request, Response
from . import errors
from .operations import Kind, Operation
from .responses import StoredResponses
from .settings import TOKENS_PER_PTU, Deployment, Settings

_BASE_MODELS: Final = (*TOKENS_PER_PTU, "text-embedding-3-small", "text-embedding-3-large")


def answer(request: Request, operation: Operation, settings: Settings, stored: StoredResponses) -> Response:
    """The answer to any operation that is no inference. Raises Refused."""
    return Response(
        200, headers=Headers([errors.TYPE]), body=json.dumps(_told(request, operation, settings, stored)).encode()
    )


def _told(request: Request, operation: Operation, settings: Settings, stored: StoredResponses) -> dict[str, Any]:
    match operation.kind:
        case Kind.READ_RESPONSE:
            return stored.read(operation.item)
        case Kind.READ_INPUT:
            return stored.read_input(operation.item)
        case Kind.DELETE_RESPONSE:
            return stored.delete(operation.item)
        case Kind.LIST_MODELS:
            return {"object": "list", "data": [_model(name) for name in _models(settings)]}
        case Kind.READ_MODEL:
            return _model(_known_model(operation.item, settings))
        case Kind.LIST_DEPLOYMENTS:
            return {"object": "list", "data": [_deployment(one) for one in settings.deployments]}
        case Kind.READ_DEPLOYMENT:
            found = settings.deployment(operation.deployment)
            if found is None:
                raise errors.deployment_not_found()
            return _deployment(found)
    raise errors.not_simulated(request.method, request.url.path)


def _models(settings: Settings) -> list[str]:
    """What could be deployed, as Azure lists it, and what is."""
    return list(dict.fromkeys((*_BASE_MODELS, *(one.model for one in settings.deployments))))


def _known_model(name: str, settings: Settings) -> str:
    if settings.any_deployment or name in _models(settings):
        return name
    raise errors.error(404, "ModelNotFound", "The model does not exist in this resource.")


def _model(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": 0,
        "created_at": 0,
        "owned_by": "system",
        "status": "succeeded",
        "lifecycle_status": "generally-available",
        "capabilities": {"inference": True, "fine_tune": False},
    }


def _deployment(deployment: Deployment) -> dict[str, Any]:
    return {
        "id": deployment.name,
        "object": "deployment",
        "model": deployment.model,
        "status": "succeeded",
        "scale_settings": {"scale_type": deployment.sku.lower()},
    }
