import pytest

from twin.policy.attributes import _KINDS
from twin.policy.catalogue import POLICIES, ROWS, row_of
from twin.policy.row import SCOPES, SECTIONS, Row


def test_every_row_can_be_read_and_names_only_what_exists():
    for row in ROWS.values():
        assert set(row.sections.split()) <= set(SECTIONS), row.path
        assert set(row.scopes.split()) <= set(SCOPES), row.path
        assert {rule.kind for rule in row.attributes.values()} <= set(_KINDS), row.path
        assert {*row.needs_one_of.split(), *row.not_both.split()} <= set(row.attributes), row.path
        assert row.once in ("", "section", "policy"), row.path
        for tag in row.children:
            assert row_of(tag, row) is not None, f"<{tag}> in <{row.path}> has no row"
        if not row.is_policy:
            parent = ROWS[row.path.rpartition("/")[0]]
            assert row.tag in parent.children or parent.open, f"nothing leads to <{row.path}>"


def test_every_policy_has_a_section_but_those_of_graphql_resolvers():
    resolvers = {"http-data-source", "sql-data-source", "cosmosdb-data-source", "publish-event"}
    assert {row.tag for row in POLICIES.values() if not row.sections} == resolvers


def test_an_element_is_found_first_inside_of_its_parent():
    assert row_of("value", POLICIES["set-header"]) is ROWS["set-header/value"]
    assert row_of("set-header", POLICIES["send-request"]) is POLICIES["set-header"]
    assert row_of("value", None) is None


def test_a_row_that_is_written_wrong_says_so():
    with pytest.raises(ValueError, match="not an attribute of a row: '!name'"):
        _ = Row("x", attribute_words="!name").attributes
