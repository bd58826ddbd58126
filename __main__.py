"""The Pulumi program: configuration in, one gateway, and what its users need to know out."""

import pulumi

from components import AIGateway
from settings import protected, settings

gateway = AIGateway("ai-gateway", settings(), pulumi.ResourceOptions(protect=protected()))

pulumi.export("endpoint", gateway.endpoint)
pulumi.export("gateway_url", gateway.gateway_url)
pulumi.export("pool_id", gateway.pool_id)
pulumi.export("principal_id", gateway.principal_id)
pulumi.export("keys", gateway.keys)
pulumi.export("missing_roles", gateway.missing_roles)
