from twin.policy.expressions.code import ON, Code, Continuation, call_code, called, code, constant_code, statement_code


def test_code_stands_in_a_template_as_it_is_and_an_object_by_a_name():
    text = '"; import os'
    made = code("({} + {})", Code("frame[0]"), text)
    assert text not in made.text
    assert made.run([f"{text} "]) == f"{text} {text}"


def test_a_function_of_the_frame_is_called_once_and_needs_no_function_around_it():
    def second(frame: list[int]) -> int:
        return frame.pop(1)

    assert called(second).run is second
    frame = [1, 2, 3]
    assert (call_code(max, called(second), constant_code(0)).run(frame), frame) == (2, [1, 3])


def test_statements_go_on_at_their_end_and_leave_with_what_they_return():
    test = statement_code("if {}:\n{}", Code("frame[0]"), statement_code("return {}", "left").inner)
    both = statement_code("{}\n{}", test, statement_code("frame[1] = {}", constant_code(True)))
    gone_on, left = [False, False], [True, False]
    assert (both.run(gone_on), gone_on[1]) == (ON, True)
    assert (both.run(left), left[1]) == ("left", False)


def test_what_is_nested_deeply_is_a_function_of_its_own_unless_it_uses_a_value_of_the_code_around_it():
    deep = Code("frame[0]", depth=1000)
    assert code("{}", deep).depth < 1000
    assert code("{}", deep).run([5]) == 5
    used = Continuation("it + 1", depth=1000)
    assert code("({} if (it := {}) else None)", used, deep).run([5]) == 6
