"""The policy pack, as the process the engine starts, over everything the reference program asks for.

It is `pulumi preview --policy-pack policies` and `pulumi up --policy-pack policies` without a CLI.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import json_format

from policies.tests.pack_process import Pack, Reported, Seen, running_pack
from tests.support.deployment import Deployment, Resource
from tests.support.reference import SUBSCRIPTION, deploy_reference

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
BACKEND = "azure-native:apimanagement:Backend"
# The names in a resource's path are inputs only; its outputs have `name`.
IN_PATH = ("resourceGroupName", "serviceName", "backendId", "apiId", "operationId", "policyId", "sid", "diagnosticId")
COMPUTED = ("name", "circuitBreaker", "pool", "url", "protocol", "credentials", "tls", "subscriptionRequired", "value")


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    with running_pack() as running:
        yield running


def seen(deployment: Deployment, *, preview: bool) -> list[Seen]:
    """The program as the engine shows it to the pack, with ids as ARM writes them."""
    ids = {f"/apimanagement:Backend/{backend.name}": _arm_id(backend) for backend in deployment.all("Backend")}
    return [_seen(resource, ids, preview) for resource in deployment if resource.request.custom]


def mandatory(reports: list[Reported]) -> list[Reported]:
    return [report for report in reports if report.level == "mandatory"]


@pytest.mark.parametrize("preview", [True, False])
def test_the_reference_deployment_breaks_no_mandatory_rule(pack: Pack, preview: bool):
    reports = pack.judge(seen(deploy_reference(preview=preview), preview=preview))
    assert mandatory(reports) == []


@pytest.mark.parametrize("preview", [True, False])
def test_every_mandatory_rule_can_be_decided_for_the_reference_deployment(pack: Pack, preview: bool):
    reports = pack.judge(seen(deploy_reference(preview=preview), preview=preview))
    assert [report.message for report in reports if "can't run policy" in report.message] == []


@pytest.mark.parametrize("preview", [True, False])
def test_a_member_that_loses_its_circuit_breaker_is_stopped(pack: Pack, preview: bool):
    program = seen(deploy_reference(preview=preview), preview=preview)
    broken = [
        _without(each, "circuitBreaker", preview) if each.name.endswith("aoai-eus-2") else each for each in program
    ]
    assert [each.type for each in program if each not in broken] == [BACKEND]
    (report,) = mandatory(pack.judge(broken))
    assert report.rule == "apim-pool-member-has-breaker"
    assert "aoai-eus-2': it is a member of 'ai-gateway-" in report.message


@pytest.mark.parametrize("preview", [True, False])
def test_a_circuit_breaker_that_does_not_watch_429_is_stopped(pack: Pack, preview: bool):
    ranges = [{"min": 502, "max": 504}]
    reports = pack.judge(seen(deploy_reference(preview=preview, breaker={"statusRanges": ranges}), preview=preview))
    assert {report.rule for report in mandatory(reports)} == {"apim-breaker-watches-429"}
    assert len(mandatory(reports)) == 3


@pytest.mark.parametrize("preview", [True, False])
def test_a_pool_that_gets_a_url_is_stopped(pack: Pack, preview: bool):
    program = seen(deploy_reference(preview=preview), preview=preview)
    pool = next(each for each in program if each.inputs.get("backendId") == "openaiopool")
    (report,) = mandatory(pack.analyze(Seen(pool.type, pool.name, {**pool.inputs, "url": UNKNOWN})))
    assert report.rule == "apim-pool-has-no-url"


def _seen(resource: Resource, ids: dict[str, str], preview: bool) -> Seen:
    inputs = _with_ids(json_format.MessageToDict(resource.request.object), ids)
    outputs = {key: value for key, value in inputs.items() if key not in IN_PATH and key != "type"}
    computed: dict[str, Any] = dict.fromkeys(COMPUTED, UNKNOWN) if preview else {"name": _name(inputs, resource)}
    links = {key: list(each.urns) for key, each in resource.request.propertyDependencies.items() if each.urns}
    return Seen(
        resource.type,
        resource.name,
        inputs,
        {**computed, **outputs},
        urn=resource.urn,
        depends=links,
        depends_on=list(resource.request.dependencies),
    )


def _without(resource: Seen, key: str, preview: bool) -> Seen:
    inputs = {name: value for name, value in resource.inputs.items() if name != key}
    outputs = {name: value for name, value in (resource.outputs or {}).items() if name != key}
    unknown = {key: UNKNOWN} if preview else {}
    return Seen(
        resource.type,
        resource.name,
        inputs,
        {**outputs, **unknown},
        resource.urn,
        depends=resource.depends,
        depends_on=resource.depends_on,
    )


def _name(inputs: dict[str, Any], resource: Resource) -> str:
    return next((inputs[key] for key in reversed(IN_PATH) if key in inputs and key != "policyId"), resource.name)


def _arm_id(backend: Resource) -> str:
    service = backend.inputs["serviceName"]
    group = backend.inputs["resourceGroupName"]
    prefix = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.ApiManagement"
    return f"{prefix}/service/{service}/backends/{backend.inputs['backendId']}"


def _with_ids(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_ids(inner, ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_ids(inner, ids) for inner in value]
    return ids.get(value, value) if isinstance(value, str) else value
