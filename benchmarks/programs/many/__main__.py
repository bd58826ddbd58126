"""Several gateways of ten members in one stack, to see how the time of a deployment grows."""

import sys
from pathlib import Path

import pulumi

sys.path.insert(0, str(Path(__file__).parents[3]))  # where the components are, for a program that is not at the root

from components import AIGateway

MEMBERS = 10

for number in range(pulumi.Config("apim-ai-gateway").require_int("gateways")):
    AIGateway(
        f"gateway-{number}",
        {
            "location": "eastus2",
            "resource_group": {"name": f"rg-gateway-{number}"},
            "service": {
                "publisher_email": "platform@example.com",
                "publisher_name": "Platform team",
                "sku": "Developer",
            },
            "backends": [
                {"name": f"account-{member}", "url": f"https://account-{member}.openai.azure.com/openai"}
                for member in range(MEMBERS)
            ],
        },
    )
