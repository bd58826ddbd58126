import pytest

from tests.support.world import program
from twin.policy.expressions import ExpressionError
from twin.policy.program import NOTHING, Program

GLOBAL = "<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>"


def tags(made: Program, section: str) -> list[str]:
    return [f"{one.place.scope}:{one.place.path}" for one in made[section].placed]


def test_without_any_policy_nothing_runs() -> None:
    assert program() == NOTHING
    assert [tags(NOTHING, section) for section in ("inbound", "backend", "outbound", "on-error")] == [[]] * 4


def test_base_puts_the_steps_of_the_scope_around_where_it_stands() -> None:
    api = """<policies><inbound><trace source="a" /><base /><trace source="b" /></inbound>
        <backend><base /></backend></policies>"""
    made = program(("global", GLOBAL.replace("<inbound />", '<inbound><trace source="g" /></inbound>')), ("api", api))
    assert tags(made, "inbound") == ["api:trace[1]", "global:trace[1]", "api:trace[2]"]
    assert tags(made, "backend") == ["global:forward-request[1]"]


def test_base_reaches_through_a_scope_without_a_policy() -> None:
    operation = "<policies><backend><base /></backend></policies>"
    assert tags(program(("global", GLOBAL), ("operation", operation)), "backend") == ["global:forward-request[1]"]


def test_base_of_the_widest_scope_is_nothing() -> None:
    assert tags(program(("api", "<policies><backend><base /></backend></policies>")), "backend") == []


def test_elements_of_one_tag_are_counted_where_they_stand() -> None:
    text = """<policies><inbound>
        <trace source="1" />
        <choose>
            <when condition="@(true)"><trace source="2" /></when>
            <when condition="@(true)"><trace source="3" /><set-status code="200" /><trace source="4" /></when>
            <otherwise><trace source="5" /></otherwise>
        </choose>
        <trace source="6" />
    </inbound></policies>"""
    choose = program(("api", text))["inbound"].placed[1]
    inner = [one.place.path for _, steps in choose.step.branches for one in steps.placed]  # type: ignore[attr-defined]
    assert inner == [
        "choose[1]/when[1]/trace[1]",
        "choose[1]/when[2]/trace[1]",
        "choose[1]/when[2]/set-status[1]",
        "choose[1]/when[2]/trace[2]",
    ]
    assert tags(program(("api", text)), "inbound") == ["api:trace[1]", "api:choose[1]", "api:trace[2]"]


def test_a_place_has_the_line_and_column_of_its_element() -> None:
    [one] = program(("api", "<policies>\n <inbound>\n  <trace id='x' source='1' />\n </inbound></policies>"))[
        "inbound"
    ].placed
    assert (one.place.line, one.place.column, one.place.id, one.place.section) == (3, 4, "x", "inbound")


def test_only_what_reads_the_answers_body_waits_for_it() -> None:
    text = """<policies><outbound>
        <set-header name="a"><value>@(context.Response.StatusCode.ToString())</value></set-header>
        <set-header name="a"><value>@(context.Response.Body.As<string>(true))</value></set-header>
        <choose><when condition="@(true)"><set-body>@(context.Response.Body.As<string>())</set-body></when></choose>
        <choose><when condition="@(context.Response.Body.As<string>(true) == "")" /></choose>
    </outbound></policies>"""
    assert [one.reads_answer for one in program(("api", text))["outbound"].placed] == [False, True, False, True]


def test_a_named_value_that_breaks_an_expression_is_told_when_the_policy_is_compiled() -> None:
    text = """<policies><inbound><set-variable name="x" value="@({{code}})" /></inbound></policies>"""
    with pytest.raises(ExpressionError):
        program(("api", text), named_values={"code": "1 +"})
