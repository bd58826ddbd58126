import pytest

from tests.support.expressions import call
from twin.policy.expressions import ExpressionError, ExpressionFault, compile_expression


def run(source: str, **variables: object) -> object:
    return compile_expression(source).run(call(**variables))


def refused(source: str) -> str:
    with pytest.raises(ExpressionError) as refusal:
        compile_expression(source)
    return refusal.value.message


def test_a_function_is_called_with_arguments_of_its_types():
    assert run("@{ int Twice(int x) { return 2 * x; } return Twice(21); }") == 42
    assert run("@{ long Sum(long a, int b) => a + b; return Sum(1, 2); }") == 3


def test_a_function_may_stand_below_the_return_that_calls_it():
    assert run('@{ return Greet("you"); string Greet(string name) { return "Hello " + name; } }') == "Hello you"


def test_a_function_calls_itself_and_those_beside_it():
    source = """@{
        bool Even(int n) { return n == 0 || Odd(n - 1); }
        bool Odd(int n) { return n != 0 && Even(n - 1); }
        return Even(10) && !Even(7);
    }"""
    assert run(source) is True


def test_a_function_sees_and_changes_the_variables_around_it():
    source = """@{
        int calls = 0;
        void Count(string name) { if (context.Request.Headers.ContainsKey(name)) { calls++; } }
        Count("X"); Count("X"); Count("Y");
        return calls;
    }"""
    assert run(source) == 2


def test_each_call_of_a_function_has_variables_of_its_own():
    source = "@{ int Down(int n) { var mine = n; if (n > 0) { Down(n - 1); } return mine; } return Down(3); }"
    assert run(source) == 3


def test_a_function_can_be_given_to_linq():
    source = '@{ bool Long(string s) => s.Length > 1; return string.Join(",", "a bb ccc".Split(\' \').Where(Long)); }'
    assert run(source) == "bb,ccc"


def test_a_function_in_a_loop_has_the_variables_of_its_turn():
    source = """@{
        var total = 0;
        foreach (var n in new[] { 1, 2, 3 }) { int Square() => n * n; total += Square(); }
        return total;
    }"""
    assert run(source) == 14


def test_an_exception_in_a_function_is_caught_by_its_caller():
    source = (
        '@{ int Read(string s) { return int.Parse(s); } try { return Read("x"); } catch (Exception) { return -1; } }'
    )
    assert run(source) == -1


def test_a_function_without_an_end_is_an_exception():
    with pytest.raises(ExpressionFault) as fault:
        run("@{ int Again(int n) { return Again(n + 1); } return Again(0); }")
    assert "InsufficientExecutionStackException" in str(fault.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("@{ int F(int x) { if (x > 0) { return 1; } } return F(1); }", "not all code paths return a value"),
        ('@{ int F(int x) { return x; } return F("a"); }', "Cannot implicitly convert type 'string' to 'int'"),
        ("@{ int F(int x) { return x; } return F(); }", "'Func<int, int>' does not take 0 arguments"),
        ("@{ var F = 1; int F() { return 1; } return F; }", "A local variable named 'F' is already defined"),
        ("@{ int F() => 1; F = null; return 1; }", "The left-hand side of an assignment must be a variable"),
        ("@{ T F<T>(T x) { return x; } return F(1); }", "are not supported by the twin"),
        ("@{ int F(int x = 1) { return x; } return F(); }", "are not supported by the twin"),
        ("@{ { int F() => 1; } return F(); }", "The name 'F' does not exist in the current context"),
    ],
)
def test_what_a_function_must_not_be_is_refused(source: str, message: str):
    assert message in refused(source)
