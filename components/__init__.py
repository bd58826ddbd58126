"""Azure API Management in front of several Azure OpenAI accounts, as Pulumi components.

Each component can be used on its own; AIGateway makes all of them from one set of inputs.
"""

from .api import OpenAIApi
from .arguments import (
    AccountArgs,
    AIGatewayArgs,
    ApiArgs,
    ApimServiceArgs,
    BackendArgs,
    BackendPoolArgs,
    BreakerArgs,
    ExistingServiceArgs,
    IdentityArgs,
    OpenAIApiArgs,
    OpenAIApiMemberArgs,
    OpenAIBackendArgs,
    PolicyArgs,
    PoolArgs,
    PoolMemberArgs,
    ResourceGroupArgs,
    ServiceArgs,
    StatusRangeArgs,
)
from .backends import BackendPool, OpenAIBackend
from .gateway import AIGateway
from .service import ApimService

__version__ = "0.1.0"

__all__ = [
    "AIGateway",
    "AIGatewayArgs",
    "AccountArgs",
    "ApiArgs",
    "ApimService",
    "ApimServiceArgs",
    "BackendArgs",
    "BackendPool",
    "BackendPoolArgs",
    "BreakerArgs",
    "ExistingServiceArgs",
    "IdentityArgs",
    "OpenAIApi",
    "OpenAIApiArgs",
    "OpenAIApiMemberArgs",
    "OpenAIBackend",
    "OpenAIBackendArgs",
    "PolicyArgs",
    "PoolArgs",
    "PoolMemberArgs",
    "ResourceGroupArgs",
    "ServiceArgs",
    "StatusRangeArgs",
]
