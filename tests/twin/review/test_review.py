"""The verdict, which is the first that a reader sees, and the document that scripts read."""

import pytest

from tests.support.reviewed import changed
from twin.review.changes import Changes
from twin.review.review import Review
from twin.review.stories import Figures, Story

SOMETHING = changed(policy={"replayBody": False})


def figures(failed: float) -> Figures:
    return Figures(failed, 1.0, 1.0)


def story(before: float | None, after: float | None, title: str = "An outage") -> Story:
    both = [None if failed is None else figures(failed) for failed in (before, after)]
    return Story("S1", title, both[0], both[1])


def review(*stories: Story, changes: Changes = SOMETHING, worse_than: float = 2.0) -> Review:
    return Review("dev", "main", "the working tree", changes, stories, worse_than)


NOWHERE = "no pool, or no API to call it through."


@pytest.mark.parametrize(
    ("stories", "verdict"),
    [
        ([story(0.0, 0.0)], "Failover stays as good as it was."),
        ([story(0.1, 0.11)], "Failover stays as good as it was."),
        ([story(0.0, 0.126)], 'Failover gets worse: in the story "An outage" 12.6 % of the calls fail, and 0.0 % did'),
        ([story(0.2, 0.1)], 'Failover gets better: in the story "An outage" 10.0 % of the calls fail, and 20.0 % did'),
        ([story(0.5, 0.0), story(0.0, 0.03, "Another")], 'Failover gets worse: in the story "Another" 3.0 %'),
        ([story(0.5, 0.0), story(0.0, 0.015, "Another")], 'Failover gets better: in the story "An outage" 0.0 %'),
        ([story(0.1, 0.09), story(0.0, 0.015, "Another")], 'Failover gets worse: in the story "Another" 1.5 %'),
        ([story(0.0, 0.1), story(0.0, 0.3, "The worst")], 'Failover gets worse: in the story "The worst" 30.0 %'),
        ([story(0.0, None)], f"There is no failover any more: the deployment has {NOWHERE}"),
        ([story(None, 0.0)], f"There is failover now; before, the deployment had {NOWHERE}"),
        ([story(None, None)], f"There is no failover, as before: the deployment has {NOWHERE}"),
        ([], "No story was told of failover."),
    ],
)
def test_the_verdict_is_about_the_story_that_gets_too_bad_or_else_changes_most(stories: list[Story], verdict: str):
    assert review(*stories).verdict.startswith(verdict)


def test_nothing_changes_where_nothing_changes():
    assert review(changes=Changes()).verdict == "Nothing changes."
    assert not review(changes=Changes()).too_bad


@pytest.mark.parametrize(
    ("after", "worse_than", "too_bad"),
    [
        (0.01, 1.0, False),
        (0.011, 1.0, True),
        (0.2, 20.0, False),
        (0.01, 0.0, False),  # says nothing
        (0.0101, 0.0, True),
        (None, 99.0, True),
    ],
)
def test_more_failing_calls_than_allowed_are_too_bad(after: float | None, worse_than: float, too_bad: bool):
    assert review(story(0.0, 0.0), story(0.0, after), worse_than=worse_than).too_bad is too_bad


def test_failover_that_gets_better_is_never_too_bad():
    assert not review(story(0.5, 0.0), story(None, 0.0), story(None, None)).too_bad


def test_the_document_has_all_that_is_told():
    document = review(story(0.0, 0.123456), story(None, 0.0)).document()

    assert list(document) == [
        *("stack", "before", "after", "verdict", "tooBad", "affected", "changes", "beside", "policies", "stories")
    ]
    assert (document["stack"], document["before"], document["after"]) == ("dev", "main", "the working tree")
    assert document["tooBad"] is True
    assert document["affected"] == ["Every caller of API openai: the policy changes."]
    assert [policy["of"] for policy in document["policies"]] == ["API openai"]
    assert document["stories"][0] == {
        "name": "S1",
        "title": "An outage",
        "before": {"failed": 0.0, "slowest": 1.0, "attempts": 1.0},
        "after": {"failed": 0.1235, "slowest": 1.0, "attempts": 1.0},
    }
    assert document["stories"][1]["before"] is None


def test_a_change_in_the_document_says_what_was_and_what_is():
    document = review(changes=changed(api={"path": "ai/openai"})).document()

    assert document["changes"] == [{"thing": "API openai", "side": "path", "before": "/openai", "after": "/ai/openai"}]
