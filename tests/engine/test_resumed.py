"""An `up` that fails in the middle, wherever that is: the next one carries on and ends in the same place."""

import json
import re

import pytest

from tests.support.twin import Stack, World, reference_settings

pytestmark = pytest.mark.engine

SERVICE = "/Microsoft.ApiManagement/service/apim-once"
ACCOUNTS = ("aoai-eus2-1", "aoai-eus-1", "aoai-eus-2")
ROLE = "providers/Microsoft.Authorization/roleAssignments/[^/]+"

# Every operation of the reference deployment, by the end of the path that is PUT.
OPERATIONS = {
    "group": "/resourcegroups/rg-ai-gateway-dev",
    "service": SERVICE,
    **{f"backend {account}": f"{SERVICE}/backends/{account}" for account in ACCOUNTS},
    **{f"role on {account}": f"/accounts/{account}/{ROLE}" for account in ACCOUNTS},
    **{f"pool{end}": f"{SERVICE}/backends/openaiopool{end}" for end in ("", "-first", "-last", "-turned")},
    "api": f"{SERVICE}/apis/openai",
    "operation": f"{SERVICE}/apis/openai/operations/post-any-path",
    "policy": f"{SERVICE}/apis/openai/policies/policy",
    "subscription": f"{SERVICE}/subscriptions/team-a",
}


@pytest.fixture(scope="module")
def undisturbed(shared: tuple[Stack, World, World]) -> dict[str, str]:
    """What an `up` leaves in Azure that nothing disturbs."""
    stack, nothing, _ = shared
    stack.bring_back(nothing)
    stack.settings = reference_settings()
    stack.settings["service"]["name"] = "apim-once"
    stack.up()
    return left_in_azure(stack)


@pytest.fixture
def named(stack: Stack) -> Stack:
    """Nothing deployed, and a service with a name that does not change from one try to the next."""
    stack.settings["service"]["name"] = "apim-once"
    return stack


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_up_that_fails_at_one_operation_is_resumed(operation: str, named: Stack, undisturbed: dict[str, str]):
    rule = {"method": "PUT", "path": f"{OPERATIONS[operation]}$", "status": 422, "code": "ManagementApiRequestFailed"}
    named.arm.faults(rule)

    failed = named.fail("up", "--yes", "--skip-preview")

    assert [step.operation for step in failed.failed] == ["create"]
    assert "ManagementApiRequestFailed" in "".join(one.message for one in failed.errors)
    named.arm.faults()
    named.up()
    assert left_in_azure(named) == undisturbed


def test_these_are_all_the_operations_there_are(named: Stack):
    named.up()

    for asked in named.writes():
        fitting = [path for path in OPERATIONS.values() if re.search(f"{path}$", asked["path"], re.IGNORECASE)]
        assert len(fitting) == 1, asked["path"]
    assert len(named.writes()) == len(OPERATIONS)


def test_an_answer_that_is_lost_on_the_way_is_asked_for_again(named: Stack, undisturbed: dict[str, str]):
    named.arm.faults(
        {"method": "PUT", "path": "/backends/aoai-eus-1$", "status": "reset", "executed": True, "times": 1}
    )

    named.up()

    assert left_in_azure(named) == undisturbed


def test_a_throttled_deployment_waits_as_long_as_azure_asks(named: Stack, undisturbed: dict[str, str]):
    named.arm.faults({"method": "PUT", "path": "/apis/openai$", "status": 429, "retryAfter": 0.1, "times": 2})

    named.up()

    assert left_in_azure(named) == undisturbed


def test_a_destroy_that_fails_in_the_middle_is_resumed(named: Stack):
    before = {resource.id for resource in named.arm.store.all()}
    named.up()
    named.arm.faults({"method": "DELETE", "path": "/backends/aoai-eus-1$", "status": 422})

    failed = named.fail("destroy", "--yes", "--skip-preview")
    named.arm.faults()
    named.destroy()

    assert [step.resource.name for step in failed.failed] == ["ai-gateway-aoai-eus-1"]
    left = {resource.id for resource in named.arm.store.all()} - before
    assert {identifier.rpartition("/")[2] for identifier in left} == {"apim-once"}  # soft-deleted


def left_in_azure(stack: Stack) -> dict[str, str]:
    """Everything in Azure, without what is different each time: ids of identities and times."""
    random = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
    bodies = {identifier: json.dumps(body, sort_keys=True) for identifier, (body, _) in stack.everything().items()}
    # A role assignment is named after the identity; which account it is about stands in its path.
    return {random.sub("…", identifier): random.sub("…", body) for identifier, body in bodies.items()}
