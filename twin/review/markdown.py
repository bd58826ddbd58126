"""A review as Markdown, for a comment on a pull request."""

from collections.abc import Iterator

from .review import Review
from .stories import failed, seconds

WORDS = (
    "An account is one Azure OpenAI resource. A circuit breaker keeps calls away from an account that is throttled or "
    "broken until it may be back; the pool then sends them to its other members, those of the lowest priority number "
    "first and within it by weight. The stories are played by the local twin on simulated accounts of 60,000 tokens a "
    "minute (those used first) and 30,000 (the others), with the same calls before and after."
)


def markdown(review: Review) -> str:
    """The whole page. It begins with a line by which its comment can be found again."""
    return "\n".join(_page(review)) + "\n"


def marker(stack: str) -> str:
    return f"<!-- review of stack {stack} -->"


def _page(review: Review) -> Iterator[str]:
    yield marker(review.stack)
    yield f"## Stack {review.stack}: {review.verdict}"
    yield ""
    yield f"Compared: {review.before} with {review.after}."
    if not review.changes:
        return
    if review.changes.affected:
        yield from ("", "### Who may be affected", "")
        yield from (f"* {sentence}" for sentence in review.changes.affected)
    if review.changes.facts:
        yield from ("", "### What changes", "", "| what | before | after |", "|---|---|---|")
        for one in review.changes.facts:
            yield f"| {one.name.thing}, {one.name.side} | {_cell(one.before)} | {_cell(one.after)} |"
    if review.changes.beside:
        yield from ("", "The pools beside it, which the policy turns to, change with it.")
    for policy in review.changes.policies:
        title = f"The policy of {policy.owner}: {policy.added} lines added, {policy.removed} removed"
        yield from ("", f"<details><summary>{title}</summary>", "", "```diff", *policy.diff, "```", "", "</details>")
    if review.stories:
        yield from _stories(review)
    yield from ("", f"<details><summary>What the words mean</summary>\n\n{WORDS}\n\n</details>")


def _stories(review: Review) -> Iterator[str]:
    yield from ("", "### What the twin says about failover", "")
    yield "| story | calls that fail, before | after | 95 of 100 answers within, before | after |"
    yield "|---|--:|--:|--:|--:|"
    for one in review.stories:
        mark = " ⚠" if one.worse > review.worse_than else ""
        cells = (failed(one.before), failed(one.after) + mark, seconds(one.before), seconds(one.after))
        yield f"| {one.title} | {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|") or "-"
