"""The engine's events, summed up: what is planned, under way, done and wrong."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from twin.engine.events import Report, Resource, Step, shown_outputs

STACK = "urn:pulumi:dev::gateway::pulumi:pulumi:Stack::gateway-dev"
POOL = "urn:pulumi:dev::gateway::gw:index:AIGateway$gw:index:BackendPool$azure-native:apimanagement:Backend::pool"
API = "urn:pulumi:dev::gateway::gw:index:AIGateway$azure-native:apimanagement:Api::openai::v1"


def step(urn: str, operation: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"op": operation, "urn": urn, "type": urn.split("::")[2].rpartition("$")[2], **more}}


def begun(urn: str, operation: str, **more: Any) -> dict[str, Any]:
    return {"resourcePreEvent": step(urn, operation, **more)}


def ended(urn: str, operation: str, **more: Any) -> dict[str, Any]:
    return {"resOutputsEvent": step(urn, operation, **more)}


def said(severity: str, message: str, urn: str = "") -> dict[str, Any]:
    return {"diagnosticEvent": {"severity": severity, "message": message, "urn": urn}}


SUMMARY = {"summaryEvent": {"result": "succeeded"}}


def fed(*events: dict[str, Any]) -> Report:
    report = Report()
    for event in events:
        report.feed(event)
    return report


def test_a_resource_is_named_by_its_type_and_name():
    assert str(Resource(POOL)) == "apimanagement:Backend pool"
    assert str(Resource(API)) == "apimanagement:Api openai::v1"
    assert str(Resource("urn:pulumi:dev::gateway::gw:index:AIGateway::gateway")) == "AIGateway gateway"


def test_a_preview_tells_what_would_change_and_what_would_not():
    report = fed(begun(STACK, "same"), begun(POOL, "update", detailedDiff={"pool.services[2]": {}}), begun(API, "same"))
    report.feed(SUMMARY)

    assert report.changes == [Step("update", Resource(POOL), ("pool.services[2]",))]
    assert report.unchanged == 1
    assert report.succeeded


def test_an_update_tells_how_far_it_is_against_what_its_preview_planned():
    report = fed(begun(STACK, "create"), begun(POOL, "create"), begun(API, "create"), SUMMARY)
    report.feed(begun(STACK, "create"))
    report.feed(begun(POOL, "create"))

    assert len(report.planned) == 3
    assert list(report.running) == [STACK, POOL]
    assert report.feed(ended(POOL, "create")) == Step("create", Resource(POOL))
    assert list(report.running) == [STACK]
    assert report.done == [Step("create", Resource(POOL))]


def test_outputs_registered_twice_end_a_step_once():
    report = fed(SUMMARY, begun(POOL, "create"))

    assert report.feed(ended(POOL, "create")) is not None
    assert report.feed(ended(POOL, "create")) is None
    assert len(report.done) == 1


def test_a_replacement_is_one_change():
    operations = ("create-replacement", "replace", "delete-replaced")
    report = fed(SUMMARY, *(event for one in operations for event in (begun(API, one), ended(API, one))), SUMMARY)

    assert report.changes == [Step("create-replacement", Resource(API))]


def test_the_stack_itself_is_no_change():
    report = fed(SUMMARY, begun(STACK, "create"), ended(STACK, "create"), SUMMARY)

    assert (report.changes, report.unchanged) == ([], 0)


def test_a_failed_operation_is_no_longer_under_way():
    report = fed(SUMMARY, begun(POOL, "create"), {"resOpFailedEvent": step(POOL, "create")})

    assert report.failed == [Step("create", Resource(POOL))]
    assert report.running == {}


def test_what_the_preview_has_said_the_update_need_not_say_again():
    report = fed(said("warning", "v2 tiers buffer 2 MiB\n"), SUMMARY, said("warning", "v2 tiers buffer 2 MiB\n"))

    assert [one.message for one in report.diagnostics] == ["v2 tiers buffer 2 MiB"]


def test_what_the_engine_tells_itself_is_left_out():
    report = fed(said("debug", "registering resource"), said("info", "\n"))

    assert report.diagnostics == []


def test_an_error_makes_a_run_fail_whatever_its_summary_says():
    assert not fed(said("error", "no such backend"), SUMMARY).succeeded
    assert not fed({"summaryEvent": {"result": "failed"}}).succeeded
    assert not fed(begun(STACK, "same")).succeeded  # it ended before it was done


def test_broken_rules_of_a_policy_pack_are_kept_with_their_level():
    event = {
        "resourceUrn": POOL,
        "policyName": "pool-members-have-breakers",
        "enforcementLevel": "mandatory",
        "message": "it has none\n",
    }

    [violation] = fed({"policyEvent": event}).violations

    assert (violation.rule, violation.level, violation.message) == (
        "pool-members-have-breakers",
        "mandatory",
        "it has none",
    )
    assert violation.resource == Resource(POOL)


def test_outputs_show_no_secret():
    mark = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "s3cret"}
    report = fed(SUMMARY, begun(STACK, "same"), ended(STACK, "same", new={"outputs": {"keys": mark, "path": "openai"}}))

    assert report.outputs == {"keys": "[secret]", "path": "openai"}


secret = st.just({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "s3cret"})
values = st.recursive(
    st.text("abc") | secret,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
)


@settings(deadline=None)
@given(st.dictionaries(st.text("abc"), values))
def test_no_secret_shows_however_deep_it_lies(outputs: dict[str, Any]):
    assert "s3cret" not in json.dumps(shown_outputs(outputs))
