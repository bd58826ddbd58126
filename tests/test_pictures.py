"""The pictures in docs/choosing.md are what the twin does."""

import xml.etree.ElementTree as ElementTree

import pytest

from docs.pictures.__main__ import FOLDER, PAGE, TITLES, pictures, table, with_table
from docs.pictures.runs import PICTURES, PRIMARY, RATE, SECONDS, all_seen, totals

ANEW = "run: python -m docs.pictures"


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_is_what_a_run_gives_now(name: str):
    assert pictures()[f"{name}.svg"] == (FOLDER / f"{name}.svg").read_text(), ANEW


def test_the_table_is_what_the_runs_gave():
    page = PAGE.read_text()
    assert with_table(page, table()) == page, ANEW


def test_there_is_no_picture_that_nobody_draws_and_none_that_nobody_shows():
    assert {file.name for file in FOLDER.glob("*.svg")} == pictures().keys()
    assert TITLES.keys() == PICTURES.keys()
    assert all(f"(pictures/{name})" in PAGE.read_text() for name in pictures())


@pytest.mark.parametrize("name", PICTURES)
def test_each_picture_is_a_document_with_a_title(name: str):
    root = ElementTree.fromstring(pictures()[f"{name}.svg"])
    assert root.findtext("{http://www.w3.org/2000/svg}title") == TITLES[name]


@pytest.mark.parametrize("name", PICTURES)
def test_every_call_is_counted_once_in_each_run(name: str):
    for seen in all_seen()[name]:
        assert sum(map(sum, seen.served.values())) + sum(seen.failed) == RATE * SECONDS


def test_what_the_text_says_of_the_runs_is_so():
    runs = {seen.run.title: seen for both in all_seen().values() for seen in both}

    assert [sum(seen.failed) for seen in runs.values()] == [0] * len(runs)
    uneven = totals(runs["Weights 3 and 1"])
    assert uneven["aoai-eus-1"] == 3 * uneven["aoai-eus-2"]
    assert sum(runs["count 10"].lost) == 10 * sum(runs["count 1"].lost)
    assert runs["tripDuration PT10S"].back_after < 10 < runs["tripDuration PT1M"].back_after
    assert totals(runs["acceptRetryAfter true"])[PRIMARY] > 2 * totals(runs["acceptRetryAfter false"])[PRIMARY]
