"""What each kind of change to the configuration costs: the fewest operations, in an order that loses no call."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.twin import Stack, operations

pytestmark = pytest.mark.engine

Settings = dict[str, Any]
POOLS = ("ai-gateway-pool", "ai-gateway-pool-first", "ai-gateway-pool-last", "ai-gateway-pool-turned")


def each(operation: str, *names: str) -> list[tuple[str, str]]:
    return [(operation, name) for name in names]


def add_a_backend(settings: Settings) -> None:
    settings["backends"].append({"name": "ptu", "url": "https://ptu.example.com/openai", "priority": 2})


def remove_a_backend(settings: Settings) -> None:
    del settings["backends"][2]


def remove_all_but_one(settings: Settings) -> None:
    del settings["backends"][1:]


def rename_a_backend(settings: Settings) -> None:
    settings["backends"][2]["name"] = "eastus-second"


def reorder_the_backends(settings: Settings) -> None:
    settings["backends"].reverse()


def reweight_a_backend(settings: Settings) -> None:
    settings["backends"][2]["weight"] = 5


def promote_a_backend(settings: Settings) -> None:
    settings["backends"][2]["priority"] = 1


def change_the_breaker(settings: Settings) -> None:
    settings["breaker"] = {"interval": "PT30S"}


def change_the_breaker_of_one(settings: Settings) -> None:
    settings["backends"][0]["breaker"] = {"interval": "PT30S"}


def change_the_path(settings: Settings) -> None:
    settings["api"] = {"path": "ai"}


def add_a_method(settings: Settings) -> None:
    settings["api"] = {"methods": ["POST", "GET"]}


def change_the_policy(settings: Settings) -> None:
    settings["policy"] = {"requestTimeout": 60}


def set_the_policy_on_the_operation(settings: Settings) -> None:
    settings["policy"] = {"scope": "operation"}


def rename_the_pool(settings: Settings) -> None:
    settings["pool"] = {"name": "chat"}


def add_a_subscription(settings: Settings) -> None:
    settings["subscriptions"] = ["team-a", "team-b"]


def remove_a_subscription(settings: Settings) -> None:
    settings["subscriptions"] = []


def change_the_tags(settings: Settings) -> None:
    settings["tags"] = {"team": "platform"}


CHANGES: list[tuple[Callable[[Settings], None], list[tuple[str, str]]]] = [
    (add_a_backend, each("create", "ai-gateway-ptu") + each("update", *POOLS, "ai-gateway-api-policy")),
    (
        remove_a_backend,
        # With one backend a tier, the fallback pools that turn within a tier have nothing left to turn.
        each("delete", "ai-gateway-aoai-eus-2", "ai-gateway-rg-openai-aoai-eus-2-role")
        + each("delete", "ai-gateway-pool-first", "ai-gateway-pool-turned")
        + each("update", "ai-gateway-pool", "ai-gateway-pool-last", "ai-gateway-api-policy"),
    ),
    (
        remove_all_but_one,
        each("delete", "ai-gateway-aoai-eus-1", "ai-gateway-rg-openai-aoai-eus-1-role")
        + each("delete", "ai-gateway-aoai-eus-2", "ai-gateway-rg-openai-aoai-eus-2-role")
        + each("delete", "ai-gateway-pool-first", "ai-gateway-pool-last", "ai-gateway-pool-turned")
        + each("update", "ai-gateway-pool", "ai-gateway-api-policy"),
    ),
    (
        # The account stays, and with it its role.
        rename_a_backend,
        each("create", "ai-gateway-eastus-second") + each("delete", "ai-gateway-aoai-eus-2") + each("update", *POOLS),
    ),
    (reorder_the_backends, []),
    (reweight_a_backend, each("update", "ai-gateway-pool", "ai-gateway-pool-turned")),
    (promote_a_backend, each("update", *POOLS)),
    (change_the_breaker, each("update", "ai-gateway-aoai-eus-1", "ai-gateway-aoai-eus-2", "ai-gateway-aoai-eus2-1")),
    (change_the_breaker_of_one, each("update", "ai-gateway-aoai-eus2-1")),
    (change_the_path, each("update", "ai-gateway-api")),
    (add_a_method, each("create", "ai-gateway-api-get")),
    (change_the_policy, each("update", "ai-gateway-api-policy")),
    (
        set_the_policy_on_the_operation,
        each("create", "ai-gateway-api-post-policy") + each("delete", "ai-gateway-api-policy"),
    ),
    (rename_the_pool, each("create-replacement", *POOLS) + each("update", "ai-gateway-api-policy")),
    (add_a_subscription, each("create", "ai-gateway-team-b")),
    (remove_a_subscription, each("delete", "ai-gateway-team-a")),
    (change_the_tags, each("update", "ai-gateway-apim", "ai-gateway-group")),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_change_takes_the_fewest_operations(
    change: Callable[[Settings], None], expected: list[tuple[str, str]], deployed: Stack
):
    change(deployed.settings)

    report = deployed.up()

    assert operations(report) == sorted(expected)
    assert_no_call_finds_a_member_gone(deployed)


def test_all_changes_at_once_and_back_end_where_they_began(deployed: Stack):
    before = {resource.id: resource.body for resource in deployed.arm.store.all()}
    reference = deployed.settings
    deployed.settings = {**reference, "backends": [dict(one) for one in reference["backends"]]}
    for change in (add_a_backend, remove_a_backend, change_the_breaker, rename_the_pool, add_a_subscription):
        change(deployed.settings)
    deployed.up()
    assert {resource.id for resource in deployed.arm.store.all()} != set(before)

    deployed.settings = reference
    deployed.up()

    assert {resource.id for resource in deployed.arm.store.all()} == set(before)
    assert operations(deployed.preview()) == []
    assert_no_call_finds_a_member_gone(deployed)


def assert_no_call_finds_a_member_gone(stack: Stack) -> None:
    """Replay what Azure was asked: no backend goes while a pool still names it, no pool while the policy does."""
    pools: dict[str, set[str]] = {}
    policy = ""
    for asked in [*stack.writes_before, *stack.writes()]:
        kind, _, name = asked["path"].partition("/service/")[2].partition("/")[2].partition("/")
        if asked["method"] == "PUT" and kind == "backends":
            members = (asked["body"]["properties"].get("pool") or {}).get("services") or ()
            pools[name] = {member["id"].rpartition("/")[2] for member in members}
        elif asked["method"] == "PUT" and asked["path"].endswith("/policies/policy"):
            policy = asked["body"]["properties"]["value"]
        elif asked["method"] == "DELETE" and kind == "backends":
            pools.pop(name, None)
            assert not [pool for pool, members in pools.items() if name in members], f"{name} is still a member"
            assert f'backend-id="{name}"' not in policy, f"the policy still names {name}"
