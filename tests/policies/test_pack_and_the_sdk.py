"""The pack knows resources by name only, so that it needs no SDK; here the SDK confirms that these names exist."""

from typing import Any

import pytest
from guardrails.registry import RULES
from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest

from policies.tests import parts
from policies.tests.stage import Asked
from tests.support.deployment import Resource
from tests.support.strict import args_type, problems

KINDS = sorted({kind for rule in RULES for kind in rule.kinds})
OLDER = {"insights:Component"}  # the module's name in version 2 of the provider
RESOURCES = [
    parts.service(customProperties={"x": "y"}, tags={"a": "b"}),
    parts.backend(
        "one",
        credentials={"header": {"x": ["y"]}, "query": {"x": ["y"]}, "authorization": {"scheme": "s", "parameter": "p"}},
        tls={"validateCertificateChain": True, "validateCertificateName": True},
        proxy={"url": "https://proxy"},
        resourceId="/x",
    ),
    parts.breaking(count=None, percentage=1, errorReasons=["x"]),
    parts.pool("one"),
    parts.api(serviceUrl="https://x"),
    parts.operation(),
    parts.policy(),
    parts.operation_policy(parts.POLICY),
    parts.service_policy(parts.POLICY),
    parts.fragment("<fragment />"),
    parts.product(displayName="p", subscriptionRequired=True),
    parts.named_value(secret=True, keyVault={"secretIdentifier": "https://x"}),
    parts.diagnostic(
        frontend={"request": {"headers": ["x"], "body": {"bytes": 0}}, "response": {"body": {"bytes": 0}}},
        backend={"request": {"headers": ["x"]}, "response": {"headers": ["x"], "body": {"bytes": 0}}},
    ),
    parts.account(publicNetworkAccess="Disabled"),
    parts.role(),
]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OLDER])
def test_every_kind_that_a_rule_looks_at_exists_in_the_sdk(kind: str):
    assert args_type(f"azure-native:{kind}").__name__ == f"{kind.split(':')[1]}Args"


@pytest.mark.parametrize("asked", RESOURCES, ids=[asked.type.split(":")[-1] for asked in RESOURCES])
def test_the_properties_that_rules_read_are_those_of_the_sdk(asked: Asked):
    inputs: dict[str, Any] = dict(asked.props)
    request = RegisterResourceRequest(type=asked.type, name=asked.name)
    assert problems(Resource("urn", request, inputs)) == []
