from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.expressions import call
from twin.policy.expressions import ExpressionError, ExpressionFault, compile_expression
from twin.policy.expressions.values import Char, Int64

HERE = Path(__file__).parent


def run(source: str, **variables: object) -> object:
    return compile_expression(source).run(call(**variables))


def refused(source: str, expects: type | None = None) -> str:
    with pytest.raises(ExpressionError) as refusal:
        compile_expression(source, expects=expects)
    return refusal.value.message


def test_a_value_keeps_its_type_when_it_leaves_an_expression():
    assert type(run("@(5)")) is int
    assert type(run("@(5L)")) is Int64
    assert type(run("@('c')")) is Char
    assert type(run('@("s")')) is str
    assert run("@(null)") is None


def test_the_static_type_of_the_result_is_known():
    assert compile_expression("@(1 + 1L)").type == "long"
    assert compile_expression("@(new List<int> { 1 })").full_type == "System.Collections.Generic.List<System.Int32>"
    assert compile_expression("@{ if (true) { return 1; } return null; }").type == "object"
    assert compile_expression('@{ if (context.Tracing) { return "a"; } return null; }').type == "string"


@pytest.mark.parametrize(
    ("source", "wanted"), [("@(1 < 2)", bool), ("@(5)", int), ('@("s")', str), ("@(5)", float), ("@(null)", str)]
)
def test_a_result_of_the_wanted_type_is_taken(source: str, wanted: type):
    compile_expression(source, expects=wanted)


@pytest.mark.parametrize(
    ("source", "wanted", "type"),
    [
        ("@(1)", bool, "System.Int32"),
        ("@(1L)", int, "System.Int64"),
        ("@(1)", str, "System.Int32"),
        ('@(context.Variables["x"])', bool, "System.Object"),
        ("@{ return 1; }", bool, "System.Int32"),
        ('@(context.Trace("x"))', str, "System.Void"),
    ],
)
def test_a_result_of_another_type_is_refused_in_azures_words(source: str, wanted: type, type: str):
    assert refused(source, expects=wanted) == f"Expression return type '{type}' is not allowed."


def test_a_nullable_bool_is_no_bool():
    assert "System.Nullable<System.Boolean>" in refused('@(context.Response?.StatusReason.Contains("x"))', expects=bool)


def test_an_error_tells_line_and_column_within_the_policy():
    with pytest.raises(ExpressionError) as refusal:
        compile_expression("@{\n  var a = 1;\n  return a + nope;\n}", 10, 20)
    assert (refusal.value.line, refusal.value.column) == (12, 14)
    assert str(refusal.value) == "The name 'nope' does not exist in the current context (line 12, column 14)"
    with pytest.raises(ExpressionError) as refusal:
        compile_expression("@(1 + nope)", 10, 20)
    assert (refusal.value.line, refusal.value.column) == (10, 26)


LINES = [line for line in (HERE / "refused.txt").read_text().splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(("source", "message"), list(zip(LINES[::2], LINES[1::2], strict=True)), ids=LINES[::2])
def test_what_is_refused_and_why(source: str, message: str):
    assert refused(source) == message.strip()


def test_what_stands_behind_the_closing_bracket_is_refused():
    with pytest.raises(ExpressionError):
        compile_expression('@("a".Length)x')


def test_full_names_of_types_are_understood():
    assert run('@(System.Math.Max(1, 2) + System.Convert.ToInt32("3"))') == 5
    assert run('@(new System.Collections.Generic.Dictionary<string, System.Int32> { { "a", 5 } }["a"])') == 5
    assert run('@(Newtonsoft.Json.Linq.JObject.Parse("{}").Count)') == 0


PATTERNS = [
    ("@{ object o = null; return o is null; }", True),
    ("@{ object o = 5; return o is 5; }", True),
    ("@{ object o = 5L; return o is 5; }", False),
    ("@{ object o = 5; return o is var x && x != null; }", True),
    ("@{ object o = 5; switch (o) { case string s: return 1; case int i when i > 9: return 0; default: return 2; } }", 2),  # noqa: E501
    ("@{ object o = 5; switch (o) { case int i when i > 9: return 0; case int i: return i * 2; default: return 1; } }", 10),  # noqa: E501
    ("@{ switch (\"b\") { case \"a\": case \"b\": return 1; case null: return 2; default: return 3; } }", 1),
    ("@{ string s = null; switch (s) { case \"a\": return 1; case null: return 2; default: return 3; } }", 2),
    ("@{ int? n = 3; switch (n) { case 3: return \"three\"; default: return \"other\"; } }", "three"),
    ("@{ switch (DayOfWeek.Friday) { case DayOfWeek.Friday: return 1; default: return 2; } }", 1),
    ("@{ object o = JObject.Parse(\"{}\"); return o is JObject j ? j.Count : -1; }", 0),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), PATTERNS, ids=[source for source, _ in PATTERNS])
def test_patterns_which_mono_does_not_know(source: str, value: object):
    assert run(source) == value


def test_a_dotnet_exception_leaves_as_a_fault_with_its_kind_and_place():
    compiled = compile_expression('@((int)context.Variables["x"])', 7, 9)
    with pytest.raises(ExpressionFault) as fault:
        compiled.run(call(x="text"))
    assert fault.value.kind == "System.InvalidCastException"
    assert fault.value.reason == "ExpressionValueEvaluationFailure"
    assert str(fault.value) == (
        "Expression evaluation failed. Specified cast is not valid. (System.InvalidCastException in "
        '@((int)context.Variables["x"]) at line 7, column 9)'
    )


def test_recursion_without_end_is_a_fault_not_a_crash():
    with pytest.raises(ExpressionFault) as fault:
        run("@{ Func<int, int> f = null; f = n => f(n + 1); return f(0); }")
    assert fault.value.kind == "System.InsufficientExecutionStackException"


def test_an_expression_can_run_again_and_knows_nothing_of_the_last_time():
    counting = compile_expression("@{ int n; if (context.Tracing) { n = 5; } else { n = 1; } n++; return n; }")
    assert [counting.run(call()) for _ in range(3)] == [2, 2, 2]


def test_json_that_one_run_changes_is_changed_for_the_next_only_if_it_is_the_same_object():
    add = compile_expression('@{ var o = JObject.Parse("{}"); o["n"] = 1; return o.Count; }')
    assert [add.run(call()), add.run(call())] == [1, 1]


def test_time_and_chance_come_from_the_context():
    first, second = call(), call()
    assert run('@(DateTime.UtcNow.ToString("o"))') == "2024-05-01T10:00:01.5000000Z"
    assert run("@(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())") == 1714557601500
    assert run("@(context.Elapsed.TotalMilliseconds)") == 1500.0
    draw = compile_expression("@(Guid.NewGuid().ToString() + new Random().Next(1000) + new Random().NextDouble())")
    assert draw.run(first) == draw.run(second)
    assert draw.run(first) != draw.run(call()) or draw.run(first) != draw.run(first)


def test_lambdas_see_the_variables_around_them_however_deep():
    inner = "new[] { 2 }.Select(y => new[] { 3 }.Select(z => a + x + y + z).First()).First()"
    source = f"@{{ var a = 1; return new[] {{ 1 }}.Select(x => {inner}).First(); }}"
    assert run(source) == 7


@pytest.mark.parametrize(
    "source", ["@(" * 300 + ")" * 300, "@(" + "(" * 5000 + "1" + ")" * 5000 + ")", "@(" + "1+" * 3000 + "1)"]
)
def test_monstrous_expressions_are_compiled_or_refused_but_crash_nothing(source: str):
    try:
        compiled = compile_expression(source)
    except ExpressionError:
        return
    assert compiled.run(call()) == 3001


TOKENS = (
    'context . Variables [ ] ( ) "a" 1 2L + - == != ?. ?? ? : x => , { } new JObject int string (int) ; return var = '
    "Request Headers < > && || ! null true 'c' is as out if foreach in using switch throw"
)
PIECES = st.lists(st.sampled_from(TOKENS.split()), max_size=14)


@given(PIECES, st.sampled_from(["@({})", "@{{ {} }}", "@{{ return {}; }}"]))
def test_any_heap_of_tokens_compiles_or_is_refused_within_its_text(pieces: list[str], shape: str):
    source = shape.format(" ".join(pieces))
    try:
        compile_expression(source)
    except ExpressionError as refusal:
        assert 0 <= refusal.offset <= len(source)  # noqa: PT017


@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: "return " + "Math.Max(v, " * depth + "7" + ")" * depth + ";",
        lambda depth: 'string s = ""; return s' + '?.Insert(0, "" + s' * depth + ")" * depth + ".Length + 7;",
        lambda depth: "return new[] { 1, " + "Math.Max(v, " * depth + "7" + ")" * depth + " }.Last();",
        lambda depth: "return " + "v == 2 ? 3 : " * depth + "7;",
        lambda depth: "if (v == 2) { return 3; } else " * depth + "return 7;",
        lambda depth: "if (v == 1) { " * depth + "return 7;" + "}" * depth + "return 3;",
        lambda depth: "while (true) { " * depth + "return 7;" + "}" * depth,
    ],
    ids=["calls", "chains", "arrays", "choices", "else if", "if in if", "loops"],
)
def test_code_may_nest_deeper_than_pythons_parser_takes_it(nested: Callable[[int], str]):
    depths = [*range(36, 48), 110]
    assert [run("@{ int v = 1; " + nested(depth) + " }") for depth in depths] == [7] * len(depths)


def test_an_array_that_is_changed_is_a_new_one_each_time():
    changed = compile_expression('@{ var a = new[] { 1, 2 }; a[0]++; return a.Contains(1) + string.Join(",", a); }')
    assert [changed.run(call()), changed.run(call())] == ["False2,2", "False2,2"]


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("@(context.Response is null || context.Response.StatusCode == 500)", True),
        ('@(context.Variables["text"] is null && context.Variables.Count > 0)', False),
        ('@(!(context.Variables["text"] is null) || context.Variables["text"] is null)', True),
        ('@(context.Variables["text"] is null ? 1 : 2)', 2),
        ('@{ string s = null; return s is null || s.Length > 3 ? "short" : s; }', "short"),
        ("@{ int? n = null; return n is null == true; }", True),
    ],
)
def test_a_test_for_null_ends_before_the_operator_that_follows(source: str, result: object):
    """The compiler behind golden.json does not know `is null`, which C# has since version 7."""
    assert run(source, text="abc") == result


def test_a_throw_has_the_type_of_the_other_branch():
    source = '@(((string)context.Variables["text"]).Length > 2 ? 1 : throw new Exception("too short"))'
    assert compile_expression(source).type == "int"
    assert run(source, text="abc") == 1
    with pytest.raises(ExpressionFault, match="too short"):
        run(source, text="ab")
    assert run('@(context.Tracing ? throw new Exception("traced") : "plain")') == "plain"
