"""A run of the engine, told to a person."""

import io

from rich.console import Console

from twin.command.deployment import change_rows, failure_lines, output_rows, remarks, summary, under_way
from twin.command.screen import Screen, aligned
from twin.engine.events import Diagnostic, Report, Resource, Step, Violation
from twin.engine.failures import Failure
from twin.provider.refusal import Refusal

POOL = Resource("urn:pulumi:dev::gateway::azure-native:apimanagement:Backend::pool")
API = Resource("urn:pulumi:dev::gateway::azure-native:apimanagement:Api::openai")
ROLE = Resource("urn:pulumi:dev::gateway::azure-native:authorization:RoleAssignment::role")
STACK = Resource("urn:pulumi:dev::gateway::pulumi:pulumi:Stack::gateway-dev")


def updating(**more: object) -> Report:
    planned = {(one.urn, "create"): Step("create", one) for one in (STACK, POOL, API, ROLE)}
    return Report(previewing=False, updating=True, planned=planned, **more)  # type: ignore[arg-type]


def test_a_preview_tells_how_much_it_has_looked_at():
    report = Report(planned={(POOL.urn, "create"): Step("create", POOL)})

    assert under_way(report) == "1 resources looked at"


def test_an_update_tells_how_far_it_is_and_what_it_is_doing():
    steps = (Step("create", POOL), Step("update", API), Step("delete", ROLE))
    report = updating(done=[Step("create", STACK)], running={one.resource.urn: one for one in steps})

    assert under_way(report) == (
        "1 of 4 resources, creating apimanagement:Backend pool, updating apimanagement:Api openai, 1 more"
    )


def test_resources_that_stay_as_they_are_are_not_worth_a_word_while_it_works():
    assert under_way(updating(running={POOL.urn: Step("same", POOL)})) == "0 of 4 resources"


def test_the_summary_says_done_of_an_update_and_to_do_of_a_preview():
    steps = [Step("create", POOL), Step("create", API), Step("update", ROLE), Step("same", STACK)]

    assert summary(updating(done=[*steps, Step("same", API)])) == "2 created, 1 updated, 1 unchanged"
    planned = {(one.resource.urn, one.operation): one for one in steps}
    assert summary(Report(planned=planned)) == "2 to create, 1 to update"


def test_changes_are_listed_with_what_differs():
    steps = [Step("update", POOL, ("pool.services[2]", "title")), Step("create-replacement", API, ("path",))]

    assert change_rows(steps) == [
        ("update", "apimanagement:Backend", "pool", "pool.services[2], title"),
        ("replace", "apimanagement:Api", "openai", "path"),
    ]


def test_an_output_that_is_text_is_shown_whole_and_anything_else_as_a_line_of_json():
    rows = output_rows({"id": "x" * 200, "names": ["a", "b"], "many": ["x" * 200]})

    assert rows == [("id", "x" * 200), ("names", '["a", "b"]'), ("many", '["' + "x" * 98 + "…")]


def test_a_failed_operation_is_told_in_azures_words():
    refusal = Refusal(400, "ValidationError", "Wrong.", "pool", "pool.services: missing", "0b7c")

    assert failure_lines(Failure("create", POOL, "whatever the engine says", refusal)) == [
        "create apimanagement:Backend pool",
        "    code            ValidationError (status 400)",
        "    message         Wrong.",
        "    target          pool",
        "    details         pool.services: missing",
        "    correlation id  0b7c",
    ]


def test_a_failure_without_azure_is_told_in_the_engines_words():
    assert failure_lines(Failure("delete", POOL, "it is protected", None)) == [
        "delete apimanagement:Backend pool",
        "    message  it is protected",
    ]


def test_remarks_are_what_is_no_failure():
    report = Report(
        diagnostics=[
            Diagnostic("warning", "v2 tiers buffer 2 MiB", POOL),
            Diagnostic("info", "hello", STACK),
            Diagnostic("error", "no", POOL),
        ],
        violations=[Violation("has-tags", "advisory", "it has none", API), Violation("has-breaker", "mandatory", "no")],
    )

    assert remarks(report) == [
        "warning: apimanagement:Backend pool: v2 tiers buffer 2 MiB",
        "hello",
        "policy has-tags (apimanagement:Api openai): it has none",
    ]


def test_columns_line_up_and_lines_end_with_their_last_word():
    assert aligned([("create", "Backend", "a"), ("up", "Api", "")]) == ["create  Backend  a", "up      Api"]


def test_without_a_terminal_there_is_no_colour_and_no_line_is_broken(capsys):
    out = Console(highlight=False, markup=False, emoji=False, width=20)
    Screen(out).rows([("create", "apimanagement:Backend", "[bold]name :smile:")])

    assert capsys.readouterr().out == "  create  apimanagement:Backend  [bold]name :smile:\n"


def test_on_a_terminal_an_operation_has_its_colour():
    written = io.StringIO()
    Screen(Console(force_terminal=True, color_system="standard", file=written)).rows([("delete", "Api")])

    assert written.getvalue() == "  \x1b[31mdelete\x1b[0m  Api\n"
