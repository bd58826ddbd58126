"""What a model says that is held to a schema, against a validator of schemas."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.openai.instances import instance

NODE = {"type": "object", "properties": {"value": {"type": "string"}, "next": {"$ref": "#/$defs/node"}}}
ADMITTED: dict[str, Any] = {
    "a text": {"type": "string"},
    "a long text": {"type": "string", "minLength": 40},
    "a short text": {"type": "string", "maxLength": 3},
    "a date": {"type": "string", "format": "date-time"},
    "an address": {"type": "string", "format": "ipv6"},
    "one of some": {"type": "string", "enum": ["b", "a"]},
    "a constant": {"const": {"a": [1]}},
    "a flag": {"type": "boolean"},
    "nothing": {"type": "null"},
    "text or nothing": {"type": ["string", "null"]},
    "an object": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
        "required": ["a"],
    },
    "an object without a type": {"properties": {"a": {"type": "string"}}, "required": ["a", "b"]},
    "a list": {"type": "array", "items": {"type": "number"}, "minItems": 3},
    "an empty list": {"type": "array", "items": {"type": "number"}, "maxItems": 0},
    "a choice": {"anyOf": [{"type": "integer", "minimum": 3}, {"type": "string"}]},
    "one choice": {"oneOf": [{"type": "array"}, {"type": "string"}]},
    "a reference": {"$ref": "#/$defs/name", "$defs": {"name": {"type": "string", "enum": ["x"]}}},
    "put together": {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            {"properties": {"b": {"type": "boolean"}}, "required": ["b"]},
        ]
    },
    "a list of itself": {"$ref": "#/$defs/node", "$defs": {"node": NODE}},
    "a chain of itself": {
        "type": "object",
        "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
        "required": ["next"],
        "additionalProperties": False,
    },
}


def objections(schema: Any) -> list[str]:
    """Of a validator to what is made, as JSON carries it: that has no infinity."""
    made = json.loads(json.dumps(instance(schema, "some words"), allow_nan=False))
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(made)]


@pytest.mark.parametrize("name", ADMITTED)
def test_it_is_what_the_schema_admits(name: str):
    assert objections(ADMITTED[name]) == []


def test_text_is_the_answers_own():
    assert instance({"type": "string"}, "some words") == "some words"


numbers = st.integers(-50, 50) | st.floats(-50, 50, allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from(["integer", "number"]),
    low=st.none() | numbers,
    room=st.none() | st.integers(3, 40),
    step=st.none() | st.integers(1, 3),
    open_below=st.booleans(),
    open_above=st.booleans(),
)
def test_a_number_is_within_its_bounds(kind: str, low: Any, room: Any, step: Any, open_below: bool, open_above: bool):
    schema: dict[str, Any] = {"type": kind}
    if low is not None:
        schema["exclusiveMinimum" if open_below else "minimum"] = low
    if room is not None:
        schema["exclusiveMaximum" if open_above else "maximum"] = (low or 0) + room + 1
    if step is not None:
        schema["multipleOf"] = step
    assert objections(schema) == []


MISTAKES: tuple[Any, ...] = (
    None,
    "object",
    {"type": 7},
    {"type": []},
    {"type": "object", "properties": ["a"], "required": "a"},
    {"type": "array", "minItems": "3", "items": 5},
    {"type": "array", "minItems": 10**12},
    {"type": "string", "minLength": 10**12, "maxLength": None},
    {"type": "integer", "minimum": "a", "multipleOf": 0},
    {"$ref": "#/$defs/none"},
    {"$ref": "#"},
    {"$ref": 5},
    {"allOf": [{"$ref": "#"}]},
    {"anyOf": [{"$ref": "#"}]},
    {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]},
    {"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}, "required": ["a", "b"]},
    {"type": "array", "minItems": 1000, "items": {"$ref": "#"}},
)


@pytest.mark.parametrize("schema", MISTAKES, ids=repr)
def test_what_admits_nothing_or_is_no_schema_breaks_nothing(schema: Any):
    assert len(repr(instance(schema, "words"))) < 1_000_000
