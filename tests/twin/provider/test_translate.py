"""Values of the engine, differences between them, and how drift reaches the inputs."""

from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.provider.translate import Change, carry, changes, dump, load, without_empty

_simple = st.sampled_from([True, False, 0, 1, -1, 0.5, 2**53, "", "x", "ü\n"])
_keys = st.sampled_from(["a", "b", "owner.team", "c d"])
_deeper = st.lists(_simple, max_size=2) | st.dictionaries(_keys, _simple | st.lists(_simple, max_size=2), max_size=2)
_objects = st.dictionaries(_keys, _simple | _deeper | st.lists(_deeper, max_size=2), max_size=3)


@settings(max_examples=50)
@given(_objects)
def test_values_survive_the_way_to_the_engine_and_back(value: dict[str, Any]) -> None:
    assert load(dump(value)) == value


def test_whole_numbers_come_back_as_integers_and_nulls_not_at_all() -> None:
    struct = struct_pb2.Struct()
    struct.update({"one": 1.0, "half": 0.5, "nothing": None, "deep": {"nothing": None, "two": [2.0]}})

    value = load(struct)

    assert value == {"one": 1, "half": 0.5, "deep": {"two": [2]}}
    assert type(value["one"]) is int


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 2}, [Change("a", "a", "UPDATE")]),
        ({"a": 1}, {}, [Change("a", "a", "DELETE")]),
        ({}, {"a": 1}, [Change("a", "a", "ADD")]),
        (
            {"a": {"b": [1, 2]}},
            {"a": {"b": [1, 3, 4]}},
            [Change("a.b[1]", "a", "UPDATE"), Change("a.b[2]", "a", "ADD")],
        ),
        ({"a": [1, 2]}, {"a": [1]}, [Change("a[1]", "a", "DELETE")]),
        ({"a": [1]}, {"a": "x"}, [Change("a", "a", "UPDATE")]),
        ({"tags": {"owner.team": "x"}}, {"tags": {}}, [Change('tags["owner.team"]', "tags", "DELETE")]),
        ({"__createBeforeDelete": True}, {}, []),
        ({"resourceGroupName": "RG"}, {"resourceGroupName": "rg"}, []),
        ({"location": "West US"}, {"location": "westus"}, []),
        (
            {"deep": {"location": "West US"}},
            {"deep": {"location": "westus"}},
            [Change("deep.location", "deep", "UPDATE")],
        ),
        ({"a": True}, {"a": False}, [Change("a", "a", "UPDATE")]),
    ],
)
def test_a_change_is_found_where_it_is(old: Any, new: Any, expected: list[Change]) -> None:
    assert changes(old, new) == expected


@settings(max_examples=50)
@given(_objects)
def test_nothing_differs_from_itself(value: dict[str, Any]) -> None:
    assert changes(value, value) == []


@settings(max_examples=50)
@given(_objects, _objects)
def test_different_inputs_always_show_a_change(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert bool(changes(old, new)) == (old != new)


@settings(max_examples=50)
@given(_objects, _objects)
def test_two_equal_reads_carry_nothing_into_the_inputs(inputs: dict[str, Any], read: dict[str, Any]) -> None:
    assert carry(inputs, read, read) == inputs


@settings(max_examples=50)
@given(_objects, _objects)
def test_where_the_inputs_are_all_that_azure_shows_they_become_what_it_shows_now(
    inputs: dict[str, Any], read: dict[str, Any]
) -> None:
    assert carry(inputs, inputs, read) == read


@pytest.mark.parametrize(
    ("inputs", "old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1, "azures": 1}, {"a": 1, "azures": 2}, {"a": 1, "azures": 2}),
        ({"a": 1}, {"a": 1}, {}, {}),
        ({"a": 1, "secret": "s"}, {"a": 1}, {"a": 2}, {"a": 2, "secret": "s"}),
        ({"a": {"b": 1}}, {"a": {"b": 1, "azures": 1}}, {"a": {"b": 2, "azures": 1}}, {"a": {"b": 2}}),
        (
            {"a": [{"b": 1}]},
            {"a": [{"b": 1, "azures": 1}]},
            {"a": [{"b": 2, "azures": 1}, {"b": 3}]},
            {"a": [{"b": 2}, {"b": 3}]},
        ),
        ({"a": ["y", "x"]}, {"a": ["x", "y"]}, {"a": ["x", "y", "z"]}, {"a": ["x", "y", "z"]}),
    ],
)
def test_only_what_changed_behind_pulumis_back_is_carried(inputs: Any, old: Any, new: Any, expected: Any) -> None:
    assert carry(inputs, old, new) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": {}, "b": [{}], "c": {"d": []}}, None),
        ({"a": [{"b": []}, {"c": 0}]}, {"a": [{"c": 0}]}),
        ("", ""),
        (False, False),
    ],
)
def test_empty_lists_and_objects_are_left_out_at_any_depth(value: Any, expected: Any) -> None:
    assert without_empty(value) == expected
