"""A review as Markdown, for a comment on a pull request."""

import html
import re
from collections.abc import Iterator

from .review import Review
from .stories import failed, seconds

WORDS = """\
A **backend** stands for one Azure OpenAI account. A **circuit breaker** keeps calls away from a backend that is
throttled (429) or broken until it may be back. A **pool** sends calls to the members with the lowest **priority**
number and, while the breakers of all of those are open, to the next ones; within one priority, *weight 1 of 3* means
every third call.

The local twin plays each story with the same calls before and after, on simulated accounts: 60,000 tokens a minute for
each that is used first (where others stand behind it), 30,000 for each other one. A call fails when its caller gets an
error or half an answer. Where more is wanted than there is, some calls fail in any configuration."""


def markdown(review: Review) -> str:
    """A section of a page."""
    return "\n".join(_section(review)) + "\n"


def _section(review: Review) -> Iterator[str]:
    yield f"### Stack {review.stack}: {_escaped(review.verdict)}"
    yield f"\nCompared: {_escaped(review.before)} with {_escaped(review.after)}."
    if not review.changes:
        return
    if review.changes.affected:
        yield "\n#### Who may be affected\n"
        yield from (f"* {_escaped(sentence)}" for sentence in review.changes.affected)
    if review.changes.facts:
        yield "\n#### What changes\n\n| what | before | after |\n|---|---|---|"
        yield from (f"| {' | '.join(map(_cell, line))} |" for line in review.changes.lines)
    if review.changes.beside:
        pools = ", ".join(map(_escaped, review.changes.beside))
        yield f"\nPools of the same members in another order, which the policy turns to, change as well: {pools}."
    for policy in review.changes.policies:
        title = f"Policy of {policy.owner}: {policy.added} lines added, {policy.removed} removed"
        fence = _fence(policy.diff)
        yield f"\n<details><summary>{_escaped(title)}</summary>\n"
        yield from (f"{fence}diff", *policy.diff, fence)
        yield "\n</details>"
    if review.stories:
        yield from _stories(review)
    yield f"\n<details><summary>What the words mean</summary>\n\n{WORDS}\n\n</details>"


def _stories(review: Review) -> Iterator[str]:
    yield "\n#### What the twin says about failover\n"
    yield "| story | calls that fail, before | after | 95 of 100 good answers within, before | after |"
    yield "|---|--:|--:|--:|--:|"
    for one in review.stories:
        mark = " ⚠" if review.is_too_bad(one) else ""
        cells = (failed(one.before), failed(one.after) + mark, seconds(one.before), seconds(one.after))
        yield f"| {one.title} | {' | '.join(cells)} |"
    if review.too_bad:
        yield f"\n⚠ Of 100 calls, more than {review.worse_than:g} fail that did not fail before."


def _escaped(text: str) -> str:
    """What somebody wrote into a configuration is text here, and neither Markdown nor HTML."""
    return re.sub(r"([\\`*_\[\]@#])", r"\\\1", html.escape(text, quote=False))


def _cell(text: str) -> str:
    return " ".join(_escaped(text).replace("|", "\\|").split())


def _fence(lines: tuple[str, ...]) -> str:
    """Longer than anything in the text that could end it."""
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    return "`" * max(3, longest + 1)
