"""The sentences about a changed schema."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.interface import changes
from tests.support.reference import ROOT

SCHEMA: dict[str, Any] = json.loads((ROOT / "tests" / "components" / "golden" / "schema.json").read_text())
POOL, BREAKER = "apim-ai-gateway:index:BackendPool", "apim-ai-gateway:index:BreakerArgs"


def pool(schema: dict[str, Any]) -> dict[str, Any]:
    return schema["resources"][POOL]


def breaker(schema: dict[str, Any]) -> dict[str, Any]:
    return schema["types"][BREAKER]


CASES: dict[str, Callable[[dict[str, Any]], object]] = {
    "input name of BackendPool is gone: programs that set it do not compile": (
        lambda schema: pool(schema)["inputProperties"].pop("name")
    ),
    "input tags of BackendPool is new: nothing breaks": (
        lambda schema: pool(schema)["inputProperties"].update(tags={"type": "string"})
    ),
    "input name of BackendPool is not new and has to be set: programs without it do not compile": (
        lambda schema: pool(schema)["requiredInputs"].append("name")
    ),
    "input members of BackendPool need not be set any more: nothing breaks": (
        lambda schema: pool(schema)["requiredInputs"].remove("members")
    ),
    "input count of BreakerArgs is of another type: programs that set it may not compile": (
        lambda schema: breaker(schema)["properties"]["count"].update(type="string")
    ),
    "input interval of BreakerArgs is gone: programs that set it do not compile": (
        lambda schema: breaker(schema)["properties"].pop("interval")
    ),
    "output poolId of BackendPool is gone: programs and stack references that read it break": (
        lambda schema: pool(schema)["properties"].pop("poolId")
    ),
    "output poolId of BackendPool is of another type: programs and stack references that read it may break": (
        lambda schema: pool(schema)["properties"]["poolId"].update(type="boolean")
    ),
    "output url of BackendPool is new: nothing breaks": (
        lambda schema: pool(schema)["properties"].update(url={"type": "string"})
    ),
    "BackendPool is gone: programs that use it do not compile": lambda schema: schema["resources"].pop(POOL),
    "ThrottleArgs is new: nothing breaks": (
        lambda schema: schema["types"].update({"apim-ai-gateway:index:ThrottleArgs": {}})
    ),
    "the package's namespace is contoso instead of platform: every import statement changes": (
        lambda schema: schema.update(namespace="contoso")
    ),
    "the version is 0.2.0 instead of 0.1.0: nothing breaks": lambda schema: schema.update(version="0.2.0"),
    "only descriptions differ: nothing breaks": lambda schema: pool(schema).update(description="Another text."),
}


@pytest.mark.parametrize("told", CASES)
def test_a_change_is_told_with_what_it_breaks(told: str) -> None:
    changed = copy.deepcopy(SCHEMA)
    CASES[told](changed)
    assert changes(SCHEMA, changed) == [told]


def test_a_new_input_that_has_to_be_set_breaks_every_program() -> None:
    changed = copy.deepcopy(SCHEMA)
    pool(changed)["inputProperties"]["tags"] = {"type": "string"}
    pool(changed)["requiredInputs"].append("tags")
    assert changes(SCHEMA, changed) == [
        "input tags of BackendPool is new and has to be set: programs without it do not compile"
    ]


def test_no_change_is_nothing_to_tell() -> None:
    assert changes(SCHEMA, copy.deepcopy(SCHEMA)) == []
