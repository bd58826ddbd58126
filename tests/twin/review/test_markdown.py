"""Whole pages as reviewers get them, and that what a configuration says stays text.

After a change that is meant, write them anew and read them: python -m tests.twin.review.test_markdown
"""

from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tests.support.reviewed import add, backends, changes_between
from tests.support.simulated import reference_store
from twin.review.changes import Changes
from twin.review.facts import Change, Name
from twin.review.markdown import markdown
from twin.review.review import Review
from twin.review.stories import told_twice
from twin.simulation.scenario import scenarios

GOLDEN = Path(__file__).with_name("golden")
PAGES: dict[str, dict[str, Any]] = {
    "one_account_less": {"backends": backends(aoai_eus_2=None), "subscriptions": ["team-b"]},
    "no_second_attempt": {"policy": {"retryBudget": 0}},
    "other_weights_and_breakers": {
        "backends": backends(aoai_eus_1={"weight": 3}),
        "breaker": {"tripDuration": "PT30S"},
    },
}
STORIES = {"one_account_less": ("S2", "S5"), "no_second_attempt": ("S5",), "other_weights_and_breakers": ("S5",)}


def page(name: str) -> str:
    before, after = reference_store(), reference_store(**PAGES[name])
    stories = [one for one in scenarios() if one.name in STORIES[name]]
    told, changes = tuple(told_twice(stories, before, after, 1)), changes_between(before, after)
    return markdown(Review("dev", "main (1a2b3c4)", "the working tree", changes, told, 2.0))


@pytest.mark.parametrize("name", PAGES)
def test_a_reviewer_reads_the_golden_page(name: str):
    assert page(name) == (GOLDEN / f"{name}.md").read_text()


def test_where_nothing_changes_two_lines_say_so():
    assert markdown(Review("dev", "main", "the working tree", Changes(), (), 1.0)).splitlines() == [
        "### Stack dev: Nothing changes.",
        "",
        "Compared: main with the working tree.",
    ]


def test_what_a_configuration_says_is_shown_as_it_is():
    nasty = "@team a|b <img src=x> [click](http://x) `code` **bold** #12"
    change = Change(Name("API openai", "description"), "plain", nasty)

    [table] = [
        token
        for token in MarkdownIt().enable("table").parse(markdown(_review(Changes((change,)))))
        if token.type == "inline" and "team" in token.content
    ]

    assert "".join(child.content for child in table.children or ()) == nasty
    assert {child.type for child in table.children or ()} == {"text"}


def test_a_policy_cannot_end_the_block_that_shows_it():
    before, after = reference_store(), reference_store()
    text = "<fragment><!--\n```\n````\n# not a heading\n--></fragment>"
    private = {"value": text, "format": "xml"}
    add(after, "policyFragments/f", "apimanagement:PolicyFragment", {}, private)

    tokens = MarkdownIt().parse(markdown(_review(changes_between(before, after))))

    [fence] = [token for token in tokens if token.type == "fence"]
    assert "# not a heading" in fence.content
    assert fence.markup == "`````"


def _review(changes: Changes) -> Review:
    return Review("dev", "main", "the working tree", changes, (), 1.0)


if __name__ == "__main__":
    for each in PAGES:
        (GOLDEN / f"{each}.md").write_text(page(each))
