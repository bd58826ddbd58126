"""Long-running operations as data."""

from typing import Any

from twin.azure.operations import Operation, due, stale


def operation(name: str, due_at: float, **changes: Any) -> Operation:
    return Operation(name, "PUT", "/x", 0.0, due_at, **changes)


def test_operations_are_due_in_the_order_in_which_they_end() -> None:
    known = [operation("late", 9), operation("b", 5), operation("a", 3)]
    assert [one.id for one in due(known, 5)] == ["a", "b"]


def test_what_has_ended_is_not_due_again() -> None:
    assert due([operation("a", 3).ended()], 5) == []


def test_an_operation_ends_as_failed_when_it_has_an_error() -> None:
    assert operation("a", 3).ended().status == "Succeeded"
    assert operation("a", 3, error={"status": 500, "body": {}}).ended().status == "Failed"


def test_the_time_that_remains_is_never_negative() -> None:
    assert operation("a", 3).remaining(1) == 2
    assert operation("a", 3).remaining(9) == 0


def test_only_what_ended_an_hour_ago_is_forgotten() -> None:
    known = [operation("old", 0).ended(), operation("new", 2).ended(), operation("running", 0)]
    assert [one.id for one in stale(known, 3601)] == ["old"]
