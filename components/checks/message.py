"""The one text that tells of all problems at once."""

from collections.abc import Sequence

LAST_LINE = (
    "Every key, what it allows and its default are described in Pulumi.yaml and in the README's configuration table."
)


def message(problems: Sequence[str], subject: str = "The configuration") -> str:
    """`subject` is what is wrong: the configuration, or a component such as `AIGateway "main"`."""
    number = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join((f"{subject} has {number}:", *(f"  - {problem}" for problem in problems), LAST_LINE))
