"""Checks of inputs: pure, one place for configuration and for the arguments of components."""

from .alone import APIM_SERVICE, BACKEND_POOL, OPENAI_API, OPENAI_BACKEND
from .inputs import normalised, problems, warnings
from .message import message
from .spelling import camel_case, snake_case
from .table import GATEWAY

__all__ = [
    "APIM_SERVICE",
    "BACKEND_POOL",
    "GATEWAY",
    "OPENAI_API",
    "OPENAI_BACKEND",
    "camel_case",
    "message",
    "normalised",
    "problems",
    "snake_case",
    "warnings",
]
