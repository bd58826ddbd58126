"""The store and its file."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.service import a_service
from twin.azure.store import Resource, StateFile, StateUnreadable, Store

STEPS = st.text("abAB", min_size=1, max_size=2)
IDS = st.lists(STEPS, min_size=1, max_size=4).map(lambda steps: "/" + "/".join(steps))
BODIES = st.dictionaries(
    st.text(max_size=4), st.none() | st.booleans() | st.integers() | st.text(max_size=8), max_size=3
)


def test_ids_compare_without_case_and_keep_their_first_spelling() -> None:
    store = Store()
    store.put(Resource("/A/b", "t", {"n": 1}))
    kept = store.put(Resource("/a/B", "t", {"n": 2}))
    assert (kept.id, len(store)) == ("/A/b", 1)
    assert store.get("/a/b") == kept


def test_a_delete_takes_all_below_along_and_nothing_beside() -> None:
    store = Store()
    for path in ("/a", "/a/b", "/a/b/c", "/ab"):
        store.put(Resource(path, "t"))
    assert [one.id for one in store.delete("/A")] == ["/a", "/a/b", "/a/b/c"]
    assert [one.id for one in store.all()] == ["/ab"]


def test_deleting_nothing_changes_nothing() -> None:
    store = Store()
    before = store.revision
    assert store.delete("/a") == []
    assert store.revision == before


def test_etags_look_like_azures_and_grow() -> None:
    store = Store()
    assert [store.put(Resource("/a", "t")).etag for _ in range(2)] == ["AAAAAAAAAAE=", "AAAAAAAAAAI="]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(IDS, BODIES, st.booleans()), max_size=12))
def test_a_store_read_from_its_text_is_the_same_to_the_byte(changes: list[tuple[str, dict[str, Any], bool]]) -> None:
    store = Store()
    for path, body, kept in changes:
        if kept:
            store.put(Resource(path, "t", {"properties": body}, body))
        else:
            store.delete(path)
    copy = Store.parse(store.text())
    assert copy.text() == store.text()
    assert list(copy.all()) == list(store.all())
    assert copy.put(Resource("/new", "t")).etag == store.put(Resource("/new", "t")).etag


def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    service = a_service()
    service.backend("ptu")
    service.put("/apis/openai", {"properties": {"displayName": "a", "path": "a"}})
    file = StateFile(tmp_path / "state" / "azure.json")
    file.write(service.azure.endpoint.store)
    again = file.read()
    assert again is not None
    assert again.text() == service.azure.endpoint.store.text()
    assert again.operations == service.azure.endpoint.store.operations
    assert file.path.stat().st_mode & 0o077 == 0


def test_without_a_file_there_is_no_store(tmp_path: Path) -> None:
    assert StateFile(tmp_path / "azure.json").read() is None


def test_a_crash_while_writing_leaves_the_old_state(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "azure.json")
    store = Store()
    store.put(Resource("/a", "t"))
    file.write(store)
    (tmp_path / "azure.new").write_text('{"format": 1, "resou')  # what a crash leaves behind
    again = file.read()
    assert again is not None
    assert again.text() == store.text()
    file.write(store)
    assert [path.name for path in tmp_path.iterdir()] == ["azure.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 1}', '{"format": 99}', '{"format": 1, "resources": [{"x": 1}]}']
)
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "azure.json"
    path.write_text(text)
    with pytest.raises(StateUnreadable) as refused:
        StateFile(path).read()
    assert str(path) in str(refused.value)
    assert "Delete that file to start with an empty subscription." in str(refused.value)


def test_the_file_is_json_with_one_resource_a_line() -> None:
    store = a_service().azure.endpoint.store
    text = store.text()
    assert [entry["id"] for entry in json.loads(text)["resources"]] == [one.id for one in store.all()]
    assert len(text.splitlines()) == len(store) + 4
